/** What a buyer writes from an address that nobody registered: held, asked, answered; over real SMTP and HTTP, as in production. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { assertNoCanary } from '../support/canary.ts';
import { BUYER, SHOP } from '../support/production.ts';
import { answer, CANARIES, startAsking, SUBJECT, UNSIGNED, type Asking } from '../support/questions.ts';
import { oneHeader } from '../support/scenario.ts';
import { headerValues } from '../support/second-parser.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const HELD = /^250 2\.0\.0 held/;
const QUEUED = /^250 2\.0\.0 queued/;
/** Nobody can look into this, so it is held whoever wrote it. */
const LOCKED = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1rQ\r\n-----END PGP MESSAGE-----';

for (const kind of STORES) {
  describe(`mail from an address that nobody registered, on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    let asking: Asking;
    before(async () => {
      asking = await startAsking(kind);
    });
    after(() => asking[Symbol.asyncDispose]());

    const onlyCase = async (orderId: string) => {
      const [found, ...others] = await asking.cases(orderId);
      assert.ok(found !== undefined && others.length === 0);
      return found;
    };

    test('is asked about at the registered address; opening the link changes nothing, and yes delivers it', async () => {
      const alias = await asking.order('CONFIRM-1');
      assert.match((await asking.write(alias, 'Where is my parcel?')).text, HELD);
      const { mail, link } = await asking.question();
      assert.deepEqual(
        [oneHeader(mail, 'Auto-Submitted'), oneHeader(mail, 'Subject')],
        ['auto-generated', 'Did you write to the seller? (CONFIRM-1)'],
      );
      assert.equal(oneHeader(mail, 'From'), `Marketplace <${alias}>`);
      assert.equal(oneHeader(mail, 'Reply-To'), 'mailer-daemon@ord.market.example', 'the seller never gets the link');
      assert.match(oneHeader(mail, 'To'), /^b[0-9a-z]{26}@ord\.market\.example$/);
      assert.equal(headerValues(mail, 'DKIM-Signature').length, 2);
      assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/confirm\/[0-9a-z]{53}$/);
      assert.doesNotMatch(link, /CONFIRM-1/);

      for (const method of ['GET', 'HEAD', 'GET']) {
        const page = await fetch(link, { method });
        assert.equal(page.status, 200);
        if (method === 'GET')
          assertNoCanary('the page', await page.text(), [...CANARIES, SUBJECT, 'Where is my parcel?']);
      }
      assert.equal((await onlyCase('CONFIRM-1')).status, 'open');

      const done = await answer(link, { answer: 'yes' });
      assert.equal(done.status, 200);
      assert.match(await done.text(), /The message goes to the seller now/);
      const { message, mail: arrived } = await asking.next();
      assert.deepEqual(message.to, [SHOP]);
      assert.deepEqual([arrived.text.trim(), oneHeader(arrived, 'Subject')], ['Where is my parcel?', SUBJECT]);
      const { status, decision } = await onlyCase('CONFIRM-1');
      assert.deepEqual([status, decision?.outcome, decision?.by], ['decided', 'release', 'buyer']);

      for (const said of ['yes', 'no']) {
        const again = await answer(link, { answer: said });
        assert.deepEqual([again.status, /This is settled/.test(await again.text())], [409, true]);
      }
      assert.match(await (await fetch(link)).text(), /This is settled/);
      await asking.nothingElse(alias);
    });

    test('an answer to the question is refused, so that it quotes the link to nobody; and the log names no link', async () => {
      const alias = await asking.order('CONFIRM-15');
      await asking.write(alias, 'Hello');
      const { mail, link } = await asking.question();
      const reply = { from: BUYER, to: oneHeader(mail, 'Reply-To'), text: `> ${link}\r\n\r\nYes, that was me.` };
      assert.match((await asking.world.send(reply, { domain: 'kim-home.example' })).text, /^550 5\.1\.1 /);
      assert.equal((await fetch(link)).status, 200);
      assert.equal((await answer(link, { answer: 'no' })).status, 200);
      const printed = asking.world.relay.printed();
      assert.match(printed, /"method":"POST","route":"\/confirm\/:token","status":200/);
      assert.ok(!printed.includes(link.slice(-53)));
      await asking.nothingElse(alias);
    });

    test('the page is for its reader alone: no cookie, no cache, no referrer, no index, no script', async () => {
      const alias = await asking.order('CONFIRM-2');
      await asking.write(alias, 'Hello');
      const { link } = await asking.question();
      const page = await fetch(link);
      const { headers } = page;
      assert.deepEqual(
        ['set-cookie', 'cache-control', 'referrer-policy', 'x-robots-tag', 'x-content-type-options', 'etag'].map(
          (name) => headers.get(name),
        ),
        [null, 'no-store', 'no-referrer', 'noindex, nofollow', 'nosniff', null],
      );
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none';.*frame-ancestors 'none'/);
      assert.doesNotMatch(await page.text(), /<script|\sstyle=|<style|https?:/);
      for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const answered = await fetch(link, { method });
        assert.deepEqual([answered.status, answered.headers.get('allow')], [405, 'GET, HEAD, POST'], method);
      }
      for (const fields of [{}, { answer: 'perhaps' }, { always: 'yes' }]) {
        assert.equal((await answer(link, fields)).status, 422);
      }
      const json = { method: 'POST', body: '{"answer":"yes"}', headers: { 'content-type': 'application/json' } };
      assert.equal((await fetch(link, json)).status, 422);
      assert.equal((await onlyCase('CONFIRM-2')).status, 'open');
    });

    test('once accepted for good, the next signed one is delivered at once; an unsigned one, and one to another order, is held', async () => {
      const [alias, another] = [await asking.order('CONFIRM-3'), await asking.order('CONFIRM-4')];
      assert.match((await asking.write(alias, 'The first')).text, HELD);
      const { link } = await asking.question();
      assert.equal((await answer(link, { answer: 'yes', always: 'yes' })).status, 200);
      assert.match((await asking.next()).mail.text, /^The first/);

      assert.match((await asking.write(alias, 'The second')).text, QUEUED);
      const { message, mail } = await asking.next();
      assert.deepEqual([message.to, mail.text.trim()], [[SHOP], 'The second']);
      assert.match((await asking.write(alias, 'Not signed', UNSIGNED)).text, HELD);
      await asking.question();
      const forwarded = { domain: 'elsewhere.example', sealedBy: 'lists.example' };
      assert.match((await asking.write(alias, 'Through a list', forwarded)).text, HELD, 'a forwarder is not believed');
      await asking.nothingElse(alias);
      assert.match((await asking.write(another, 'To another order')).text, HELD);
      await asking.question();
    });

    test('yes, without more, accepts that one message', async () => {
      const alias = await asking.order('CONFIRM-5');
      await asking.write(alias, 'The first');
      const { link } = await asking.question();
      await answer(link, { answer: 'yes' });
      assert.match((await asking.next()).mail.text, /^The first/);
      assert.match((await asking.write(alias, 'The second')).text, HELD);
      assert.notEqual((await asking.question()).link, link, 'what was answered does not count for what comes after it');
    });

    test('no delivers nothing, and nobody hears of it', async () => {
      const alias = await asking.order('CONFIRM-6');
      await asking.write(alias, 'Please send it to another street.');
      const { link } = await asking.question();
      const done = await answer(link, { answer: 'no', always: 'yes' });
      assert.deepEqual([done.status, /is not passed on/.test(await done.text())], [200, true]);
      const { status, decision } = await onlyCase('CONFIRM-6');
      assert.deepEqual([status, decision?.outcome, decision?.by], ['decided', 'block', 'buyer']);
      assert.equal((await answer(link, { answer: 'yes' })).status, 409);
      await asking.nothingElse(alias);
      assert.match((await asking.write(alias, 'Once more')).text, HELD, 'and nobody was accepted');
      await asking.nothingElse(alias);
    });

    test('twenty at once are one question, and other orders have their own', async () => {
      const alias = await asking.order('CONFIRM-7');
      const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => asking.write(alias, `Number ${n}`)));
      for (const { text } of replies) assert.match(text, HELD);
      await asking.question();
      await asking.nothingElse(alias);
      assert.equal((await asking.cases('CONFIRM-7')).length, 20);
      const another = await asking.order('CONFIRM-8');
      await asking.write(another, 'Hello');
      assert.match(oneHeader((await asking.question()).mail, 'Subject'), /CONFIRM-8/);
    });

    test('two answers at once are one: the message arrives once', async () => {
      const alias = await asking.order('CONFIRM-9');
      await asking.write(alias, 'Only once');
      const { link } = await asking.question();
      const answers = await Promise.all(Array.from({ length: 5 }, () => answer(link, { answer: 'yes' })));
      const statuses = answers.map(({ status }) => status);
      assert.deepEqual(
        statuses.toSorted((one, other) => one - other),
        [200, 409, 409, 409, 409],
      );
      assert.match((await asking.next()).mail.text, /^Only once/);
      await asking.nothingElse(alias);
    });

    test('whoever made the link up hears one and the same 404', async () => {
      const alias = await asking.order('CONFIRM-10');
      await asking.write(alias, 'Hello');
      const { link } = await asking.question();
      const changed = (at: number) =>
        link.slice(0, at) + (link.at(at) === 'a' ? 'b' : 'a') + link.slice(at + 1 || link.length);
      const beginning = link.slice(0, -53);
      const made = [-1, -20, -30, -50]
        .map(changed)
        .concat(
          [
            'x',
            '0'.repeat(53),
            `${link.slice(-53)}0`,
            'a'.repeat(3000),
            '%2e%2e%2fapi',
            '%00',
            encodeURIComponent(SHOP),
          ].map((text) => beginning + text),
        );
      const pages = new Set<string>();
      for (const url of made) {
        for (const method of ['GET', 'POST']) {
          const response = await fetch(
            url,
            method === 'GET' ? {} : { method, body: new URLSearchParams({ answer: 'yes' }) },
          );
          assert.equal(response.status, 404, url);
          pages.add(await response.text());
        }
      }
      assert.equal(pages.size, 1);
      assert.equal((await onlyCase('CONFIRM-10')).status, 'open');
    });

    test('the trust team may be first: then the link says that it is settled', async () => {
      const alias = await asking.order('CONFIRM-11');
      await asking.write(alias, 'Hello there');
      const { link } = await asking.question();
      const { id } = await onlyCase('CONFIRM-11');
      const decided = await asking.world.relay.api('POST', `/v1/cases/${id}/decision`, {
        outcome: 'release',
        reason: 'known',
      });
      assert.equal(decided.status, 200, decided.text);
      assert.match((await asking.next()).mail.text, /^Hello there/);
      assert.match(await (await fetch(link)).text(), /This is settled/);
      assert.equal((await answer(link, { answer: 'no' })).status, 409);
      await asking.nothingElse(alias);
    });

    test('what is held for something else too stays held when the buyer says yes, and a person lets it go', async () => {
      const alias = await asking.order('CONFIRM-12');
      await asking.write(alias, LOCKED);
      const { link } = await asking.question();
      const done = await answer(link, { answer: 'yes', always: 'yes' });
      assert.match(await done.text(), /the marketplace has to look at it/);
      const { id, status, confirmedAt } = await onlyCase('CONFIRM-12');
      assert.equal(status, 'open');
      assert.match(confirmedAt ?? '', /^20\d\d-/);
      for (const said of ['yes', 'no']) assert.equal((await answer(link, { answer: said })).status, 409);
      await asking.nothingElse(alias);
      assert.match((await asking.write(alias, 'And this?')).text, QUEUED, 'the author is accepted all the same');
      assert.match((await asking.next()).mail.text, /^And this\?/);
      const decided = await asking.world.relay.api('POST', `/v1/cases/${id}/decision`, {
        outcome: 'release',
        reason: 'fine',
      });
      assert.equal(decided.status, 200, decided.text);
      assert.deepEqual((await asking.next()).message.to, [SHOP]);
    });

    test('what an answering machine sends is held, and nobody is asked', async () => {
      const alias = await asking.order('CONFIRM-13');
      const headers = ['Auto-Submitted: auto-replied'];
      assert.match((await asking.write(alias, 'I am away', { domain: 'elsewhere.example', headers })).text, HELD);
      await asking.nothingElse(alias);
    });

    test('a large message takes the same way, in a thread of its own', async () => {
      const alias = await asking.order('CONFIRM-14');
      const text = 'The story of my parcel.\r\n'.repeat(2000);
      assert.match((await asking.write(alias, text)).text, HELD);
      const { link } = await asking.question();
      assert.equal((await answer(link, { answer: 'yes', always: 'yes' })).status, 200);
      assert.match((await asking.next()).mail.text, /^The story of my parcel\./);
      assert.match((await asking.write(alias, text)).text, QUEUED);
      await asking.next();
    });

    for (const [locale, subject, button] of [
      ['de-AT', 'Haben Sie an den Verkäufer geschrieben? (CONFIRM-de)', 'Ja, das war ich'],
      ['fr', 'Avez-vous écrit au vendeur ? (CONFIRM-fr)', 'Oui, c&#39;était moi'],
      ['ja', 'Did you write to the seller? (CONFIRM-ja)', 'Yes, that was me'],
    ] as const) {
      test(`a buyer of the locale ${locale} is asked in that language, or in English`, async () => {
        const alias = await asking.order(`CONFIRM-${locale.slice(0, 2)}`, locale);
        await asking.write(alias, 'Hello');
        const { mail, link } = await asking.question();
        assert.equal(oneHeader(mail, 'Subject'), subject);
        assert.ok((await (await fetch(link)).text()).includes(button));
      });
    }
  });

  describe(`mail that nobody confirms, on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test('is thrown away at its own deadline, whatever holds do otherwise: nobody is told, and its link leads nowhere', async () => {
      await using asking = await startAsking(kind, {
        VEILPOST_HOLD__UNCONFIRMED: '4s',
        VEILPOST_HOLD__DEADLINE: '1h',
        VEILPOST_HOLD__ON_DEADLINE: 'release',
      });
      const alias = await asking.order('PURGE-1');
      assert.match((await asking.write(alias, 'Where is my parcel?')).text, HELD);
      const { link } = await asking.question();
      const first = async () => (await asking.cases('PURGE-1'))[0];
      const { messageId = '' } = (await first()) ?? {};
      assert.equal(await asking.keepsOriginal(messageId), true);
      while ((await first())?.status === 'open') await setTimeout(50);
      const { decision } = (await first()) ?? {};
      assert.deepEqual([decision?.outcome, decision?.by], ['return', 'deadline']);
      assert.equal(await asking.keepsOriginal(messageId), false);
      const over = await fetch(link);
      assert.equal(over.status, 404);
      assert.equal(
        await over.text(),
        await (await fetch(link.replace(/.$/, '_'))).text(),
        'as for one that was made up',
      );
      assert.equal((await answer(link, { answer: 'yes' })).status, 404);
      await asking.nothingElse(alias);
    });
  });
}
