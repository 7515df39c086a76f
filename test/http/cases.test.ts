import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mail } from '../support/registered.ts';
import { oneHeader } from '../support/scenario.ts';
import { openDoor, type Door } from './door.ts';

let door: Door;
before(async () => {
  door = await openDoor();
});
after(() => door[Symbol.asyncDispose]());

const LOCKED = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1rQ\r\n-----END PGP MESSAGE-----';

/** A message that nobody can look into waits for a person; answers its case. */
async function hold(subject: string): Promise<{ id: string; messageId: string }> {
  const { scene } = door;
  const reply = await scene.sellerWrites(
    mail({ from: scene.pair.seller, to: scene.pair.aliases.buyer, subject, text: LOCKED }),
  );
  assert.match(reply.text, /^250 2\.0\.0 held/);
  const { body } = await door.ask('get', '/v1/cases?status=open&limit=1');
  return body.data[0];
}

const decide = (id: string, outcome: string, fields: object = {}) =>
  door.ask('post', `/v1/cases/${id}/decision`, { outcome, reason: 'looked-at', ...fields });

test('a hold is a case with its reason, its words and its deadline', async () => {
  const { id } = await hold('shown');
  const { status, body } = await door.ask('get', `/v1/cases/${id}`);
  assert.equal(status, 200);
  assert.deepEqual([body.kind, body.status, body.subject, body.decision], ['held', 'open', 'shown', null]);
  assert.equal(body.verdict.action, 'hold');
  assert.ok(body.verdict.evidence.length > 0);
  assert.ok(Date.parse(body.deadline) > Date.parse(body.openedAt));
});

test('released, it arrives; a second decision is a conflict that says so', async () => {
  const { id, messageId } = await hold('let go');
  const released = await decide(id, 'release', { note: 'the key of the manual' });
  assert.equal(released.status, 200, released.text);
  assert.deepEqual([released.body.status, released.body.decision.outcome], ['decided', 'release']);
  const { mail: arrived } = await door.scene.arrival(1, 'buyer');
  assert.equal(oneHeader(arrived, 'Subject'), 'let go');
  const again = await decide(id, 'block');
  assert.equal(again.status, 409);
  assert.equal(again.body.code, 'case.decided');
  const message = await door.ask('get', `/v1/messages/${messageId}`);
  assert.ok(['queued', 'delivered'].includes(message.body.status), message.body.status);
});

test('returned or blocked, it does not arrive, and its author is told once, by a notice that names aliases only', async () => {
  const { id } = await hold('sent back');
  assert.equal((await decide(id, 'return')).status, 200);
  const { mail: notice } = await door.scene.arrival(2, 'seller');
  assert.match(oneHeader(notice, 'Subject'), /needs a change/);
  assert.equal(door.scene.sink.messages.length, 2);
});

test('a decision without a reason, with an outcome that does not exist, or on a case that does not exist changes nothing', async () => {
  const { id } = await hold('undecided');
  const noReason = await door.ask('post', `/v1/cases/${id}/decision`, { outcome: 'release' });
  assert.deepEqual([noReason.status, noReason.body.errors[0].pointer], [422, '/reason']);
  const unknown = await decide(id, 'forget');
  assert.deepEqual([unknown.status, unknown.body.errors[0].pointer], [422, '/outcome']);
  assert.equal((await decide('case_00000000000000000000', 'release')).status, 404);
  assert.equal((await decide('nonsense', 'release')).status, 404);
  assert.equal((await door.ask('get', `/v1/cases/${id}`)).body.status, 'open');
});

test('what was refused is a case too, decided already, so that it can be appealed', async () => {
  const { scene } = door;
  const bribe = 'Change your 1 star to 5 and we refund 20 EUR';
  await scene.sellerWrites(mail({ from: scene.pair.seller, to: scene.pair.aliases.buyer, text: bribe }));
  const { body } = await door.ask('get', '/v1/cases?status=decided&limit=1');
  assert.deepEqual([body.data[0].kind, body.data[0].status], ['refused', 'decided']);
  assert.equal((await decide(body.data[0].id, 'release')).status, 409);
});
