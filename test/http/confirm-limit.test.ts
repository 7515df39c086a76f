/** How often one address may ask for the pages of buyers. */
import assert from 'node:assert/strict';
import express from 'express';
import { test } from 'node:test';
import request from 'supertest';
import { confirmLimit } from '../../src/http/confirm-limit.ts';
import { manualClock } from '../support/manual-clock.ts';

function door() {
  const clock = manualClock(0);
  const app = express();
  app.use(confirmLimit({ clock, atMost: 3 }, (_request, response) => void response.type('text').send('slowly')));
  app.use((_request, response) => void response.send('page'));
  const from = async (forwarded?: string): Promise<number> => {
    const asked = request(app).get('/');
    return (await (forwarded === undefined ? asked : asked.set('X-Forwarded-For', forwarded))).status;
  };
  return { clock, app, from };
}

test('the fourth in a minute waits for the next minute, and is told how long', async () => {
  const { clock, app, from } = door();
  for (let count = 0; count < 3; count++) assert.equal(await from(), 200);
  clock.advance(20_000);
  const refused = await request(app).get('/');
  assert.deepEqual([refused.status, refused.text, refused.headers['retry-after']], [429, 'slowly', '40']);
  clock.advance(40_000);
  assert.equal(await from(), 200);
});

test('behind a proxy on the same network each reader has a budget, and what the reader writes in front does not count', async () => {
  const { from } = door();
  for (let count = 0; count < 4; count++) {
    assert.equal(await from(`203.0.113.${count}, 198.51.100.7`), count < 3 ? 200 : 429);
    assert.equal(await from(`2001:db8:0:1::${count}`), count < 3 ? 200 : 429, 'one network of IPv6');
  }
  assert.equal(await from('198.51.100.8'), 200);
  assert.equal(await from('2001:db8:0:2::1'), 200);
  assert.equal(await from('no address'), 200);
});

test('ten thousand askers make it forget, not grow', () => {
  let passed = 0;
  const limit = confirmLimit({ clock: manualClock(0), atMost: 3 }, () => undefined);
  const response = { status: () => response, set: () => response };
  const ask = (forwarded: string): boolean => {
    const before = passed;
    const asked = { socket: { remoteAddress: '127.0.0.1' }, headers: { 'x-forwarded-for': forwarded } };
    limit(asked as never, response as never, () => (passed += 1));
    return passed > before;
  };
  for (let count = 0; count < 4; count++) assert.equal(ask('198.51.100.7'), count < 3);
  for (let count = 0; count < 10_000; count++) ask(`203.0.${count >> 8}.${count & 255}`);
  assert.equal(ask('198.51.100.7'), true);
});
