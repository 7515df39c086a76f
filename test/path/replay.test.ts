/** The same message again: from a client that never heard our 250, and from somebody who has a signed letter; as in production. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { signed } from '../mail/authentication/letters.ts';
import { BUYER, SHOP } from '../support/production.ts';
import { startAsking, type Asking } from '../support/questions.ts';
import { mail } from '../support/registered.ts';
import { startScenario } from '../support/scenario.ts';
import { sendRaw, type Reply } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const HELD = /^250 2\.0\.0 held/;
const QUEUED = /^250 2\.0\.0 queued/;
const BEFORE = /^250 2\.0\.0 taken before as msg_/;
const idIn = ({ text }: Reply): string | undefined => /msg_[0-9a-z]{20}/.exec(text)?.[0];

for (const kind of STORES) {
  describe(`the same message again, on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    let asking: Asking;
    let orders = 0;
    before(async () => {
      asking = await startAsking(kind);
    });
    after(() => asking[Symbol.asyncDispose]());

    const order = () => {
      orders += 1;
      return asking.order(`AGAIN-${orders}`);
    };
    const send = (to: string | readonly string[], data: string, path = 'x@away.example'): Promise<Reply> =>
      sendRaw(asking.world.relay.ports.mx, { from: path, to: typeof to === 'string' ? [to] : to, data });

    test('a client that sends it once more gets 250 and the same id, and it is delivered once', async () => {
      const alias = await order();
      for (const data of [
        await letter({ to: alias }),
        unsigned(alias),
        `${unsigned(alias)}${'A long story.\r\n'.repeat(9000)}`,
      ]) {
        const first = await send(alias, data, 'x@kim-home.example');
        assert.match(first.text, QUEUED);
        await asking.next();
        for (const path of ['x@kim-home.example', 'prvs=1234=x@kim-home.example']) {
          const again = await send(alias, data, path);
          assert.match(again.text, BEFORE);
          assert.equal(idIn(again), idIn(first));
        }
      }
      await asking.nothingElse(alias);
    });

    test('a server that signs anew at each attempt sends it once', async () => {
      const alias = await order();
      const text = unsigned(alias);
      const at = (seconds: number) => sign(text, new Date(Date.now() - seconds * 1000));
      assert.match((await send(alias, await at(60))).text, QUEUED);
      assert.match((await send(alias, await at(0))).text, BEFORE);
      await asking.next();
      await asking.nothingElse(alias);
    });

    test('twenty copies at once are one', async () => {
      const alias = await order();
      const data = await letter({ to: alias });
      const replies = await Promise.all(Array.from({ length: 20 }, () => send(alias, data)));
      assert.deepEqual([...new Set(replies.map(({ code }) => code))], [250]);
      assert.equal(new Set(replies.map(idIn)).size, 1);
      await asking.next();
      await asking.nothingElse(alias);
    });

    test('whatever a stranger writes above the signature, from wherever, it is the same message', async () => {
      const alias = await order();
      const data = await letter({ to: alias });
      assert.match((await send(alias, data)).text, QUEUED);
      await asking.next();
      const changed = [
        `Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0000\r\nX-Anything: ${'x'.repeat(50)}\r\n${data}`,
        `Cc: <other@elsewhere.example>\r\n${data}`,
        `List-Id: <tools.lists.example>\r\n${data}`,
        data.replace(/ b=\s*(\S{10})/, ' b=\r\n\t$1\r\n '),
        data.replace(/^Subject: Your order/m, 'Subject:   Your    order'),
      ];
      for (const one of changed) {
        assert.notEqual(one, data);
        assert.match((await send(alias, one, 'thief@elsewhere.example')).text, BEFORE, one.slice(0, 60));
      }
      await asking.nothingElse(alias);
    });

    test('written to two aliases, it comes to each once, together or one after the other', async () => {
      const [one, other, third] = [await order(), await order(), await order()];
      const data = await letter({ to: `${one}>, <${other}` });
      assert.match((await send([one, other], data)).text, QUEUED);
      await asking.next();
      await asking.next();
      assert.match((await send([one, other], data)).text, BEFORE);
      assert.match((await send(third, data)).text, HELD, 'the third is not named');
      await asking.question();
      const split = await letter({ to: `${one}>, <${other}` });
      for (const alias of [one, other]) {
        assert.match((await send(alias, split)).text, QUEUED);
        await asking.next();
        assert.match((await send(alias, split)).text, BEFORE);
      }
      await asking.nothingElse(one);
    });

    test("to another alias of that buyer, under another To that nobody signed, and from a machine of the buyer's provider: held", async () => {
      const [one, other] = [await order(), await order()];
      const data = await letter({ to: one }, 'From:Subject:Date:Message-ID');
      assert.match((await send(one, data, 'x@kim-home.example')).text, QUEUED);
      await asking.next();
      const reply = await send(other, data.replaceAll(one, other), 'x@kim-home.example');
      assert.match(reply.text, HELD);
      await asking.question();
      const { text } = await asking.world.relay.api('GET', `/v1/messages/${idIn(reply)}`);
      assert.match(text, /came to another alias before/);
    });

    test('a copy that nobody could prove holds up nothing: the proved one is delivered', async () => {
      const alias = await order();
      const text = unsigned(alias);
      assert.match((await send(alias, text)).text, HELD, 'not signed, and from elsewhere');
      await asking.question();
      assert.match((await send(alias, text)).text, BEFORE, 'held once');
      assert.match((await send(alias, await sign(text))).text, QUEUED);
      await asking.next();
      assert.match((await send(alias, text)).text, BEFORE);
      await asking.nothingElse(alias);
    });

    test('two messages with the same words are two', async () => {
      const alias = await order();
      for (let count = 0; count < 2; count++) {
        assert.match((await send(alias, await letter({ to: alias }))).text, QUEUED);
        await asking.next();
        const bare = unsigned(alias).replace(/^Message-ID: .*\r\n/m, '');
        assert.match((await send(alias, bare, 'x@kim-home.example')).text, QUEUED, 'without a Message-ID');
        await asking.next();
      }
    });

    test('what was refused is judged again', async () => {
      const { relay, aliases } = asking.world;
      const text = 'Change your review to five stars and we send you 20 EUR.';
      const data = await sign(`${mail({ from: SHOP, to: aliases.buyer, text })}\r\n`, new Date(), 'nord-shop.example');
      for (let count = 0; count < 2; count++) {
        assert.match((await sendRaw(relay.ports.mx, { from: SHOP, to: [aliases.buyer], data })).text, /^550 5\.7\.1 /);
      }
    });
  });

  test(`a seller's client that sends once more is taken once, on ${kind}`, { skip: storeIsMissing(kind) }, async () => {
    await using scene = await startScenario(kind);
    const { pair } = scene;
    const data = mail({ from: pair.seller, to: pair.aliases.buyer, text: 'It left today.' });
    const first = await scene.sellerWrites(data);
    assert.match(first.text, QUEUED);
    const again = await scene.sellerWrites(data);
    assert.deepEqual([BEFORE.test(again.text), idIn(again)], [true, idIn(first)]);
    assert.match(
      (await scene.sellerWrites(mail({ from: pair.seller, to: pair.aliases.buyer, text: 'The next.' }))).text,
      QUEUED,
    );
    await scene.arrival(2, 'buyer');
    assert.equal(scene.sink.messages.length, 2);
  });
}

const unsigned = (to: string): string => `${mail({ from: BUYER, to, text: 'Where is my parcel?' })}\r\n`;

function sign(text: string, signTime = new Date(), signingDomain = 'kim-home.example', headerList?: string) {
  return signed(text, { signingDomain, signTime, ...(headerList === undefined ? {} : { headerList }) });
}

const letter = ({ to }: { readonly to: string }, headerList?: string): Promise<string> =>
  sign(unsigned(to), new Date(), 'kim-home.example', headerList);
