/** What the buyer wrote and somebody else may have sent: through lists, from other mailboxes, to other people, long ago; as in production. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sealed, signed } from '../mail/authentication/letters.ts';
import { BUYER, SHOP } from '../support/production.ts';
import { answer, startAsking, type Asking } from '../support/questions.ts';
import { mail } from '../support/registered.ts';
import { sendRaw, type Reply } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const HELD = /^250 2\.0\.0 held/;
const QUEUED = /^250 2\.0\.0 queued/;
const DAY = 24 * 3600_000;

/** Put in front of a letter that the buyer's own domain has signed, by whoever sends it on. */
const ON_THE_WAY: readonly (readonly [what: string, field: string, why: RegExp])[] = [
  ['a list with an id (RFC 2919)', 'List-Id: Tool friends <tools.lists.example>', /mailing list/],
  ['a list that can be written to (RFC 2369)', 'List-Post: <mailto:tools@lists.example>', /mailing list/],
  ['what can be unsubscribed from', 'List-Unsubscribe: <https://lists.example/out>', /mailing list/],
  ['a list of ezmlm', 'Mailing-List: contact tools-help@lists.example', /mailing list/],
  ['a list that says so by its precedence', 'Precedence: list', /mailing list/],
  ['a list of Mailman', 'X-BeenThere: tools@lists.example', /mailing list/],
  ['a person who sent it on as it was', 'Resent-From: <other@elsewhere.example>', /sent on/],
  ['a rule of Gmail', 'X-Forwarded-To: canary.shop@relay.example', /sent on/],
  ['a server that had delivered it', 'Delivered-To: other@elsewhere.example', /sent on/],
];

/** What ordinary mail of the great providers carries, and looks like more than it is. */
const ORDINARY = [
  'X-Forwarded-Encrypted: i=1; AJvYcCUPU8mtYcICD+wUUsCC3GtE67hMRAYcyAZIxllM7nLH4gw3bphh=@vger.example',
  'X-MS-Exchange-CrossTenant-OriginalArrivalTime: 24 Nov 2026 10:00:00.0000 (UTC)',
  'Precedence: normal',
  'Errors-To: other@elsewhere.example',
];

for (const kind of STORES) {
  describe(`what the buyer's domain has signed, on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    let asking: Asking;
    let orders = 0;
    before(async () => {
      asking = await startAsking(kind);
    });
    after(() => asking[Symbol.asyncDispose]());

    const order = async () => {
      orders += 1;
      const orderId = `WAY-${orders}`;
      return { orderId, alias: await asking.order(orderId) };
    };
    const send = (to: string, data: string, path = 'x@away.example'): Promise<Reply> =>
      sendRaw(asking.world.relay.ports.mx, { from: path, to: [to], data });
    const why = async (reply: Reply): Promise<string> => {
      const id = /msg_[0-9a-z]{20}/.exec(reply.text)?.[0];
      const { verdict }: { verdict: { evidence: readonly { rule: string; why: string }[] } } = JSON.parse(
        (await asking.world.relay.api('GET', `/v1/messages/${id}`)).text,
      );
      assert.equal(verdict.evidence[0]?.rule, 'unconfirmed-sender');
      return verdict.evidence[0].why;
    };

    for (const [what, field, reason] of ON_THE_WAY) {
      test(`through ${what}: held, the registered address is asked, and yes delivers it`, async () => {
        const { alias } = await order();
        const reply = await send(alias, `${field}\r\n${await letter({ to: alias })}`);
        assert.match(reply.text, HELD);
        assert.match(await why(reply), reason);
        const { link } = await asking.question();
        assert.equal((await answer(link, { answer: 'yes' })).status, 200);
        const { message, mail: arrived } = await asking.next();
        assert.deepEqual([message.to, arrived.text.trim()], [[SHOP], 'Where is my parcel?']);
      });
    }

    test('with the fields that ordinary mail has: delivered', async () => {
      const { alias } = await order();
      assert.match((await send(alias, `${ORDINARY.join('\r\n')}\r\n${await letter({ to: alias })}`)).text, QUEUED);
      await asking.next();
      const microsoft = {
        signingDomain: 'others.example',
        signTime: new Date(),
        authResults: 'others.example; spf=none',
      };
      assert.match(
        (await send(alias, await sealed(await letter({ to: alias }), microsoft))).text,
        QUEUED,
        'a chain begun',
      );
      await asking.next();
    });

    test("with the fields of a list under the signature of the buyer's own domain: it is a newsletter, and held", async () => {
      const { alias } = await order();
      const headers = ['List-Unsubscribe: <https://kim-home.example/out>'];
      const fields = 'From:To:Subject:Date:Message-ID:List-Unsubscribe';
      const reply = await send(alias, await letter({ to: alias, headers }, fields), 'x@kim-home.example');
      assert.match(reply.text, HELD);
      await asking.question();
    });

    test('and a forwarder that is believed: delivered, but for lists', async () => {
      const { alias } = await order();
      const sealing = {
        signingDomain: 'lists.example',
        signTime: new Date(),
        authResults: 'lists.example; dkim=pass header.d=kim-home.example; dmarc=pass header.from=kim-home.example',
      };
      const onwards = async (field: string) =>
        sealed(`${field}\r\n${await letter({ to: 'kim@lists.example' })}`, sealing);
      assert.match((await send(alias, await onwards('X-Forwarded-To: someone@relay.example'))).text, QUEUED);
      const both = [await asking.next(), await asking.next()];
      for (const reader of [BUYER, SHOP])
        assert.ok(
          both.some(({ message }) => message.to.includes(reader)),
          'the buyer hears of the other in To',
        );
      assert.match((await send(alias, await onwards('List-Id: <tools.lists.example>'))).text, HELD);
      await asking.question();
    });

    for (const [what, to, headers, fields, path, end] of [
      [
        'to the alias in Cc',
        'help@mail.market.example',
        ['Cc: <ALIAS>'],
        'From:To:Cc:Subject:Date:Message-ID',
        'x@away.example',
        QUEUED,
      ],
      [
        'to others, and the alias got it blind',
        'x@elsewhere.example',
        [],
        'From:To:Subject:Date:Message-ID',
        'x@kim-home.example',
        HELD,
      ],
      [
        'to the alias, which the signature does not cover, from the own server',
        'ALIAS',
        [],
        'From:Subject:Date:Message-ID',
        'x@kim-home.example',
        QUEUED,
      ],
      [
        'to the alias, which the signature does not cover, from elsewhere',
        'ALIAS',
        [],
        'From:Subject:Date:Message-ID',
        'x@away.example',
        HELD,
      ],
    ] as const) {
      test(`${what}: ${end === HELD ? 'held' : 'delivered'}`, async () => {
        const { alias } = await order();
        const named = (text: string) => text.replace('ALIAS', alias);
        const data = await letter({ to: named(to), headers: headers.map(named) }, fields);
        const reply = await send(alias, data, path);
        assert.match(reply.text, end);
        if (end === QUEUED) return void (await asking.next());
        assert.match(await why(reply), /wrote this to the alias/);
        await asking.question();
      });
    }

    test('to somebody else, and a stranger put the alias into Cc: held', async () => {
      const { alias } = await order();
      const data = `Cc: <${alias}>\r\n${await letter({ to: 'x@elsewhere.example' })}`;
      const reply = await send(alias, data);
      assert.match(reply.text, HELD);
      assert.match(await why(reply), /wrote this to the alias/);
      await asking.question();
    });

    test('more than a week ago: held; days ago, as slow servers send it: delivered', async () => {
      const { alias } = await order();
      const ago = async (days: number) => letter({ to: alias }, undefined, new Date(Date.now() - days * DAY));
      assert.match((await send(alias, await ago(5))).text, QUEUED);
      await asking.next();
      const reply = await send(alias, await ago(8));
      assert.match(reply.text, HELD);
      assert.match(await why(reply), /more than a week ago/);
      await asking.question();
    });

    test('by a buyer who is accepted too: what comes by way of a list is held all the same', async () => {
      const { alias } = await order();
      await asking.write(alias, 'The first');
      await answer((await asking.question()).link, { answer: 'yes', always: 'yes' });
      await asking.next();
      const other = { from: 'canary.work@elsewhere.example', to: alias, text: 'Through a list' };
      const data = await signed(`${mail(other)}\r\n`, { signingDomain: 'elsewhere.example', signTime: new Date() });
      assert.match((await send(alias, `List-Id: <tools.lists.example>\r\n${data}`)).text, HELD);
    });
  });
}

function letter(
  { to, headers = [] }: { readonly to: string; readonly headers?: readonly string[] },
  headerList?: string,
  signTime = new Date(),
): Promise<string> {
  const text = `${mail({ from: BUYER, to, text: 'Where is my parcel?', headers })}\r\n`;
  return signed(text, {
    signingDomain: 'kim-home.example',
    signTime,
    ...(headerList === undefined ? {} : { headerList }),
  });
}
