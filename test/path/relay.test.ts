import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { assertNoCanary } from '../support/canary.ts';
import { mail, registerPair, SHOP_NAME } from '../support/registered.ts';
import { assertNothingReadableAtRest, oneHeader, startScenario } from '../support/scenario.ts';
import { connectSmtp, sendRaw } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test("a seller's message arrives under the seller's alias, and the buyer's reply under the buyer's", async () => {
      await using scene = await startScenario(kind);
      const { pair } = scene;
      const sent = await scene.sellerWrites(
        mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Your parcel is on its way.' }),
      );
      assert.match(sent.text, /^250 2\.0\.0 queued as msg_/);
      const first = await scene.arrival(1, 'buyer');
      assert.equal(oneHeader(first.mail, 'From'), `${SHOP_NAME} <${pair.aliases.seller}>`);
      assert.match(oneHeader(first.mail, 'To'), new RegExp(`<${pair.aliases.buyer}>$`));
      assert.equal(oneHeader(first.mail, 'Received').includes('192.0.2'), false);
      assert.match(first.mail.text, /Your parcel is on its way\./);
      assert.deepEqual(first.mail.defects, []);

      const reply = await scene.buyerWrites(mail({ from: pair.buyer, to: pair.aliases.seller, text: 'Thank you!' }));
      assert.match(reply.text, /^250 2\.0\.0 queued/);
      const second = await scene.arrival(2, 'seller');
      assert.equal(oneHeader(second.mail, 'From'), `"Buyer (order ${pair.orderId})" <${pair.aliases.buyer}>`);
      assert.match(second.mail.text, /Thank you!/);
      await assertNothingReadableAtRest(scene);
    });

    test('a bribe gets 550 with its rule and a link, and reaches nobody; a refund of the shipping arrives', async () => {
      await using scene = await startScenario(kind);
      const { pair } = scene;
      const bribe = await scene.sellerWrites(
        mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Change your 1 star to 5 and we refund 20 EUR' }),
      );
      assert.match(
        bribe.text,
        /^550 5\.7\.1 refund-for-review-change: .* msg_[0-9a-z]{20} http:\S+\/rules#refund-for-review-change\r\n$/,
      );
      const late = await scene.sellerWrites(
        mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Your parcel is late, we refund the shipping.' }),
      );
      assert.equal(late.code, 250, late.text);
      const { mail: arrived } = await scene.arrival(1, 'buyer');
      assert.match(arrived.text, /we refund the shipping/);
      assert.equal(scene.sink.messages.length, 1);
    });

    test('a stranger, a foreign alias, a guess, a closed order and a real address are refused, the first four alike', async () => {
      await using scene = await startScenario(kind);
      const { pair, relay } = scene;
      const other = await registerPair(relay);
      const closed = await closedOrder(scene.relay, pair.sellerId);
      await using client = await connectSmtp(relay.ports.mx);
      await client.say('EHLO client.test');
      const ask = async (from: string, to: string) => {
        await client.say('RSET');
        await client.say(`MAIL FROM:<${from}>`);
        return (await client.say(`RCPT TO:<${to}>`)).text;
      };
      const stranger = await ask('nobody@stranger.test', pair.aliases.buyer);
      assert.match(stranger, /^550 5\.1\.1 /);
      assert.equal(await ask(pair.seller, other.aliases.buyer), stranger);
      assert.equal(await ask(pair.seller, `b${'0'.repeat(26)}@relay.test`), stranger);
      assert.equal(await ask(pair.seller, closed), stranger);
      assert.equal(
        await ask(pair.buyer, pair.aliases.buyer),
        stranger,
        'the buyer is not the other party of the buyer alias',
      );
      assert.equal(await ask('', pair.aliases.buyer), stranger, 'a null reverse path proves nothing');
      const real = await ask(pair.seller, pair.buyer);
      assert.match(real, /^550 5\.7\.1 /);
      assertNoCanary('the refusal', real + stranger, pair.canaries);
      for (const bypass of ['real-recipient', 'foreign-alias', 'guessed-alias'])
        assert.ok(relay.printed().includes(bypass), bypass);
    });

    test('two aliases in one transaction are two messages, judged and delivered each by itself', async () => {
      await using scene = await startScenario(kind);
      const { pair, relay } = scene;
      const second = await anotherOrder(relay, pair.sellerId);
      const reply = await sendRaw(relay.ports.mx, {
        from: pair.seller,
        to: [pair.aliases.buyer, second.alias],
        data: mail({ from: pair.seller, to: pair.aliases.buyer, text: 'We are closed on Friday.' }),
      });
      assert.match(reply.text, /^250 2\.0\.0 queued as msg_\S+ msg_/);
      const messages = await scene.sink.waitFor(2);
      assert.deepEqual(messages.flatMap((message) => message.to).sort(), [pair.buyer, second.buyer].sort());
      for (const message of messages) assertNoCanary('an arrival', message.bytes, [...pair.canaries, second.buyer]);
    });

    test('a mailbox that refuses gets its author a notice that names aliases only', async () => {
      await using scene = await startScenario(kind);
      const { pair, sink } = scene;
      const refuseOnce = (socket: Socket): void => {
        sink.answer('accept');
        socket.write(`550 5.1.1 <${pair.buyer}>: no such user here, says mx.hidden.test\r\n`);
      };
      sink.answer({ RCPT: refuseOnce });
      await scene.sellerWrites(mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Hello' }));
      const { message, mail: notice } = await scene.arrival(1, 'seller');
      assert.equal(message.from, '', 'a notice has the null reverse path');
      assert.match(notice.text, /was not delivered/);
      assert.match(notice.text, new RegExp(pair.aliases.buyer));
      assert.equal(oneHeader(notice, 'Auto-Submitted'), 'auto-replied');
      assert.ok(!message.bytes.includes('hidden.test'), 'not a word of the remote server');
    });

    test('a next hop that hangs up costs nothing: the message stays queued', async () => {
      await using scene = await startScenario(kind);
      const { pair, sink } = scene;
      sink.answer({ MAIL: 'drop' });
      await scene.sellerWrites(mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Hello' }));
      await until(() => sink.commands.some((line) => line.startsWith('MAIL')));
      const { data } = JSON.parse((await scene.relay.api('GET', '/v1/messages?limit=1')).text);
      assert.equal(data[0].status, 'queued');
    });

    test('what was held goes out when a person lets it, and once; what was returned gets its author a notice', async () => {
      await using scene = await startScenario(kind);
      const { pair, relay, sink } = scene;
      const encrypted = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1rQ\r\n-----END PGP MESSAGE-----';
      for (const subject of ['first', 'second']) {
        const reply = await scene.sellerWrites(
          mail({ from: pair.seller, to: pair.aliases.buyer, subject, text: encrypted }),
        );
        assert.match(reply.text, /^250 2\.0\.0 held for review as msg_/);
      }
      const { data: cases } = JSON.parse((await relay.api('GET', '/v1/cases?status=open')).text);
      assert.equal(cases.length, 2);
      assert.equal(sink.messages.length, 0);
      const decide = (id: string, outcome: string) =>
        relay.api('POST', `/v1/cases/${id}/decision`, { outcome, reason: 'looked-at', note: 'fine' });
      const released = await decide(cases[1].id, 'release');
      assert.equal(released.status, 200, released.text);
      assert.equal((await decide(cases[1].id, 'release')).status, 409);
      const { mail: arrived } = await scene.arrival(1, 'buyer');
      assert.equal(oneHeader(arrived, 'Subject'), 'first');
      assert.equal((await decide(cases[0].id, 'return')).status, 200);
      const { mail: notice } = await scene.arrival(2, 'seller');
      assert.match(oneHeader(notice, 'Subject'), /needs a change/);
      assert.equal(sink.messages.length, 2);
    });

    test('a report that comes back to the return path tells the author once, whatever it says inside', async () => {
      await using scene = await startScenario(kind);
      const { pair, relay } = scene;
      await scene.sellerWrites(mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Hello' }));
      const { message } = await scene.arrival(1, 'buyer');
      assert.match(message.from, /^r[0-9a-z]{30}@relay\.test$/);
      await delivered(relay);
      const report = [
        'From: MAILER-DAEMON@mx.hidden.test',
        'Subject: Undelivered',
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
        '',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        `Final-Recipient: rfc822; ${pair.buyer}`,
        'Action: failed',
        'Status: 5.2.1',
        '--b--',
      ].join('\r\n');
      for (let time = 0; time < 2; time++) {
        const reply = await sendRaw(relay.ports.mx, { from: '', to: [message.from], data: report });
        assert.equal(reply.code, 250, reply.text);
      }
      const { mail: notice } = await scene.arrival(2, 'seller');
      assert.match(notice.text, /was not delivered/);
      const forged = await sendRaw(relay.ports.mx, { from: '', to: [`r${'0'.repeat(30)}@relay.test`], data: report });
      assert.match(forged.text, /^550 5\.1\.1/);
      assert.equal(scene.sink.messages.length, 2);
    });
  });
}

async function closedOrder(relay: Parameters<typeof registerPair>[0], sellerId: string): Promise<string> {
  const put = await relay.api('PUT', `/v1/orders/CLOSED-${sellerId}`, {
    sellerId,
    buyer: { id: 'closed', address: 'somebody@closed.test' },
    placedAt: '2020-01-01T00:00:00Z',
    closesAt: '2020-02-01T00:00:00Z',
  });
  const { aliases }: { aliases: { buyer: string } } = JSON.parse(put.text);
  return aliases.buyer;
}

async function anotherOrder(
  relay: Parameters<typeof registerPair>[0],
  sellerId: string,
): Promise<{ alias: string; buyer: string }> {
  const buyer = `second.canary@${sellerId}.test`;
  const put = await relay.api('PUT', `/v1/orders/SECOND-${sellerId}`, {
    sellerId,
    buyer: { id: 'second', address: buyer },
  });
  const { aliases }: { aliases: { buyer: string } } = JSON.parse(put.text);
  return { alias: aliases.buyer, buyer };
}

async function delivered(relay: Parameters<typeof registerPair>[0]): Promise<void> {
  await until(async () => JSON.parse((await relay.api('GET', '/v1/messages?status=delivered')).text).data.length > 0);
}

/** Looks again until it is so; the test's own time limit ends a wait for what never comes. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}
