/**
 * The invented mailboxes: filled through one handle on the data, read through another, as the egress threads and the page do.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mintMessageId } from '../../src/core/ids.ts';
import { RealAddress } from '../../src/core/real-address.ts';
import type { Shipment } from '../../src/outbox/transport.ts';
import { inboxTransport } from '../../src/sandbox/inbox-transport.ts';
import { listMailbox, rawMail } from '../../src/sandbox/inboxes.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { openScenarioVault } from '../support/vault.ts';

const signal = new AbortController().signal;

function shipment(recipient: string, subject: string): Shipment {
  return {
    messageId: mintMessageId(),
    reversePath: '',
    recipient: RealAddress.parse(recipient),
    bytes: Buffer.from(
      `From: =?utf-8?q?Sh=C3=B6p?= <a@relay.test>\r\nTo: <b@relay.test>\r\nSubject: ${subject}\r\n\r\nHello.\r\n`,
    ),
  };
}

test('what is delivered lies in the mailbox of its reader, newest first, byte for byte', async () => {
  await using secrets = await openScenarioVault();
  const { vault, folder } = secrets;
  await using writing = await openSqliteStore({ folder, writer: undefined });
  await using reading = await openSqliteStore({ folder, writer: writing.shareWriter() });
  let now = Date.parse('2026-11-23T10:00:00Z');
  await using transport = inboxTransport({
    store: writing,
    vault,
    clock: { now: () => (now += 1000), wait: async () => undefined },
  });
  const second = shipment('Kim@post.test', 'second');
  assert.deepEqual(await transport.send(shipment('kim@post.test', 'first'), signal), { kind: 'delivered' });
  assert.deepEqual(await transport.send(second, signal), { kind: 'delivered' });
  await transport.send(shipment('ben@post.test', 'not for Kim'), signal);

  const parts = { store: reading, vault };
  const mails = await listMailbox('kim@post.test', parts);
  assert.deepEqual(
    mails.map(({ subject, from }) => [subject, from]),
    [
      ['second', '"Shöp" <a@relay.test>'],
      ['first', '"Shöp" <a@relay.test>'],
    ],
  );
  assert.ok((mails[0]?.receivedAt ?? '') > (mails[1]?.receivedAt ?? ''));
  const raw = await rawMail('kim@post.test', mails[0]?.id ?? '', parts);
  assert.deepEqual(Buffer.from(raw), Buffer.from(second.bytes));
  await assert.rejects(rawMail('ben@post.test', mails[0]?.id ?? '', parts), { code: 'notFound' });
});

test('a mailbox at gone.test takes nothing, for good', async () => {
  await using secrets = await openScenarioVault();
  const { vault, folder } = secrets;
  await using store = await openSqliteStore({ folder, writer: undefined });
  await using transport = inboxTransport({ store, vault, clock: { now: () => 0, wait: async () => undefined } });
  const delivery = await transport.send(shipment('jonas@gone.test', 'hello'), signal);
  assert.equal(delivery.kind, 'permanent');
  assert.deepEqual(await listMailbox('jonas@gone.test', { store, vault }), []);
});
