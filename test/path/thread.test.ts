import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { assertNoCanary } from '../support/canary.ts';
import { PYTHON } from '../support/python.ts';
import { startScenario, type Scenario } from '../support/scenario.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

/** Messages in one conversation; the seller writes the odd ones. */
const MESSAGES = 10;
/** In these the writer quotes their own real address, as mail programs do above a quote. */
const QUOTING = [2, 6];
/** In this one the seller's program also refers to mail outside the relay. */
const FOREIGN_AT = 7;
const FOREIGN = '<canary-of-another-thread@elsewhere.test>';

/** What a mail program saw of the message that it read. */
interface Seen {
  readonly messageId: string;
  readonly inReplyTo: string;
  readonly references: readonly string[];
}

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test('ten messages between nodemailer and Python stay one thread on both sides, each under ids of its own', async () => {
      await using scene = await startScenario(kind);
      const { sink, pair } = scene;
      /** The ids under which each side has the messages so far, oldest first. */
      const known = { seller: [] as string[], buyer: [] as string[] };
      let bytes: Uint8Array | undefined;
      // One more, so that the tenth is read too.
      for (let number = 1; number <= MESSAGES + 1; number++) {
        const author = number % 2 === 1 ? 'seller' : 'buyer';
        const { seen, sent } = await (author === 'seller' ? sellerAnswers : buyerAnswers)(scene, number, bytes);
        if (seen !== undefined) assertThreaded(seen, known[author], number - 1);
        if (seen !== undefined) known[author].push(seen.messageId);
        known[author].push(sent);

        bytes = (await sink.waitFor(number))[number - 1]?.bytes;
        assert.ok(bytes !== undefined);
        assertNoCanary(`message ${number}`, bytes, [...pair.canaries, FOREIGN.slice(1, -1)]);
        const { text = '' } = await simpleParser(Buffer.from(bytes));
        assert.match(text, new RegExp(`This is number ${number}\\.`));
        const hidden = text.split('\n').filter((line) => line === '> To: [address hidden]');
        assert.equal(hidden.length, QUOTING.includes(number) ? 1 : 0, `message ${number}`);
        const others = known[author === 'seller' ? 'buyer' : 'seller'];
        for (const id of known[author].filter((one) => !others.includes(one)))
          assert.equal(Buffer.from(bytes).includes(id), false, `message ${number} names an id of its author`);
      }
      assert.equal(known.seller.length, MESSAGES + 1);
      assert.equal(known.buyer.length, MESSAGES);
      assert.deepEqual(
        known.seller.filter((id) => known.buyer.includes(id)),
        [],
      );
      assert.equal(sink.messages.length, MESSAGES + 1);
    });
  });
}

/** What a reader saw of message `number`, who has all before it under the ids `known`. */
function assertThreaded(seen: Seen, known: readonly string[], number: number): void {
  assert.match(seen.messageId, /^<[0-9a-z]{20}@relay\.test>$/);
  assert.equal(known.length, number - 1);
  assert.equal(seen.inReplyTo, known.at(-1) ?? '', `message ${number} answers the one before it`);
  assert.deepEqual(seen.references, known, `message ${number} names the whole thread as its reader has it`);
}

async function sellerAnswers(
  { relays, pair }: Scenario,
  number: number,
  bytes: Uint8Array | undefined,
): Promise<{ seen: Seen | undefined; sent: string }> {
  const got = bytes === undefined ? undefined : await simpleParser(Buffer.from(bytes));
  const references = [got?.references ?? []].flat();
  const seen =
    got === undefined ? undefined : { messageId: got.messageId ?? '', inReplyTo: got.inReplyTo ?? '', references };
  const transport = createTransport({ host: '127.0.0.1', port: relays[0]?.ports.mx ?? 0, ignoreTLS: true });
  const { messageId } = await transport.sendMail({
    from: { name: 'Nord Tools', address: pair.seller },
    to: got?.from?.value[0]?.address ?? pair.aliases.buyer,
    subject: 'Re: Your order',
    text: `This is number ${number}.`,
    ...(seen === undefined
      ? {}
      : {
          inReplyTo: seen.messageId,
          references: [...(number === FOREIGN_AT ? [FOREIGN] : []), ...references, seen.messageId],
        }),
  });
  transport.close();
  return { seen, sent: messageId };
}

async function buyerAnswers(
  { relays, pair }: Scenario,
  number: number,
  bytes: Uint8Array | undefined,
): Promise<{ seen: Seen; sent: string }> {
  const asked = {
    message: Buffer.from(bytes ?? '').toString('base64'),
    text: `This is number ${number}.`,
    quoted: QUOTING.includes(number) ? pair.buyer : pair.aliases.seller,
  };
  const script = join(import.meta.dirname, '../support/peer-mail.py');
  const running = promisify(execFile)(PYTHON, [script, String(relays.at(-1)?.ports.mx), pair.buyer]);
  running.child.stdin?.end(JSON.stringify(asked));
  const { sent, ...seen }: Seen & { sent: string } = JSON.parse((await running).stdout);
  return { seen, sent };
}
