import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublicAddress } from '../../src/outbox/public-address.ts';
import { failureOf } from '../../src/outbox/replies.ts';

for (const [reply, kind] of [
  ['421 4.3.2 closing', 'temporary'],
  ['450 4.2.1 greylisted', 'temporary'],
  ['451 local error', 'temporary'],
  ['452 4.2.2 full', 'temporary'],
  ['550 5.1.1 unknown', 'permanent'],
  ['550 no enhanced code', 'permanent'],
  ['550-5.7.1 first line\n550 5.7.1 second line', 'permanent'],
  ['552 5.2.2 mailbox full', 'temporary'],
  ['552 5.3.4 too large', 'permanent'],
  ['554 5.7.1 refused', 'permanent'],
  ['999 what is this', 'temporary'],
  ['', 'temporary'],
] as const) {
  test(`"${reply.split('\n')[0]}" is ${kind}`, () => {
    assert.equal(failureOf(reply).kind, kind);
  });
}

test('no answer at all is temporary', () => {
  assert.deepEqual(failureOf(undefined), { kind: 'temporary', reply: undefined });
});

test('addresses of the outside world are public, everything special is not', () => {
  const outside = ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111'];
  assert.deepEqual(outside.map(isPublicAddress), [true, true, true, true]);
  const special = [
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'ff02::1',
    '2002:7f00:1::',
    '2001:db8::1',
    'localhost',
    '',
    '8.8.8',
  ];
  assert.deepEqual(special.filter(isPublicAddress), []);
});
