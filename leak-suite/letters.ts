/**
 * letters: a planted message as one party sends it to the other: addressed to the alias, marked in its subject, in its place of a thread.
 */
import { randomInt } from 'node:crypto';
import type { Plant } from './cases/plant.ts';
import type { Direction } from './options.ts';
import type { Letter } from './post.ts';

/** Where in a conversation a message stands, and the Message-IDs of what came before, as its author knows them. */
export interface Place {
  readonly name: 'first' | 'second' | 'sixth';
  readonly references: readonly string[];
}

const CONSONANTS = 'bcdfghjklmnpqrstvwxz';
const MARK = new RegExp(`vq[${CONSONANTS}]{10}`);

/** No language has such a word, so no relay has a rule against it, and no text of a case holds one. */
export const newMark = (): string =>
  `vq${Array.from({ length: 10 }, () => CONSONANTS[randomInt(CONSONANTS.length)]).join('')}`;

export const ownId = (mark: string): string => `<${mark}@client.example>`;

export function letterOf(plant: Plant, { author, reader }: Direction, mark: string, place: Place): Letter {
  const mail = plant
    .mail(author.address)
    .replaceAll('b7k2m9q4t1x8w3z5@relay.test', reader.alias)
    .replace('<m1@client.example>', ownId(mark));
  const end = mail.indexOf('\r\n\r\n');
  const head = threaded(marked(mail.slice(0, end), mark), place);
  return { door: author.door, from: author.address, to: reader.alias, data: head + mail.slice(end) };
}

/** At its end: what answering programs put in front of a subject is not counted by those who look for loops of the same words. */
function marked(head: string, mark: string): string {
  const subject = /^Subject:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*/im;
  return subject.test(head) ? head.replace(subject, (field) => `${field} ${mark}`) : `Subject: ${mark}\r\n${head}`;
}

function threaded(head: string, { references }: Place): string {
  const last = references.at(-1);
  // A case that plants something in these two headers keeps its own.
  if (last === undefined || /^(?:In-Reply-To|References):/im.test(head)) return head;
  return `In-Reply-To: ${last}\r\nReferences: ${references.join('\r\n ')}\r\n${head}`;
}

/** The mark in the subject, whatever the relay wrote around it; `undefined` when it is not there. */
export function markIn(bytes: Uint8Array): string | undefined {
  return MARK.exec(decoded(headerIn(bytes, 'Subject')))?.[0];
}

/** The value of a header, unfolded (RFC 5322 2.2.3); '' when there is none. */
export function headerIn(bytes: Uint8Array, name: string): string {
  const head =
    Buffer.from(bytes)
      .toString('latin1')
      .split(/\r?\n\r?\n/, 1)[0] ?? '';
  const [, value = ''] = new RegExp(`^${name}:((?:.*)(?:\\r?\\n[ \\t].*)*)`, 'im').exec(head) ?? [];
  return value.replace(/\r?\n(?=[ \t])/g, '').trim();
}

/** Encoded words (RFC 2047); between two of them white space does not count. A mark is ASCII, so the charset does not matter. */
const decoded = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?[^?]+\?([BQ])\?([^?]*)\?=/gi, (_, coding: string, text: string) =>
      coding.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString('latin1')
        : text.replace(/=([\da-f]{2})/gi, (_octet, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
