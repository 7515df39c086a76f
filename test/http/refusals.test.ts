import assert from 'node:assert/strict';
import { request as rawRequest } from 'node:http';
import { after, before, test } from 'node:test';
import request from 'supertest';
import { openDoor, type Door } from './door.ts';

let door: Door;
before(async () => {
  door = await openDoor();
});
after(() => door[Symbol.asyncDispose]());

const isProblem = (answer: request.Response, status: number, code: string): void => {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.type, 'application/problem+json');
  assert.equal(answer.body.code, code);
  assert.equal(answer.body.status, status);
  assert.match(answer.body.requestId, /^req_[0-9a-z]{20}$/);
  assert.equal(answer.headers['x-request-id'], answer.body.requestId);
  assert.ok(answer.body.title !== '' && answer.body.detail !== '', 'it says what is wrong and what to do');
};

const send = async (path: string, type: string, body: string | Buffer) =>
  door.keep(
    await request(door.scene.relay.url)
      .put(path)
      .set('Authorization', `Bearer ${door.scene.relay.apiKey}`)
      .type(type)
      .send(body),
  );

test('without a key, with a wrong one, or with one that is none, there is nothing to see', async () => {
  isProblem(await door.ask('get', '/v1/orders', undefined, ''), 401, 'auth.required');
  isProblem(await door.ask('get', '/v1/orders', undefined, `vk_test_${'x'.repeat(43)}`), 401, 'auth.failed');
  isProblem(await door.ask('get', '/v1/orders', undefined, 'not a key'), 401, 'auth.required');
  const answer = await door.ask('get', '/v1/orders', undefined, '');
  assert.equal(answer.headers['www-authenticate'], 'Bearer');
});

test('a body that is not JSON, or is none, or is too large is refused before anything reads it', async () => {
  isProblem(await send('/v1/orders/X', 'application/json', '{"sellerId": '), 400, 'request.unreadable');
  isProblem(await send('/v1/orders/X', 'text/plain', 'hello'), 422, 'request.invalid');
  isProblem(await send('/v1/orders/X', 'application/json', '"a word"'), 400, 'request.unreadable');
  const large = JSON.stringify({ sellerId: 'x'.repeat(1_100_000) });
  isProblem(await send('/v1/orders/X', 'application/json', large), 413, 'request.tooLarge');
});

test('each wrong field is named by its place, never by what it held', async () => {
  const { seller } = door.scene.pair;
  const answer = await door.ask('put', '/v1/orders/X', {
    sellerId: 7,
    buyer: { id: 'a b', address: [seller], [seller]: 1 },
    extra: seller,
  });
  isProblem(answer, 422, 'request.invalid');
  const pointers: readonly string[] = answer.body.errors.map((entry: { pointer: string }) => entry.pointer);
  for (const pointer of ['/sellerId', '/buyer/id', '/buyer/address']) assert.ok(pointers.includes(pointer), pointer);
  isProblem(
    await door.ask('put', '/v1/orders/X', { sellerId: 's', buyer: { id: 'b', address: `${seller} x` } }),
    422,
    'address.invalid',
  );
});

test('names that mean something in a path, in JavaScript or in JSON are only names', async () => {
  for (const id of ['__proto__', 'constructor', '..%2f..%2fetc', '%00', 'a b', 'x'.repeat(65)]) {
    const answer = await door.ask('get', `/v1/orders/${encodeURIComponent(id)}`);
    assert.ok(answer.status === 422 || answer.status === 404, `${id}: ${answer.status}`);
  }
  isProblem(await send('/v1/orders/X', 'application/json', '{"__proto__": {"sellerId": "s"}}'), 422, 'request.invalid');
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  isProblem(await send('/v1/orders/X', 'application/json', deep), 422, 'request.invalid');
});

test('a cursor, a limit and a status that are none are said to be none', async () => {
  for (const query of ['cursor=abc', 'limit=0', 'limit=201', 'limit=x', 'status=odd', 'unknown=1']) {
    isProblem(await door.ask('get', `/v1/messages?${query}`), 422, 'request.invalid');
  }
});

test('what is not there is not found, whoever asks', async () => {
  isProblem(await door.ask('get', '/v1/nothing'), 404, 'notFound');
  isProblem(await door.ask('delete', '/v1/orders'), 404, 'notFound');
  isProblem(await door.ask('get', '/%E0%A4%A'), 404, 'notFound');
});

test('an address in a path or a query reaches neither the answer nor the log', async () => {
  const { buyer } = door.scene.pair;
  await door.ask('get', `/v1/orders/${encodeURIComponent(buyer)}`);
  await door.ask('get', `/v1/messages?orderId=${encodeURIComponent(buyer)}`);
  await door.ask('get', `/${encodeURIComponent(buyer)}`);
  await door.ask('put', `/v1/sellers/${encodeURIComponent(buyer)}`, { name: buyer, inbox: buyer, senders: [] });
});

test('every answer carries the headers that keep a browser from being clever, and an id of ours', async () => {
  for (const path of ['/livez', '/readyz', '/rules', '/v1/orders', '/nothing']) {
    const answer = door.keep(await request(door.scene.relay.url).get(path).set('X-Request-Id', 'theirs'));
    assert.match(answer.headers['content-security-policy'] ?? '', /default-src 'none'/, path);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
    assert.equal(answer.headers['x-powered-by'], undefined, path);
    assert.equal(answer.headers['cache-control'], 'no-store', path);
    assert.match(answer.headers['x-request-id'] ?? '', /^req_/, path);
  }
});

test('the type of a problem leads to the page that explains it', async () => {
  const answer = await door.ask('get', '/v1/nothing');
  const { pathname, hash } = new URL(answer.body.type);
  const page = await door.ask('get', pathname, undefined, '');
  assert.equal(page.status, 200);
  assert.ok(page.text.includes(`id="${hash.slice(1)}"`));
});

test('health says that the process lives and that the store answers', async () => {
  for (const path of ['/livez', '/readyz'])
    assert.equal((await door.ask('get', path, undefined, '')).status, 200, path);
});

test('a header of 20 kB is refused, and the next request is served', async () => {
  const { port } = new URL(door.scene.relay.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    rawRequest({ port, host: '127.0.0.1', path: '/livez', headers: { 'x-long': 'a'.repeat(20_000) } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  assert.equal(status, 431);
  assert.equal((await door.ask('get', '/livez')).status, 200);
});
