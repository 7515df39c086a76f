/** Sellers who write from other servers to aliases that are not theirs: refused, and recorded when it is proved that they did. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { signed } from '../mail/authentication/letters.ts';
import { BUYER, FREE_SHOP, HELPDESK, SHOP, startProduction, type Production } from '../support/production.ts';
import { mail } from '../support/registered.ts';
import { sendRaw } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

interface Case {
  readonly what: string;
  /** `guessed` was never made. */
  readonly to: keyof Production['aliases'] | 'guessed';
  readonly from: string;
  readonly path?: string;
  readonly domain?: string;
  /** Whom the letter is for, if it is not the alias. */
  readonly writtenTo?: string;
  readonly isRecorded: boolean;
}

const FOREIGN = /"kind":"foreign-alias","seller":"nord"/;
const GUESSED = /"kind":"guessed-alias","seller":"nord"/;

/** The same, but for the last letter of its check. */
const neverMade = (alias: string): string => alias.replace(/.(?=@)/, (letter) => (letter === 'a' ? 'b' : 'a'));

const AWAY = 'x@away.example';

const CASES: readonly Case[] = [
  {
    what: "another shop's buyer, signed",
    to: 'foreign',
    from: SHOP,
    path: AWAY,
    domain: 'nord-shop.example',
    isRecorded: true,
  },
  { what: "another shop's buyer, by the shop's own machine", to: 'foreign', from: SHOP, isRecorded: true },
  {
    what: 'an order that is over, signed',
    to: 'closed',
    from: SHOP,
    path: AWAY,
    domain: 'nord-shop.example',
    isRecorded: true,
  },
  {
    what: 'an alias that was never made, signed',
    to: 'guessed',
    from: SHOP,
    path: AWAY,
    domain: 'nord-shop.example',
    isRecorded: true,
  },
  {
    what: 'an alias that was never made, and only the envelope names the shop',
    to: 'guessed',
    from: 'canary.x@away.example',
    path: SHOP,
    isRecorded: false,
  },
  {
    what: 'itself, as if it were the buyer, signed',
    to: 'seller',
    from: SHOP,
    domain: 'nord-shop.example',
    isRecorded: true,
  },
  {
    what: "another shop's buyer, by the registered helpdesk, signed",
    to: 'foreign',
    from: HELPDESK,
    path: AWAY,
    domain: 'desk-help.example',
    isRecorded: true,
  },
  { what: "another shop's buyer, by a machine of the helpdesk only", to: 'foreign', from: HELPDESK, isRecorded: false },
  {
    what: "another shop's buyer, by a machine of everybody's provider",
    to: 'foreign',
    from: FREE_SHOP,
    isRecorded: false,
  },
  {
    what: "another shop's buyer, and only the envelope names the shop",
    to: 'foreign',
    from: 'canary.x@away.example',
    path: SHOP,
    isRecorded: false,
  },
  {
    what: "another shop's buyer, and only From names the shop",
    to: 'foreign',
    from: SHOP,
    path: 'x@elsewhere.example',
    domain: 'elsewhere.example',
    isRecorded: false,
  },
  {
    what: 'somebody, who sent the signed letter on to an own alias',
    to: 'foreign',
    from: SHOP,
    path: AWAY,
    domain: 'nord-shop.example',
    writtenTo: 'canary.reader@elsewhere.example',
    isRecorded: false,
  },
  {
    what: "another shop's buyer, as a buyer",
    to: 'foreign',
    from: BUYER,
    domain: 'kim-home.example',
    isRecorded: false,
  },
];

for (const kind of STORES) {
  describe(`on ${kind}, a shop that writes to`, { skip: storeIsMissing(kind) }, () => {
    let world: Production;
    before(async () => {
      world = await startProduction(kind);
    });
    after(() => world[Symbol.asyncDispose]());

    const recorded = () =>
      world.relay
        .printed()
        .split('\n')
        .filter((line) => line.includes('bypass.tried'));

    for (const { what, to, from, path = from, domain, writtenTo, isRecorded } of CASES) {
      test(`${what}: ${isRecorded ? 'recorded' : 'refused only'}`, async () => {
        const before = recorded().length;
        const alias = to === 'guessed' ? neverMade(world.aliases.foreign) : world.aliases[to];
        const text = `${mail({ from, to: writtenTo ?? alias, text: 'Hello there' })}\r\n`;
        const data = domain === undefined ? text : await signed(text, { signingDomain: domain, signTime: new Date() });
        const reply = await sendRaw(world.relay.ports.mx, { from: path, to: [alias], data });
        assert.match(reply.text, /^550 5\.1\.1 No such mailbox here for you/);
        const lines = recorded().slice(before);
        assert.equal(lines.length, isRecorded ? 1 : 0, lines.join('\n'));
        if (isRecorded) assert.match(lines[0] ?? '', to === 'guessed' ? GUESSED : FOREIGN);
      });
    }

    test('one of its own and one of another: one record, for the other', async () => {
      const before = recorded().length;
      const { buyer, foreign } = world.aliases;
      const text = `${mail({ from: SHOP, to: `${buyer}>, <${foreign}`, text: 'To both of you' })}\r\n`;
      const data = await signed(text, { signingDomain: 'nord-shop.example', signTime: new Date() });
      const reply = await sendRaw(world.relay.ports.mx, { from: SHOP, to: [buyer, foreign], data });
      assert.match(reply.text, /^550 5\.1\.1 /);
      assert.equal(recorded().length, before + 1);
      assert.equal(world.sink.messages.length, 0);
    });
  });
}
