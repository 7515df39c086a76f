/** Who may write to an alias, over real SMTP, with real signatures and a real name server, as in production. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertNoCanary } from '../support/canary.ts';
import {
  BUYER,
  FREE_SHOP,
  HELPDESK,
  HOSTED,
  OWN_INCLUDE,
  NOT_HERE,
  OTHER_SHOP,
  SHOP,
  startProduction,
  type How,
  type Production,
} from '../support/production.ts';
import { oneHeader } from '../support/scenario.ts';
import { readWithPython } from '../support/second-parser.ts';
import type { SinkMessage } from '../support/sink.ts';
import { sendRaw } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

type End = 'queued' | 'held' | '550 5.1.1' | '550 5.7.1' | '451 4.7.0';

interface Case {
  readonly what: string;
  readonly to: keyof Production['aliases'];
  readonly from: string;
  readonly path?: string;
  readonly how?: How;
  readonly headers?: readonly string[];
  /** Whom the letter is for, if it is not the alias. */
  readonly writtenTo?: string;
  readonly end: End;
}

const key = (domain: string): How => ({ domain });

/** Anybody can write it. */
const BROKEN =
  'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=nord-shop.example; s=s; h=from:to:subject; bh=AAAA; b=AAAA';

const SELLERS: readonly Case[] = [
  ...HOSTED.map((from): Case => ({
    what: `a registered address whose domain lets others send for it (${from.split('@')[1]})`,
    to: 'buyer',
    from,
    end: '550 5.7.1',
  })),
  {
    what: 'a registered address, sent by a machine that a record below its own domain names',
    to: 'buyer',
    from: OWN_INCLUDE,
    end: 'queued',
  },
  {
    what: 'the registered address, signed by its domain',
    to: 'buyer',
    from: SHOP,
    how: key('nord-shop.example'),
    path: 'x@away.example',
    end: 'queued',
  },
  { what: 'the registered address, sent by a machine of its domain', to: 'buyer', from: SHOP, end: 'queued' },
  {
    what: 'the registered address, and only the envelope says so',
    to: 'buyer',
    from: 'canary.shop@away.example',
    path: SHOP,
    end: '550 5.1.1',
  },
  {
    what: 'the registered address, sent by a machine of another domain',
    to: 'buyer',
    from: SHOP,
    path: 'x@elsewhere.example',
    end: '550 5.1.1',
  },
  {
    what: 'the registered address, signed by another domain',
    to: 'buyer',
    from: SHOP,
    path: 'x@away.example',
    how: key('elsewhere.example'),
    end: '550 5.1.1',
  },
  {
    what: 'a registered address at a provider of everybody, sent by its machines',
    to: 'buyer',
    from: FREE_SHOP,
    end: '550 5.7.1',
  },
  {
    what: 'the same, signed with Ed25519',
    to: 'buyer',
    from: FREE_SHOP,
    how: { domain: 'gmail.example', ed25519: true },
    end: 'queued',
  },
  {
    what: 'an agent at the registered helpdesk, signed by it, under a random envelope',
    to: 'buyer',
    from: HELPDESK,
    path: 'bounce+8f2c@elsewhere.example',
    how: key('desk-help.example'),
    end: 'queued',
  },
  {
    what: 'an agent at the registered helpdesk, sent by its machines only',
    to: 'buyer',
    from: HELPDESK,
    end: '550 5.7.1',
  },
  {
    what: 'a carrier that was granted, signed',
    to: 'buyer',
    from: 'news@swift.example',
    how: key('swift.example'),
    end: 'queued',
  },
  { what: 'a carrier that was granted, not signed', to: 'buyer', from: 'news@swift.example', end: '550 5.7.1' },
  {
    what: 'a stranger, signed',
    to: 'buyer',
    from: 'canary.me@elsewhere.example',
    how: key('elsewhere.example'),
    end: '550 5.1.1',
  },
  { what: 'another seller, signed', to: 'buyer', from: OTHER_SHOP, how: key('sued-shop.example'), end: '550 5.1.1' },
  {
    what: "the seller, to another seller's order",
    to: 'foreign',
    from: SHOP,
    how: key('nord-shop.example'),
    end: '550 5.1.1',
  },
  {
    what: 'the seller, to an order that is over',
    to: 'closed',
    from: SHOP,
    how: key('nord-shop.example'),
    end: '550 5.1.1',
  },
  {
    what: "the buyer, to the buyer's own alias",
    to: 'buyer',
    from: BUYER,
    how: key('kim-home.example'),
    end: '550 5.1.1',
  },
  {
    what: 'a signed letter to somebody else, which the reader sent on',
    to: 'buyer',
    from: SHOP,
    path: 'x@away.example',
    how: key('nord-shop.example'),
    writtenTo: 'canary.thief@elsewhere.example',
    end: '550 5.1.1',
  },
  {
    what: 'a letter to somebody else by a machine of its domain: the alias in Bcc',
    to: 'buyer',
    from: SHOP,
    writtenTo: 'canary.thief@elsewhere.example',
    end: '550 5.1.1',
  },
  {
    what: 'its signed newsletter',
    to: 'buyer',
    from: SHOP,
    path: 'x@away.example',
    how: key('nord-shop.example'),
    headers: ['List-Id: <news.nord-shop.example>'],
    end: '550 5.1.1',
  },
  {
    what: "a carrier's signed letter to another customer",
    to: 'buyer',
    from: 'news@swift.example',
    path: 'x@away.example',
    how: key('swift.example'),
    writtenTo: 'canary.other@elsewhere.example',
    end: '550 5.1.1',
  },
  {
    what: 'the registered address, with a signature of its domain that does not verify',
    to: 'buyer',
    from: SHOP,
    path: 'x@away.example',
    headers: [BROKEN],
    end: '550 5.7.1',
  },
  {
    what: "the same, to another seller's order: the same answer",
    to: 'foreign',
    from: SHOP,
    path: 'x@away.example',
    headers: [BROKEN],
    end: '550 5.7.1',
  },
  {
    what: 'the same, to an order that is over: the same answer',
    to: 'closed',
    from: SHOP,
    path: 'x@away.example',
    headers: [BROKEN],
    end: '550 5.7.1',
  },
];

const CLAIMS = [
  'Authentication-Results: mail.market.example; dkim=pass header.d=away.example; dmarc=pass header.from=away.example',
  'Received-SPF: pass (mail.market.example: domain of away.example)',
  'ARC-Authentication-Results: i=1; lists.example; dmarc=pass header.from=away.example',
];

const BUYERS: readonly Case[] = [
  {
    what: 'the registered address, signed',
    to: 'seller',
    from: BUYER,
    path: 'x@away.example',
    how: key('kim-home.example'),
    end: 'queued',
  },
  { what: 'the registered address, sent by a machine of its domain', to: 'seller', from: BUYER, end: 'queued' },
  {
    what: 'the registered address, neither signed nor sent by its domain',
    to: 'seller',
    from: BUYER,
    path: 'x@away.example',
    end: 'held',
  },
  {
    what: 'the registered address, and a header that claims the result',
    to: 'seller',
    from: BUYER,
    path: 'x@away.example',
    headers: CLAIMS,
    end: 'held',
  },
  {
    what: 'another address, signed',
    to: 'seller',
    from: 'canary.work@elsewhere.example',
    how: key('elsewhere.example'),
    end: 'held',
  },
  {
    what: 'another address, neither signed nor sent by its domain',
    to: 'seller',
    from: 'canary.work@away.example',
    path: 'x@elsewhere.example',
    end: 'held',
  },
  {
    what: 'an address whose domain wants what it has not sent refused',
    to: 'seller',
    from: 'canary.kim@strict.example',
    path: 'x@away.example',
    end: '550 5.7.1',
  },
  {
    what: 'through a list whose seal is believed',
    to: 'seller',
    from: BUYER,
    path: 'list@away.example',
    how: { domain: 'kim-home.example', sealedBy: 'lists.example' },
    end: 'queued',
  },
  {
    what: 'through a list whose seal is not believed',
    to: 'seller',
    from: BUYER,
    path: 'list@away.example',
    how: { domain: 'kim-home.example', sealedBy: 'others.example' },
    end: 'held',
  },
  {
    what: 'the seller, posing as the buyer',
    to: 'seller',
    from: SHOP,
    how: key('nord-shop.example'),
    end: '550 5.1.1',
  },
  {
    what: "the seller's address in From and MAIL FROM, as whoever is not the seller can write it",
    to: 'seller',
    from: NOT_HERE,
    end: 'held',
  },
  {
    what: "a stranger under the seller's envelope",
    to: 'seller',
    from: 'canary.x@elsewhere.example',
    path: SHOP,
    how: key('elsewhere.example'),
    end: '550 5.1.1',
  },
];

const ANSWER: Readonly<Record<End, RegExp>> = {
  'queued': /^250 2\.0\.0 queued/,
  'held': /^250 2\.0\.0 held/,
  '550 5.1.1': /^550 5\.1\.1 No such mailbox here for you/,
  '550 5.7.1': /^550 5\.7\.1 The (?:sender is not|domain of the author)/,
  '451 4.7.0': /^451 4\.7\.0 /,
};

/** What is held for its author is asked about: of each address once, as long as the buyer has not answered. */
const isQuestion = ({ bytes }: SinkMessage): boolean =>
  /^Subject: Did you write to the seller\?/m.test(bytes.toString());

/** The mail that people wrote, in the order in which it left, when there are `count`. */
async function lettersOf({ sink }: Production, count: number): Promise<readonly SinkMessage[]> {
  for (let total = count; ; total++) {
    const letters = (await sink.waitFor(total)).filter((message) => !isQuestion(message));
    if (letters.length >= count) return letters;
  }
}

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    let world: Production;
    let delivered = 0;
    before(async () => {
      world = await startProduction(kind);
    });
    after(() => world[Symbol.asyncDispose]());

    for (const [side, cases] of [
      ['seller', SELLERS],
      ['buyer', BUYERS],
    ] as const) {
      for (const { what, to, from, path = from, how, headers = [], writtenTo, end } of cases) {
        test(`as the ${side} writes ${what}: ${end}`, async () => {
          const alias = world.aliases[to];
          const draft = { from, to: writtenTo ?? alias, headers, text: `Hello, about the order: ${what.length}.` };
          const data = await world.letter(draft, how);
          const reply = await sendRaw(world.relay.ports.mx, { from: path, to: [alias], data });
          assert.match(reply.text, ANSWER[end]);
          if (end !== 'queued') return;
          delivered += 1;
          const arrived = (await lettersOf(world, delivered))[delivered - 1];
          assert.deepEqual(arrived?.to, [side === 'seller' ? BUYER : SHOP]);
          assertNoCanary(what, arrived?.bytes ?? '', [SHOP, FREE_SHOP, HELPDESK, BUYER]);
        });
      }
    }

    test('nothing was delivered but what was proved, nobody unproven was told anything, and the buyer was asked once for each address', () => {
      const queued = [...SELLERS, ...BUYERS].filter(({ end }) => end === 'queued').length;
      assert.deepEqual([delivered, world.sink.messages.length], [queued, queued + 3]);
      assert.deepEqual(
        world.sink.messages.filter(isQuestion).map(({ to }) => to),
        [[BUYER], [BUYER], [BUYER]],
      );
    });

    test('a carrier is shown as one, and its own address in its mail stays as it is', async () => {
      const draft = {
        from: 'news@swift.example',
        to: world.aliases.buyer,
        text: 'Your parcel comes today. Questions: news@swift.example',
      };
      assert.match((await world.send(draft, key('swift.example'))).text, ANSWER.queued);
      delivered += 1;
      const arrived = readWithPython((await lettersOf(world, delivered))[delivered - 1]?.bytes ?? new Uint8Array());
      assert.match(oneHeader(arrived, 'From'), /^"?Carrier \(Nord Tools\)"? <s[0-9a-z]{26}@ord\.market\.example>$/);
      assert.match(arrived.text, /Questions: news@swift\.example/);
    });

    test('as long as the name servers of the author do not answer, the message is put off', async () => {
      const names = await world.relay.api('PUT', '/v1/sellers/nord', {
        name: 'Nord Tools',
        inbox: SHOP,
        senders: [SHOP, FREE_SHOP, NOT_HERE, '@desk-help.example', 'canary.shop@silent.example'],
      });
      assert.equal(names.status, 200, names.text);
      const draft = { from: 'canary.shop@silent.example', to: world.aliases.buyer, text: 'Hello' };
      assert.match((await world.send(draft, key('silent.example'))).text, ANSWER['451 4.7.0']);
    });

    test("a message for an own and for somebody else's alias is refused for both: nothing of it is lost unsaid", async () => {
      const { buyer, foreign } = world.aliases;
      const draft = { from: SHOP, to: buyer, also: foreign, text: 'Hello to both of you' };
      const before = world.sink.messages.length;
      assert.match((await world.send(draft, key('nord-shop.example'))).text, ANSWER['550 5.1.1']);
      assert.equal(world.sink.messages.length, before);
    });

    test('a null reverse path proves nothing and reaches no alias', async () => {
      const draft = { from: SHOP, path: '', to: world.aliases.buyer, text: 'Hello' };
      assert.match((await world.send(draft, key('nord-shop.example'))).text, ANSWER['550 5.1.1']);
    });
  });
}
