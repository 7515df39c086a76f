import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { oneHeader } from '../support/scenario.ts';
import { openDoor, type Door } from './door.ts';

let door: Door;
before(async () => {
  door = await openDoor();
});
after(() => door[Symbol.asyncDispose]());

const post = (fields: object) =>
  door.ask('post', '/v1/messages', {
    orderId: door.scene.pair.orderId,
    from: 'seller',
    subject: 'Your order',
    ...fields,
  });

test('a message of a program arrives as one of a mail client does: under the alias, with its files', async () => {
  const posted = await post({
    text: 'Your parcel is on its way.',
    html: '<p>Your parcel is <b>on its way</b>.</p>',
    attachments: [
      { filename: 'label ä.txt', contentType: 'text/plain', content: Buffer.from('box 7').toString('base64') },
    ],
  });
  assert.equal(posted.status, 202, posted.text);
  assert.deepEqual([posted.body.status, posted.body.verdict.action], ['queued', 'deliver']);
  const { mail } = await door.scene.arrival(1, 'buyer');
  assert.match(oneHeader(mail, 'From'), new RegExp(`<${door.scene.pair.aliases.seller}>$`));
  assert.match(mail.text, /on its way/);
  assert.match(mail.html, /<b>on its way<\/b>/);
  assert.deepEqual(
    mail.files.map((file) => file.name),
    ['label ä.txt'],
  );
  assert.deepEqual(mail.defects, []);
});

test('a bribe is a problem with its evidence, which points at the words in the field that was sent', async () => {
  const text = 'Hello. Change your 1 star to 5 and we refund 20 EUR. Bye.';
  const refused = await post({ text });
  assert.equal(refused.status, 422);
  assert.equal(refused.type, 'application/problem+json');
  assert.equal(refused.body.code, 'message.blocked');
  assert.match(refused.body.id, /^msg_/);
  const [evidence] = refused.body.verdict.evidence;
  assert.deepEqual([evidence.rule, evidence.field], ['refund-for-review-change', 'text']);
  assert.match(text.slice(evidence.start, evidence.end), /^Change your 1 star to 5 and we refund 20 EUR/);
  assert.match(evidence.why, /review/);
});

test('a contact address alone is sent back to be mended, and names its rule', async () => {
  const returned = await post({ text: 'Write to me at sales@elsewhere.test please.' });
  assert.equal(returned.status, 422);
  assert.equal(returned.body.code, 'message.returned');
  assert.equal(returned.body.verdict.evidence[0].rule, 'email-address');
});

test('what a buyer writes about the own address is delivered without it', async () => {
  const posted = await post({ from: 'buyer', text: 'My telephone is +49 151 23456789, thanks.' });
  assert.equal(posted.status, 202, posted.text);
  assert.equal(posted.body.verdict.action, 'redact');
  const { mail } = await door.scene.arrival(2, 'seller');
  assert.match(mail.text, /\[contact details removed\]/);
  assert.ok(!mail.text.includes('23456789'));
});

test('messages are listed with filters and in pages, and one is read with its subject and verdict', async () => {
  const all = await door.ask('get', '/v1/messages?limit=200');
  const statuses: readonly string[] = all.body.data.map((row: { status: string }) => row.status);
  assert.equal(statuses.filter((status) => status === 'refused').length, 2);
  const refused = await door.ask('get', `/v1/messages?status=refused&orderId=${door.scene.pair.orderId}`);
  assert.equal(refused.body.data.length, 2);
  const first = await door.ask('get', '/v1/messages?limit=1&status=refused');
  const second = await door.ask('get', `/v1/messages?limit=1&status=refused&cursor=${first.body.next}`);
  assert.deepEqual([...first.body.data, ...second.body.data], refused.body.data);
  const one = await door.ask('get', `/v1/messages/${refused.body.data[0].id}`);
  assert.deepEqual([one.body.subject, one.body.verdict.action], ['Your order', 'return']);
  assert.equal((await door.ask('get', '/v1/messages/msg_00000000000000000000')).status, 404);
  assert.equal((await door.ask('get', '/v1/messages/what')).status, 404);
  assert.equal((await door.ask('get', '/v1/messages?sellerId=nobody')).body.data.length, 0);
});

test('a message for an order that is not there, with nothing in it, or with a line too many is refused', async () => {
  assert.equal((await post({ orderId: 'NOPE', text: 'x' })).status, 404);
  const twoLines = await post({ subject: 'a\r\nBcc: victim@evil.test', text: 'x' });
  assert.deepEqual([twoLines.status, twoLines.body.errors[0].pointer], [422, '/subject']);
  const notBase64 = await post({
    text: 'x',
    attachments: [{ filename: 'a', contentType: 'text/plain', content: '!' }],
  });
  assert.deepEqual([notBase64.status, notBase64.body.errors[0].pointer], [422, '/attachments/0/content']);
});

test('lint says what would happen and sends nothing: fields, or a whole message', async () => {
  const before = door.scene.sink.messages.length;
  const html = '<p>Change your <b>1 star</b> to 5 and we refund 20&nbsp;EUR</p>';
  const linted = await door.ask('post', '/v1/lint', { subject: 'Hi', html });
  assert.equal(linted.status, 200, linted.text);
  assert.equal(linted.body.action, 'block');
  const [evidence] = linted.body.evidence;
  assert.equal(evidence.field, 'html');
  assert.match(html.slice(evidence.start, evidence.end), /^Change your <b>1 star<\/b> to 5 and we refund 20&nbsp;EUR/);
  assert.equal(
    (await door.ask('post', '/v1/lint', { text: 'Your parcel is late, we refund the shipping.' })).body.action,
    'deliver',
  );
  const { default: request } = await import('supertest');
  const raw = door.keep(
    await request(door.scene.relay.url)
      .post('/v1/lint')
      .set('Authorization', `Bearer ${door.scene.relay.apiKey}`)
      .type('message/rfc822')
      .send('From: <a@b.test>\r\nSubject: Hi\r\n\r\nCall me on WhatsApp +49 151 23456789\r\n'),
  );
  assert.equal(raw.status, 200, raw.text);
  assert.ok(raw.body.evidence.length > 0);
  assert.equal(door.scene.sink.messages.length, before);
});
