/** heavy: what takes too much to read waits for a person, at once, and is answered once. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { judge } from '../../src/mail/judge.ts';
import type { Message } from '../../src/mail/message.ts';
import { isLarge, openFiles } from '../../src/mail/open.ts';
import { rewrite } from '../../src/mail/rewrite.ts';
import { squeeze } from '../../src/mail/mask/squeeze.ts';
import { judgeText } from '../../src/policy/engine.ts';
import type { Context } from '../../src/policy/rule.ts';
import { BARE, CONTEXT, deliverable, SECRETS } from '../support/deliverable.ts';
import { STANDARD } from '../support/standard.ts';

const POLICY = { ...STANDARD, ownDomains: ['relay.test'] };
const GERMAN = 'Schöne Grüße aus Köln, das Gerät für die Küche wäre größtenteils verfügbar.\n';
const ASKING = 'Change your review and we refund 20 EUR.\n';

const saying = (text: string): Message => ({ ...BARE, body: { kind: 'text', subtype: 'plain', text } });
const ofLength = (text: string, length: number): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);

async function verdictOn(message: Message, opens: boolean) {
  const opened = await openFiles(message, SECRETS, opens);
  const judgement = judge(deliverable(BARE, 'seller').arrival, opened, POLICY, SECRETS);
  return judgement.kind === 'deliver' ? judgement : { ...judgement, found: judgement.verdict.evidence };
}

suite('a message that is too heavy', () => {
  test('is held when it ended its thread before, though it has no files, and its text is not read again', async () => {
    const verdict = await verdictOn(saying(ASKING), false);
    assert.equal(verdict.kind, 'hold');
    assert.deepEqual(
      verdict.found.map(({ rule, class: kind }) => [rule, kind]),
      [['too-heavy', 'unscannable']],
    );
  });

  test('is held when its text is over two million letters, without reading them; just that many are read', async () => {
    const text = ofLength(GERMAN, 2_000_001);
    const begin = process.cpuUsage();
    const tooLong = await verdictOn(saying(text), true);
    assert.ok(process.cpuUsage(begin).user < 200_000, 'at once');
    assert.equal(tooLong.kind, 'hold');
    assert.deepEqual(
      tooLong.found.map(({ rule }) => rule),
      ['too-heavy'],
    );
    assert.equal((await verdictOn(saying(ofLength(GERMAN, 2_000_000)), true)).kind, 'deliver');
  });

  test('counts the letters of all its texts, and of its text files', async () => {
    const half = ofLength(GERMAN, 1_000_001);
    const csv = {
      kind: 'file',
      contentType: 'text/csv',
      filename: 'list.csv',
      disposition: 'attachment',
      contentId: undefined,
      content: Buffer.from(half),
      text: half,
    } as const;
    const parts = [{ kind: 'text', subtype: 'plain', text: half } as const, csv];
    const verdict = await verdictOn({ ...BARE, body: { kind: 'multipart', subtype: 'mixed', parts } }, true);
    assert.equal(verdict.kind, 'hold');
  });

  test('leaves whole when a person lets it go', async () => {
    const text = ofLength(GERMAN, 3_000_000);
    const opened = await openFiles(saying(text), SECRETS, true);
    assert.ok(rewrite(deliverable(opened), CONTEXT).bytes.length > 3_000_000);
  });
});

test('the thread that takes mail in carries no more than 32 kB of text by itself: others wait for it', () => {
  assert.equal(isLarge(new Uint8Array(32 * 1024)), false);
  assert.equal(isLarge(new Uint8Array(32 * 1024 + 1)), true);
});

suite('the way back from a squeezed text', () => {
  test('lies outside the heap, in ten octets for each letter', () => {
    const text = ofLength(GERMAN, 2_000_000);
    const { letters, starts, ends } = squeeze(text);
    assert.ok(starts instanceof Int32Array && ends instanceof Int32Array);
    assert.equal(starts.length, letters.length);
    assert.ok(starts.buffer.byteLength + ends.buffer.byteLength <= 8 * text.length);
  });

  test('is made in a moment for letters of every alphabet', () => {
    for (const unit of ['é', '商品', '𝓪', '\u1e69', '한국']) {
      const begin = process.cpuUsage();
      squeeze(ofLength(unit, 2_000_000));
      assert.ok(process.cpuUsage(begin).user < 2_500_000, unit);
    }
  });
});

suite('the rules', () => {
  const context: Context = { from: 'seller', ownDomains: [], isMasked: () => false };
  const judged = (kind: 'plain' | 'html', source: string) =>
    judgeText([{ name: kind === 'html' ? 'html' : 'text', kind, source }], context, STANDARD, []).action;

  test('read a million spaced letters', () => assert.equal(judged('plain', 'a b c d '.repeat(125_000)), 'deliver'));

  test('read a link of a million letters', () =>
    assert.equal(judged('html', `<a title="${'abc '.repeat(250_000)}">x</a>`), 'deliver'));
});
