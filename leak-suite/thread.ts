/**
 * thread: five ordinary messages to and fro, so that a case can be the second or the sixth of a conversation.
 *
 * It shows at the same time that the set-up is right: what cannot carry an ordinary message proves nothing by losing a planted one.
 */
import { head, whole } from './cases/plant.ts';
import { headerIn, letterOf, markIn, newMark, ownId, type Place } from './letters.ts';
import type { Mailbox } from './mailbox.ts';
import { SetupError, type Direction, type Door, type Party } from './options.ts';
import { post } from './post.ts';

const TEXTS = [
  'Hello, has the parcel been sent?',
  'Yes, it left here this morning.',
  'Many thanks. Does it come with a plug for the wall?',
  'It does, and with a cable of two metres.',
  'Then I am looking forward to it.',
];

/** What carries the mail of the suite. `quietMs`: how long it is waited for. */
export interface Line {
  /** Where mail servers bring their bounces. */
  readonly relay: Door;
  readonly mailbox: Mailbox;
  readonly quietMs: number;
}

/** The three places in which an author can write, the conversation having been begun by the reader. Throws SetupError. */
export async function beginThread(line: Line, { author, reader }: Direction): Promise<readonly Place[]> {
  const known: Record<Party['name'], string[]> = { seller: [], buyer: [] };
  for (const [index, text] of TEXTS.entries()) {
    const direction = index % 2 === 0 ? { author: reader, reader: author } : { author, reader };
    const { arrival, own } = await sendOrdinary(line, direction, text, known[direction.author.name]);
    known[direction.author.name].push(own);
    known[direction.reader.name].push(headerIn(arrival.bytes, 'Message-ID'));
  }
  const references = known[author.name];
  return [
    { name: 'first', references: [] },
    { name: 'second', references: references.slice(0, 1) },
    { name: 'sixth', references },
  ];
}

/** An ordinary message, what came of it at the reader, and the Message-ID that its author gave it. Throws SetupError. */
export async function sendOrdinary(
  { mailbox, quietMs }: Line,
  direction: Direction,
  text = TEXTS[0] ?? '',
  references: readonly string[] = [],
) {
  const { author, reader } = direction;
  const mark = newMark();
  const before = mailbox.arrivals.length;
  const { code } = await post(letterOf(ordinary(text), direction, mark, { name: 'first', references }));
  if (code !== 250)
    throw new SetupError(
      `The relay answered ${code} to an ordinary message of the ${author.name}. Are both addresses and aliases of one order that it knows?`,
    );
  const arrival = await mailbox.next(before, ({ bytes }) => markIn(bytes) === mark, quietMs);
  if (arrival === undefined)
    throw new SetupError(
      `The relay took an ordinary message of the ${author.name}, but nothing came to the ${reader.name}. Does it deliver all mail to --listen?`,
    );
  return { arrival, own: ownId(mark) };
}

export const ordinary = (text: string) => ({
  what: 'an ordinary message',
  mail: (address: string) => whole([...head(address, 'Content-Type: text/plain; charset=utf-8'), '', text]),
});
