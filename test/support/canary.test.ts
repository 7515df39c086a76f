import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canariesIn } from './canary.ts';

const CANARY = 'ann.canary@hidden.test';
const planted: readonly (readonly [form: string, bytes: Uint8Array | string])[] = [
  ['plain', `To: <${CANARY}>`],
  ['in capitals', CANARY.toUpperCase()],
  ['in base64', `x ${Buffer.from(`write to ${CANARY} now`).toString('base64')} y`],
  [
    'in base64 over two lines',
    Buffer.from(`write to ${CANARY} now`)
      .toString('base64')
      .replace(/(.{12})/g, '$1\r\n'),
  ],
  ['in base64 of base64', Buffer.from(Buffer.from(`write to ${CANARY} now`).toString('base64')).toString('base64')],
  ['in an encoded word', `=?utf-8?Q?ann=2Ecanary=40hidden=2Etest?=`],
  ['in quoted-printable with a soft break', 'ann.canary=40hid=\r\nden.test'],
  ['in percent encoding', 'mailto:ann%2Ecanary%40hidden.test'],
  ['in entities', 'ann&#46;canary&#x40;hidden.test'],
  ['across tags', 'ann.canary<b>@</b>hidden.<wbr>test'],
  ['with a zero-width space', 'ann.canary\u200b@hidden.test'],
  ['in UTF-16', Buffer.from(CANARY, 'utf16le')],
  ['folded', 'ann.canary@hid\r\n den.test'],
  ['reversed', [...CANARY].reverse().join('')],
];

for (const [form, bytes] of planted) {
  test(`the canary search finds an address ${form}`, () => assert.deepEqual(canariesIn(bytes, [CANARY]), [CANARY]));
}

test('the canary search does not see what is not there', () => {
  assert.deepEqual(canariesIn(`ann@hidden.test ${Buffer.from('other@hidden.test').toString('base64')}`, [CANARY]), []);
});
