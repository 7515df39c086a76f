import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../src/core/time.ts';
import { Windows } from '../../src/http/windows.ts';
import { manualClock } from '../support/manual-clock.ts';

const KEPT = 10_000;

test('a flood from a hundred thousand addresses is remembered no further than ten thousand of them', () => {
  const windows = new Windows(manualClock(0), MINUTE, 5);
  for (let number = 0; number < 100_000; number++) {
    assert.equal(windows.count(`address ${number}`).isOver, false);
    assert.ok(windows.size <= KEPT);
  }
  assert.equal(windows.size, KEPT);
});

test('the flood makes those forgotten that came before it, never one that comes on', () => {
  const clock = manualClock(0);
  const windows = new Windows(clock, MINUTE, 1);
  windows.count('early');
  assert.equal(windows.count('early').isOver, true);
  for (let number = 1; number < KEPT; number++) windows.count(`address ${number}`);
  assert.equal(windows.count('early').isOver, true, 'there is room for it still');
  windows.count('one more');
  assert.equal(windows.fullForMs('early'), 0);
  assert.equal(windows.fullForMs('one more'), MINUTE);
});

test('a window ends after its time, whatever came in it, and the next one is as long', () => {
  const clock = manualClock(0);
  const windows = new Windows(clock, MINUTE, 2);
  assert.deepEqual(windows.count('a'), { isOver: false, remaining: 1, resetsInMs: MINUTE });
  clock.advance(MINUTE - 1);
  assert.deepEqual(windows.count('a'), { isOver: false, remaining: 0, resetsInMs: 1 });
  assert.deepEqual(windows.count('a'), { isOver: true, remaining: 0, resetsInMs: 1 });
  assert.equal(windows.fullForMs('a'), 1);
  clock.advance(1);
  assert.equal(windows.fullForMs('a'), 0);
  assert.deepEqual(windows.count('a'), { isOver: false, remaining: 1, resetsInMs: MINUTE });
  assert.equal(windows.fullForMs('b'), 0);
});
