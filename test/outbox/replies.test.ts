import assert from 'node:assert/strict';
import { test } from 'node:test';
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
