/** How often one address may ask for the pages of buyers. */
import assert from 'node:assert/strict';
import express from 'express';
import { test } from 'node:test';
import request from 'supertest';
import { MINUTE } from '../../src/core/time.ts';
import { countReaders } from '../../src/http/limits.ts';
import { Windows } from '../../src/http/windows.ts';
import { manualClock } from '../support/manual-clock.ts';

function door() {
  const clock = manualClock(0);
  const app = express();
  app.set('trust proxy', ['loopback']);
  app.use(
    countReaders(new Windows(clock, MINUTE, 3), (_request, response) => void response.type('text').send('slowly')),
  );
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

test('behind a proxy that is trusted each reader has a budget, and what the reader writes in front does not count', async () => {
  const { from } = door();
  for (let count = 0; count < 4; count++) {
    assert.equal(await from(`203.0.113.${count}, 198.51.100.7`), count < 3 ? 200 : 429);
    assert.equal(await from(`2001:db8:0:1::${count}`), count < 3 ? 200 : 429, 'one network of IPv6');
  }
  assert.equal(await from('198.51.100.8'), 200);
  assert.equal(await from('2001:db8:0:2::1'), 200);
  assert.equal(await from('no address'), 200);
});
