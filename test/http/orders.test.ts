import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connectSmtp } from '../support/smtp-client.ts';
import { openDoor, type Door } from './door.ts';

let door: Door;
before(async () => {
  door = await openDoor();
});
after(() => door[Symbol.asyncDispose]());

const order = (fields: object = {}) => ({
  sellerId: door.scene.pair.sellerId,
  buyer: { id: 'kim', address: door.scene.pair.buyer },
  ...fields,
});

test('an order gets two aliases, and registering it again gives the same ones', async () => {
  const created = await door.ask('put', '/v1/orders/A-1', order());
  assert.equal(created.status, 201);
  assert.match(created.body.aliases.buyer, /^b[0-9a-z]{26}@relay\.test$/);
  assert.match(created.body.aliases.seller, /^s[0-9a-z]{26}@relay\.test$/);
  assert.ok(created.body.aliases.buyer.split('@')[0].length <= 32);
  const again = await door.ask('put', '/v1/orders/A-1', order({ closesAt: '2031-01-01T00:00:00Z' }));
  assert.equal(again.status, 200);
  assert.deepEqual(again.body.aliases, created.body.aliases);
  assert.equal(again.body.closesAt, '2031-01-01T00:00:00.000Z');
  const read = await door.ask('get', '/v1/orders/A-1');
  assert.deepEqual(read.body, { ...again.body, accepted: [] });
  assert.equal((await door.ask('get', '/v1/orders/A-2')).status, 404);
});

test('an order keeps its parties: another buyer is a conflict, an unknown seller is said to be unknown', async () => {
  await door.ask('put', '/v1/orders/B-1', order());
  const other = await door.ask('put', '/v1/orders/B-1', order({ buyer: { id: 'lee', address: 'lee@post.test' } }));
  assert.equal(other.status, 409);
  assert.equal(other.type, 'application/problem+json');
  const nobody = await door.ask('put', '/v1/orders/B-2', order({ sellerId: 'nobody' }));
  assert.ok([404, 409, 422].includes(nobody.status), nobody.text);
  assert.match(nobody.body.detail, /seller/i);
});

test('orders come in pages, newest first, each once', async () => {
  for (const id of ['C-1', 'C-2', 'C-3']) await door.ask('put', `/v1/orders/${id}`, order());
  const first = await door.ask('get', '/v1/orders?limit=2');
  assert.deepEqual(ids(first.body.data), ['C-3', 'C-2']);
  const second = await door.ask('get', `/v1/orders?limit=1&cursor=${first.body.next}`);
  assert.deepEqual(ids(second.body.data), ['C-1']);
  const last = await door.ask('get', '/v1/orders?limit=200');
  assert.equal(last.body.next, null);
});

const ids = (rows: readonly { orderId: string }[]) => rows.map((row) => row.orderId);

test('a seller is shown without its addresses, and updated in place', async () => {
  const { sellerId, seller } = door.scene.pair;
  const put = await door.ask('put', `/v1/sellers/${sellerId}`, {
    name: 'Nord Tools & Co',
    inbox: seller,
    senders: [seller, '@helpdesk.test'],
  });
  assert.equal(put.status, 200);
  assert.deepEqual([put.body.name, put.body.senders], ['Nord Tools & Co', 2]);
  const read = await door.ask('get', `/v1/sellers/${sellerId}`);
  assert.deepEqual(read.body, put.body);
});

test('a login that was made here signs in at the submission door; the next password ends the last', async () => {
  const { sellerId } = door.scene.pair;
  const login = (password: string) =>
    door.ask('post', `/v1/sellers/${sellerId}/credentials`, { username: 'nord-desk', password });
  const first = await login('correct horse battery');
  assert.equal(first.status, 201);
  assert.equal((await signIn('nord-desk', 'correct horse battery')).code, 235);
  assert.equal((await signIn('nord-desk', 'wrong horse battery')).code, 535);
  await login('another horse entirely');
  assert.equal((await signIn('nord-desk', 'another horse entirely')).code, 235);
  assert.equal((await signIn('nord-desk', 'correct horse battery')).code, 535);
});

test('a login belongs to one seller, and a short password is refused', async () => {
  const { seller, sellerId } = door.scene.pair;
  await door.ask('put', '/v1/sellers/other', { name: 'Other', inbox: seller, senders: [] });
  await door.ask('post', `/v1/sellers/${sellerId}/credentials`, { username: 'desk', password: 'long enough to pass' });
  const taken = await door.ask('post', '/v1/sellers/other/credentials', {
    username: 'desk',
    password: 'long enough to pass',
  });
  assert.equal(taken.status, 409);
  const short = await door.ask('post', `/v1/sellers/${sellerId}/credentials`, { username: 'x', password: 'short' });
  assert.equal(short.status, 422);
  assert.deepEqual(short.body.errors[0].pointer, '/password');
});

async function signIn(username: string, password: string) {
  await using client = await connectSmtp(door.scene.relay.ports.submission);
  await client.say('EHLO desk.test');
  return await client.say(`AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString('base64')}`);
}
