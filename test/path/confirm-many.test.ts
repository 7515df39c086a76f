/** Several messages and one question, addresses that are allowed, and the language of the pages; over real SMTP and HTTP, as in production. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { assertNoCanary } from '../support/canary.ts';
import { answer, CANARIES, startAsking, SUBJECT, UNSIGNED, type Asking } from '../support/questions.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const HELD = /^250 2\.0\.0 held/;
/** Nobody can look into this, so it is held whoever wrote it. */
const LOCKED = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1rQ\r\n-----END PGP MESSAGE-----';

for (const kind of STORES) {
  describe(`what the buyer answers, and has allowed, on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    let asking: Asking;
    before(async () => {
      asking = await startAsking(kind);
    });
    after(() => asking[Symbol.asyncDispose]());

    test('one answer counts for all that came from one address; what comes after the page was opened is asked about anew', async () => {
      const alias = await asking.order('CONFIRM-20');
      await asking.write(alias, 'The first');
      const { link } = await asking.question();
      await asking.write(alias, 'The second');
      await asking.write(alias, LOCKED);
      await asking.write(alias, 'By somebody who cannot sign', UNSIGNED);
      const other = await asking.question();
      const page = await (await fetch(link)).text();
      assert.match(page, /3 messages wait that came from one and the same address/);
      assert.doesNotMatch(await (await fetch(other.link)).text(), /messages wait/);
      assertNoCanary('the page', page, [...CANARIES, SUBJECT, 'The first', 'The second']);
      const upTo = /name="upTo" value="(\d+)"/.exec(page)?.[1] ?? '';
      await setTimeout(5);
      await asking.write(alias, 'While the buyer reads');
      const done = await answer(link, { answer: 'yes', upTo });
      assert.match(await done.text(), /the marketplace has to look at it/);
      const texts = [(await asking.next()).mail.text.trim(), (await asking.next()).mail.text.trim()];
      assert.deepEqual(texts.toSorted(), ['The first', 'The second']);
      const states = (await asking.cases('CONFIRM-20')).map(
        ({ status, confirmedAt }) => `${status} ${confirmedAt !== null}`,
      );
      assert.deepEqual(states.toSorted(), ['decided false', 'decided false', 'open false', 'open false', 'open true']);
      assert.match(
        await (await fetch(link)).text(),
        /Did you write to the seller/,
        'the last one waits for the same question',
      );
      assert.equal((await answer(link, { answer: 'no', upTo: '9999999999999' })).status, 200);
      assert.equal((await answer(other.link, { answer: 'no' })).status, 200);
      assert.match(await (await fetch(link)).text(), /This is settled/);
      await asking.nothingElse(alias);
    });

    test('whoever writes from many addresses has the buyer asked about three of them in an hour', async () => {
      const alias = await asking.order('CONFIRM-21');
      const { world } = asking;
      for (let n = 0; n < 6; n++) {
        const from = `canary.work+${n}.x${n}@elsewhere.example`;
        const draft = { from, path: 'x@away.example', to: alias, subject: SUBJECT, text: `Number ${n}` };
        assert.match((await world.send(draft, { domain: 'elsewhere.example' })).text, HELD);
      }
      const links = new Set([
        (await asking.question()).link,
        (await asking.question()).link,
        (await asking.question()).link,
      ]);
      assert.equal(links.size, 3);
      await asking.nothingElse(alias);
      assert.equal((await asking.cases('CONFIRM-21')).length, 6);
    });

    test('what the buyer has allowed can be seen, a part of it only, and taken back, by the buyer and by the marketplace', async () => {
      const alias = await asking.order('CONFIRM-22');
      const { relay } = asking.world;
      const listed = async (): Promise<readonly { readonly id: string; readonly at: string }[]> =>
        JSON.parse((await relay.api('GET', '/v1/orders/CONFIRM-22')).text).accepted;
      const allow = async (text: string) => {
        await asking.write(alias, text);
        const { link } = await asking.question();
        assert.equal((await answer(link, { answer: 'yes', always: 'yes' })).status, 200);
        await asking.next();
        return link;
      };
      assert.deepEqual(await listed(), []);
      const link = await allow('Is it there?');
      const [first, ...others] = await listed();
      assert.ok(first !== undefined && others.length === 0);
      assert.match(first.id, /^acc_[0-9a-f]{20}$/);
      assert.match(await (await fetch(link)).text(), new RegExp(`href="/confirm/${link.slice(-53)}/addresses"`));
      const page = await (await fetch(`${link}/addresses`)).text();
      assert.match(page, /c\*\*\*@elsewhere\.example/);
      assertNoCanary('the page', page, CANARIES);
      const back = (id: string) => answer(`${link}/addresses`, { id });
      assert.equal((await back('acc_00000000000000000000')).status, 409);
      assert.equal((await listed()).length, 1);
      const taken = await back(first.id);
      assert.deepEqual([taken.status, /There are none/.test(await taken.text())], [200, true]);
      assert.deepEqual(await listed(), []);
      assert.match((await asking.write(alias, 'And now?')).text, HELD);
      await answer((await asking.question()).link, { answer: 'yes' });
      await asking.next();

      await allow('It is not there.');
      const [again] = await listed();
      assert.equal(again?.id, first.id, 'the same address of the same order');
      const path = `/v1/orders/CONFIRM-22/accepted/${again.id}`;
      assert.equal((await relay.api('DELETE', path.replace('-22', '-21'))).status, 404, 'of another order it is none');
      assert.deepEqual(
        [(await relay.api('DELETE', path)).status, (await relay.api('DELETE', path)).status],
        [204, 404],
      );
      assert.match((await asking.write(alias, 'And once more?')).text, HELD);
      assert.equal((await fetch(`${link.replace(/.$/, '_')}/addresses`)).status, 404);
      assert.match(relay.printed(), /accepted\.removed/);
    });

    test('whoever has no good link is answered in the language of the browser, and who has one in that of the order', async () => {
      const alias = await asking.order('CONFIRM-23', 'fr');
      await asking.write(alias, 'Bonjour');
      const { link } = await asking.question();
      const ask = async (url: string, languages: string, method = 'GET') => {
        const response = await fetch(url, { method, headers: { 'accept-language': languages } });
        return /<html lang="(..)">/.exec(await response.text())?.[1];
      };
      const none = link.replace(/.$/, '_');
      for (const [languages, language] of [
        ['de-AT,de;q=0.9,en;q=0.8', 'de'],
        ['ja, fr;q=0.5, en;q=0.4', 'fr'],
        ['ja', 'en'],
        ['de;q=0, en', 'en'],
        ['*', 'en'],
      ] as const) {
        assert.equal(await ask(none, languages), language, languages);
        assert.equal(await ask(none, languages, 'PUT'), language, languages);
        assert.equal(await ask(link, languages), 'fr');
        assert.equal(await ask(link, languages, 'PUT'), 'fr');
      }
    });
  });
}
