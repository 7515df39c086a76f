/** How much the API takes of one key, of one address and of one who guesses: at the limit, one over, ten times over, and a minute later. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../src/core/time.ts';
import { mintApiKey } from '../../src/orders/credentials.ts';
import { startClockedRelay, type ClockedRelay } from '../support/clocked-relay.ts';

const PROXIED = 'X-Forwarded-For';

/** A GET as it comes through a reverse proxy on this machine. */
async function get(relay: ClockedRelay, path: string, key: string | undefined, address = '192.0.2.1') {
  const headers = { [PROXIED]: address, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  const response = await fetch(relay.url + path, { headers });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const codeIn = ({ text }: { readonly text: string }): string => /"code":"([\w.]+)"/.exec(text)?.[1] ?? '';

test('a key that has made its requests of a minute is told when to come again, and then goes on; no other key is touched', async () => {
  await using relay = await startClockedRelay('SQLite', { VEILPOST_HTTP__MAX_REQUESTS_PER_KEY: '4' });
  const shop = await relay.register();
  const [busy, other] = [await relay.addKey('orders'), await relay.addKey('orders')];
  const path = `/v1/orders/${shop.orderId}`;
  for (const left of [3, 2, 1, 0]) {
    const answer = await get(relay, path, busy);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get('ratelimit-policy'), '"key";q=4;w=60');
    assert.equal(answer.headers.get('ratelimit'), `"key";r=${left};t=60`);
  }
  relay.clock.advance(20_000);
  for (let over = 1; over <= 36; over++) {
    const answer = await get(relay, path, busy, `192.0.2.${over}`);
    assert.equal(answer.status, 429, `${over} over`);
    assert.equal(codeIn(answer), 'request.tooMany');
    assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    assert.equal(answer.headers.get('retry-after'), '40');
    assert.equal(answer.headers.get('ratelimit'), '"key";r=0;t=40');
  }
  assert.equal((await get(relay, path, other)).status, 200);
  const order = { sellerId: shop.sellerId, buyer: { id: 'kim', address: 'kim@post.test' } };
  const put = () => relay.api('PUT', '/v1/orders/LATER', order, busy);
  assert.equal((await put()).status, 429);
  relay.clock.advance(40_000);
  assert.equal((await put()).status, 201, 'the same request, made again');
  assert.match(await relay.figures(), /^veilpost_refused_by_limit_total\{door="http",code="request\.tooMany"\} 37$/m);
});

test('a key that may do everything has a limit of its own, and has one', async () => {
  await using relay = await startClockedRelay('SQLite', {
    VEILPOST_HTTP__MAX_REQUESTS_PER_KEY: '1',
    VEILPOST_HTTP__MAX_REQUESTS_PER_ADMIN_KEY: '3',
  });
  const admin = await relay.addKey('admin');
  for (let number = 1; number <= 3; number++) assert.equal((await get(relay, '/v1/orders', admin)).status, 200);
  const over = await get(relay, '/v1/orders', admin);
  assert.deepEqual([over.status, codeIn(over)], [429, 'request.tooMany']);
  assert.equal(over.headers.get('ratelimit-policy'), '"admin-key";q=3;w=60');
});

test('who guesses keys is stopped, and learns nothing from then on; who was right from there before goes on', async () => {
  await using relay = await startClockedRelay('SQLite', { VEILPOST_HTTP__MAX_WRONG_KEYS_PER_PEER: '3' });
  const [regular, fresh] = [await relay.addKey('orders'), await relay.addKey('orders')];
  assert.equal((await get(relay, '/v1/orders', regular)).status, 200);
  for (let number = 1; number <= 3; number++) {
    assert.equal(codeIn(await get(relay, '/v1/orders', mintApiKey('test'))), 'auth.failed', `guess ${number}`);
  }
  for (let over = 1; over <= 27; over++) {
    const answer = await get(relay, '/v1/orders', mintApiKey('test'));
    assert.deepEqual([answer.status, codeIn(answer)], [429, 'auth.tooMany'], `${over} over`);
    assert.equal(answer.headers.get('retry-after'), '60');
  }
  assert.equal(codeIn(await get(relay, '/v1/orders', fresh)), 'auth.tooMany', 'a right guess looks like a wrong one');
  assert.equal((await get(relay, '/v1/orders', regular)).status, 200);
  assert.equal((await get(relay, '/v1/orders', fresh, '192.0.2.2')).status, 200, 'from another address');
  relay.clock.advance(MINUTE);
  assert.equal((await get(relay, '/v1/orders', fresh)).status, 200);
});

test('one address gets so many pages in a minute, the /64 of IPv6 as one; health is asked for as often as one likes', async () => {
  await using relay = await startClockedRelay('SQLite', { VEILPOST_HTTP__MAX_REQUESTS_PER_PEER: '3' });
  const key = await relay.addKey('orders');
  for (const [left, address] of [
    [2, '2001:db8:0:1::1'],
    [1, '2001:db8:0:1::2'],
    [0, '2001:db8:0:1:ffff::'],
  ] as const) {
    const answer = await get(relay, '/rules', undefined, address);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('ratelimit'), `"peer";r=${left};t=60`);
  }
  for (const path of ['/rules', '/errors', '/v1/orders', '/v1/none', '/none']) {
    const answer = await get(relay, path, undefined, '2001:db8:0:1::4');
    assert.deepEqual([answer.status, codeIn(answer)], [429, 'request.tooMany'], path);
  }
  for (let over = 1; over <= 27; over++)
    assert.equal((await get(relay, '/rules', undefined, '2001:db8:0:1::5')).status, 429);
  assert.equal((await get(relay, '/livez', undefined, '2001:db8:0:1::5')).status, 200);
  assert.equal((await get(relay, '/rules', undefined, '2001:db8:0:2::1')).status, 200);
  for (let number = 1; number <= 9; number++) {
    assert.equal((await get(relay, '/v1/orders', key, '192.0.2.7')).status, 200, 'a key counts for itself');
  }
  relay.clock.advance(MINUTE);
  assert.equal((await get(relay, '/rules', undefined, '2001:db8:0:1::5')).status, 200);
});

test("the pages of buyers have a limit of their own, told in the reader's language, and neither limit counts for the other", async () => {
  await using relay = await startClockedRelay('SQLite', { VEILPOST_HTTP__MAX_REQUESTS_PER_PEER: '3' });
  const [reader, language] = ['192.0.2.8', 'de'];
  const ask = (path: string, address = reader) =>
    fetch(relay.url + path, { headers: { [PROXIED]: address, 'accept-language': language } });
  for (let number = 1; number <= 150; number++) {
    assert.equal((await ask('/confirm/none')).status, 404);
    assert.equal((await ask('/confirm.css')).status, 200);
  }
  relay.clock.advance(20_000);
  const over = await ask('/confirm/none');
  assert.deepEqual([over.status, over.headers.get('retry-after')], [429, '40']);
  assert.match(await over.text(), /<html lang="de">/);
  assert.equal((await ask('/confirm/none', '192.0.2.9')).status, 404, 'another reader');
  for (const left of [2, 1, 0]) {
    assert.equal((await get(relay, '/rules', undefined, reader)).headers.get('ratelimit'), `"peer";r=${left};t=60`);
  }
  assert.equal((await get(relay, '/rules', undefined, reader)).status, 429);
  relay.clock.advance(40_000);
  assert.equal((await ask('/confirm/none')).status, 404, 'in the next minute, and while the other limit stands');
  assert.match(await relay.figures(), /^veilpost_refused_by_limit_total\{door="http",code="request\.tooMany"\} 2$/m);
});

test('nobody but a proxy that is named may say for whom it asks', async () => {
  await using relay = await startClockedRelay('SQLite', {
    VEILPOST_HTTP__MAX_REQUESTS_PER_PEER: '3',
    VEILPOST_HTTP__TRUSTED_PROXIES: '10.0.0.0/8',
  });
  for (let number = 1; number <= 3; number++) {
    assert.equal((await get(relay, '/rules', undefined, `192.0.2.${number}`)).status, 200);
  }
  assert.equal((await get(relay, '/rules', undefined, '192.0.2.4')).status, 429);
});
