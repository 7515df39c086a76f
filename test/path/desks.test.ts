/**
 * postmaster@, abuse@ and lint@ of a relay that runs for real (CONTRACT 4, security.md CM-28): who runs the relay can be written to by
 * everybody and always; a seller can ask what the rules say; and neither is a way to anybody else.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  BUYER,
  HELPDESK,
  OTHER_SHOP,
  SHOP,
  startProduction,
  type How,
  type Production,
} from '../support/production.ts';
import { mail, type Draft } from '../support/registered.ts';
import { readWithPython } from '../support/second-parser.ts';
import { connectSmtp, sendRaw } from '../support/smtp-client.ts';
import { startScenario, type Scenario } from '../support/scenario.ts';

const OPERATOR = 'admin@acme.example';
const DOMAIN = 'ord.market.example';
const STRANGER = 'canary.somebody@elsewhere.example';

/** One message from another address of the loopback: each source has an allowance of its own. */
async function send(world: Production, from: string, draft: Draft & { readonly path?: string }, how?: How) {
  await using client = await connectSmtp(world.relay.ports.mx, from);
  await client.say('EHLO client.test');
  await client.say(`MAIL FROM:<${draft.path ?? draft.from}>`);
  const recipient = await client.say(`RCPT TO:<${draft.to}>`);
  if (recipient.code !== 250) return recipient.text;
  await client.say('DATA');
  return (await client.say(`${await world.letter(draft, how)}\r\n.`)).text;
}

describe('the operator', () => {
  let world: Production;
  before(async () => void (world = await startProduction('SQLite', { VEILPOST_OPERATOR__MAILBOX: OPERATOR })));
  after(async () => await world[Symbol.asyncDispose]());

  for (const [index, to] of [
    `postmaster@${DOMAIN}`,
    `PostMaster@${DOMAIN.toUpperCase()}`,
    'postmaster',
    'POSTMASTER',
    `abuse@${DOMAIN}`,
    'Abuse@mail.market.example',
  ].entries()) {
    for (const path of [STRANGER, '']) {
      test(`CM-28 mail to <${to}> from ${path === '' ? 'the null path' : 'a stranger'} comes to the operator as it was sent, once`, async () => {
        const count = world.sink.messages.length;
        const draft = {
          from: STRANGER,
          to,
          path,
          subject: `Report ${index}`,
          text: 'One of your sellers.\r\n..\r\n.x',
        };
        const data = (await world.letter(draft)).replaceAll(/^\./gm, '..');
        await using client = await connectSmtp(world.relay.ports.mx, `127.8.${index}.1`);
        await client.say('EHLO client.test');
        await client.say(`MAIL FROM:<${path}>`);
        assert.equal((await client.say(`RCPT TO:<${to}>`)).code, 250);
        await client.say('DATA');
        assert.match((await client.say(`${data}\r\n.`)).text, /^250 2\.0\.0 passed on to the operator\r\n$/);
        const got = world.sink.messages[count];
        assert.equal(world.sink.messages.length, count + 1, 'handed over before the 250, and once');
        assert.deepEqual([got?.from, got?.to], ['', [OPERATOR]]);
        const [head = '', ...rest] = got?.bytes.toString().split(/(?=^From: )/m) ?? [];
        const hop = `^Received: from \\[127\\.8\\.${index}\\.1\\] by mail\\.market\\.example;\\r\\n [^\\r]+\\r\\nVeilpost-Hops: 1\\r\\n$`;
        assert.match(head, new RegExp(hop));
        assert.equal(rest.join(''), `${data.replaceAll(/^\.\./gm, '.')}\r\n`);
      });
    }
  }

  test('of one address 20 messages an hour are passed on, and the next is put off; of another one they are taken', async () => {
    const draft = { from: STRANGER, to: `abuse@${DOMAIN}`, text: 'Again.' };
    const answers: string[] = [];
    for (let index = 0; index < 22; index++) answers.push((await send(world, '127.9.0.1', draft)).slice(0, 9));
    assert.deepEqual(answers, [...Array<string>(20).fill('250 2.0.0'), ...Array<string>(2).fill('451 4.7.1')]);
    assert.match(await send(world, '127.9.0.2', draft), /^250 /);
  });

  test('CM-28 whoever has tried too many aliases can still write to postmaster', async () => {
    for (let session = 0; session < 15; session++) {
      await using client = await connectSmtp(world.relay.ports.mx, '127.9.1.1');
      await client.say('EHLO client.test');
      await client.say(`MAIL FROM:<${STRANGER}>`);
      for (let index = 0; index < 4; index++)
        assert.equal((await client.say(`RCPT TO:<x${index}@${DOMAIN}>`)).code, 550);
    }
    const draft = { from: STRANGER, text: 'Why am I refused?' };
    assert.match(await send(world, '127.9.1.1', { ...draft, to: world.aliases.buyer }), /^421 4\.7\.0 /);
    assert.match(await send(world, '127.9.1.1', { ...draft, to: `postmaster@${DOMAIN}` }), /^250 /);
  });

  test('what is over 5 MB is refused, and the next client is served', async () => {
    const draft = { from: STRANGER, to: `abuse@${DOMAIN}`, text: `${'x'.repeat(70)}\r\n`.repeat(75_000) };
    assert.match(await send(world, '127.9.2.1', draft), /^552 5\.3\.4 /);
    assert.match(await send(world, '127.9.2.1', { ...draft, text: 'Shorter.' }), /^250 /);
  });

  test('a mailbox that sends it back ends the circle at the fourth pass', async () => {
    let count = world.sink.messages.length;
    let draft: Draft = { from: STRANGER, to: `postmaster@${DOMAIN}`, text: 'Round and round.' };
    for (let pass = 1; pass <= 3; pass++) {
      assert.match(await send(world, '127.9.3.1', draft), /^250 /);
      const got = world.sink.messages[count++]?.bytes.toString() ?? '';
      assert.match(got, new RegExp(`^Veilpost-Hops: ${pass}\\r$`, 'm'));
      draft = { ...draft, headers: [`Veilpost-Hops: ${pass}`] };
    }
    assert.match(await send(world, '127.9.3.1', draft), /^554 5\.4\.6 /);
    assert.equal(world.sink.messages.length, count);
  });

  for (const [what, answer] of [
    ['refuses it for good', '550 5.1.1 no such user admin@acme.example'],
    ['cannot take it now', '451 4.2.2 full'],
    ['breaks off', 'drop'],
  ] as const) {
    test(`when the operator's server ${what}, it is put off in our own words, and taken when it is sent again`, async () => {
      const count = world.sink.messages.length;
      world.sink.answer({ message: answer });
      const draft = { from: STRANGER, to: `postmaster@${DOMAIN}`, text: 'Hello?' };
      const text = await send(world, '127.9.4.1', draft);
      assert.match(text, /^451 4\.3\.0 /);
      assert.doesNotMatch(text, /acme|user|full/);
      world.sink.answer('accept');
      assert.match(await send(world, '127.9.4.1', draft), /^250 /);
      assert.equal(world.sink.messages.length, count + 1);
    });
  }

  for (const [what, first, second] of [
    ['an alias behind a desk', 'postmaster', 'alias'],
    ['a desk behind an alias', 'alias', 'postmaster'],
    ['another desk', 'postmaster', 'lint'],
  ] as const) {
    test(`${what} is for the next transaction (452), and the first recipient gets the message`, async () => {
      const count = world.sink.messages.length;
      const to = { alias: world.aliases.buyer, postmaster: `postmaster@${DOMAIN}`, lint: `lint@${DOMAIN}` };
      await using client = await connectSmtp(world.relay.ports.mx, '127.9.5.1');
      await client.say('EHLO client.test');
      await client.say(`MAIL FROM:<${SHOP}>`);
      assert.equal((await client.say(`RCPT TO:<${to[first]}>`)).code, 250);
      assert.match((await client.say(`RCPT TO:<${to[second]}>`)).text, /^452 4\.5\.3 /);
      await client.say('DATA');
      const draft = { from: SHOP, to: to[first], text: 'Your parcel is on its way.' };
      const data = await world.letter(draft, { domain: 'nord-shop.example' });
      assert.match((await client.say(`${data}\r\n.`)).text, /^250 /);
      await world.sink.waitFor(count + 1);
      assert.equal(world.sink.messages[count]?.to[0], first === 'alias' ? BUYER : OPERATOR);
    });
  }

  test('report@ is refused: nobody reads it yet', async () => {
    assert.match(await send(world, '127.9.6.1', { from: SHOP, to: `report@${DOMAIN}`, text: 'x' }), /^550 5\.1\.1 /);
  });
});

test('without operator.mailbox the start says so, and mail to postmaster is put off, not refused', async () => {
  await using world = await startProduction('SQLite');
  assert.match(world.relay.printed(), /"operator\.missing".*"operator\.mailbox"/);
  const draft = { from: STRANGER, to: `postmaster@${DOMAIN}`, text: 'x' };
  assert.match(await send(world, '127.9.0.1', draft), /^451 4\.3\.0 /);
  assert.equal(world.sink.messages.length, 0);
});

describe('what the rules say', () => {
  let world: Production;
  before(async () => void (world = await startProduction('SQLite', { VEILPOST_OPERATOR__MAILBOX: OPERATOR })));
  after(async () => await world[Symbol.asyncDispose]());

  const to = `lint@${DOMAIN}`;
  const OFFER = 'Please change your 1 star review to 5 and we send you 20 EUR.';
  const signed = { domain: 'nord-shop.example' };

  test('a seller who asks reads verdict, words, reason and remedy, and nobody else gets anything', async () => {
    const draft = { from: SHOP, to, subject: 'A draft', text: OFFER };
    assert.match(await send(world, '127.0.0.1', draft, signed), /^250 2\.0\.0 judged: block; /);
    const got = world.sink.messages.at(-1);
    assert.equal(world.sink.messages.length, 1, 'sent before the 250');
    assert.deepEqual([got?.from, got?.to], ['', [SHOP]]);
    const answer = readWithPython(got?.bytes ?? Buffer.alloc(0));
    const text = JSON.stringify(answer);
    for (const expected of [
      /Verdict:  block/,
      /Not delivered: the message breaks a rule/,
      /change your 1 star review/,
      /rules#/,
    ]) {
      assert.match(text, expected);
    }
    assert.match(got?.bytes.toString() ?? '', /^Auto-Submitted: auto-replied\r$/m);
    assert.equal(got?.bytes.toString().match(/^DKIM-Signature: /gm)?.length, 2);
  });

  test('a harmless draft is told to be harmless', async () => {
    const count = world.sink.messages.length;
    const draft = { from: HELPDESK, to, text: 'Your parcel is on its way.' };
    assert.match(
      await send(world, '127.0.0.1', draft, { domain: 'desk-help.example' }),
      /^250 2\.0\.0 judged: deliver; /,
    );
    assert.deepEqual(world.sink.messages[count]?.to, [HELPDESK]);
    assert.match(world.sink.messages[count]?.bytes.toString() ?? '', /It would be delivered as it is/);
  });

  test('a stranger gets the answer of an alias that does not exist, at the same moment; a buyer too', async () => {
    const count = world.sink.messages.length;
    for (const [from, domain] of [
      [STRANGER, 'elsewhere.example'],
      [BUYER, 'kim-home.example'],
    ] as const) {
      const answers = new Set<string>();
      for (const recipient of [to, world.aliases.foreign]) {
        answers.add((await world.send({ from, to: recipient, text: OFFER }, { domain })).text);
      }
      assert.equal(answers.size, 1, [...answers].join(''));
      assert.match([...answers][0] ?? '', /^550 5\.1\.1 /);
    }
    assert.match(await send(world, '127.0.0.1', { from: SHOP, to, path: '', text: OFFER }, signed), /^550 5\.1\.1 /);
    assert.equal(world.sink.messages.length, count);
  });

  test('whoever forges a registered address, or one that nobody registered, reads the same: none is told apart', async () => {
    const count = world.sink.messages.length;
    const answers = new Set<string>();
    for (const from of [SHOP, HELPDESK, 'nobody@nord-shop.example', STRANGER]) {
      answers.add(await send(world, '127.1.0.1', { from, to, path: 'x@away.example', text: OFFER }));
    }
    assert.equal(answers.size, 1, [...answers].join(''));
    assert.match([...answers][0] ?? '', /^550 5\.1\.1 /);
    assert.equal(world.sink.messages.length, count);
  });

  test('a registered author whose machines sent it, but who must sign, is told what is missing', async () => {
    const count = world.sink.messages.length;
    assert.match(await send(world, '127.0.0.1', { from: HELPDESK, to, text: OFFER }), /^550 5\.7\.1 The sender is not/);
    assert.equal(world.sink.messages.length, count);
  });

  test('what is over 64 kB is refused before the rules read it, and what is under is judged', async () => {
    const text = `${'x'.repeat(70)}\r\n`;
    const draft = { from: OTHER_SHOP, to };
    const sued = { domain: 'sued-shop.example' };
    assert.match(await send(world, '127.0.0.1', { ...draft, text: text.repeat(900) }, sued), /^552 5\.3\.4 /);
    assert.match(await send(world, '127.0.0.1', { ...draft, text: text.repeat(700) }, sued), /^250 2\.0\.0 judged/);
  });

  test('an answering machine is not answered', async () => {
    const count = world.sink.messages.length;
    const draft = { from: SHOP, to, text: 'I am away.', headers: ['Auto-Submitted: auto-replied'] };
    assert.match(await send(world, '127.0.0.1', draft, signed), /^250 2\.0\.0 noted/);
    assert.equal(world.sink.messages.length, count);
  });

  test('one seller may ask 30 times an hour; another one then still may', async () => {
    const codes: string[] = [];
    const ask = (from: string, domain: string) => send(world, '127.0.0.1', { from, to, text: 'A parcel.' }, { domain });
    for (let index = 0; index < 33; index++) codes.push((await ask(SHOP, 'nord-shop.example')).slice(0, 9));
    // Two were asked by this seller above.
    assert.deepEqual(codes, [...Array<string>(28).fill('250 2.0.0'), ...Array<string>(5).fill('451 4.7.1')]);
    assert.match(await ask(OTHER_SHOP, 'sued-shop.example'), /^250 /);
  });
});

describe('a crowd at one desk', () => {
  let world: Production;
  before(async () => void (world = await startProduction('SQLite', { VEILPOST_OPERATOR__MAILBOX: OPERATOR })));
  after(async () => await world[Symbol.asyncDispose]());

  test('what could not be handed over takes no place: after twenty such, twenty are passed on', async () => {
    const draft = { from: STRANGER, to: `abuse@${DOMAIN}`, text: 'Again.' };
    world.sink.answer({ message: '451 4.2.2 full' });
    for (let index = 0; index < 21; index++) assert.match(await send(world, '127.7.0.1', draft), /^451 4\.3\.0 /);
    world.sink.answer('accept');
    for (let index = 0; index < 20; index++) assert.match(await send(world, '127.7.0.1', draft), /^250 /);
    assert.match(await send(world, '127.7.0.1', draft), /^451 4\.7\.1 /);
  });

  test('strangers who fill the desk of the operator do not close lint for the sellers', async () => {
    const draft = { from: STRANGER, to: `abuse@${DOMAIN}`, text: 'Again.' };
    const answers: string[] = [];
    for (let source = 1; source <= 9; source++) {
      for (let index = 0; index < 20; index++)
        answers.push((await send(world, `127.7.1.${source}`, draft)).slice(0, 3));
    }
    assert.deepEqual(answers, Array<string>(180).fill('250'));
    assert.match(await send(world, '127.7.1.10', draft), /^451 4\.7\.1 /);
    const ask = { from: SHOP, to: `lint@${DOMAIN}`, text: 'A parcel.' };
    assert.match(await send(world, '127.0.0.1', ask, { domain: 'nord-shop.example' }), /^250 2\.0\.0 judged/);
  });
});

describe('in the sandbox', () => {
  let scene: Scenario;
  before(async () => void (scene = await startScenario('SQLite', { VEILPOST_DELIVERY__ROUTE: 'sandbox' })));
  after(async () => await scene[Symbol.asyncDispose]());

  async function inboxOf(address: string) {
    const { text } = await scene.relay.api('GET', `/sandbox/inboxes/${encodeURIComponent(address)}`);
    const { data }: { data: { id: string; subject: string }[] } = JSON.parse(text);
    return data;
  }

  test('postmaster has an inbox', async () => {
    const draft = { from: 'somebody@elsewhere.test', to: 'postmaster', subject: 'Hello operator', text: 'x' };
    const { from } = draft;
    assert.equal((await sendRaw(scene.relay.ports.mx, { from, to: ['postmaster'], data: mail(draft) })).code, 250);
    assert.deepEqual(
      (await inboxOf('postmaster@relay.test')).map(({ subject }) => subject),
      ['Hello operator'],
    );
  });

  test('a sandbox seller who writes to lint reads the verdict; its buyer does not exist there', async () => {
    const { seller, buyer } = scene.pair;
    const ask = (from: string) => {
      const data = mail({ from, to: 'lint@relay.test', subject: 'Draft', text: 'Call me at +49 30 1234567 instead.' });
      return sendRaw(scene.relay.ports.mx, { from, to: ['lint@relay.test'], data });
    };
    assert.match((await ask(seller)).text, /^250 2\.0\.0 judged: /);
    assert.match((await inboxOf(seller))[0]?.subject ?? '', /^What the rules say: /);
    assert.match((await ask(buyer)).text, /^550 5\.1\.1 /);
  });

  test('a seller who signed in reads it in its inbox, whatever it wrote into From', async () => {
    const { sellerId, seller } = scene.pair;
    const credential = { username: 'asks', password: 'long enough 1' };
    const made = await scene.relay.api('POST', `/v1/sellers/${sellerId}/credentials`, credential);
    assert.ok(made.status < 300, made.text);
    await using client = await connectSmtp(scene.relay.ports.submission);
    await client.say('EHLO client.test');
    const signIn = Buffer.from(`\0${credential.username}\0${credential.password}`).toString('base64');
    assert.equal((await client.say(`AUTH PLAIN ${signIn}`)).code, 235);
    await client.say('MAIL FROM:<x@elsewhere.test>');
    assert.equal((await client.say('RCPT TO:<lint@relay.test>')).code, 250);
    await client.say('DATA');
    const before = (await inboxOf(seller)).length;
    const letter = mail({ from: 'victim@elsewhere.test', to: 'lint@relay.test', text: 'A parcel.' });
    assert.match((await client.say(`${letter}\r\n.`)).text, /^250 2\.0\.0 judged: deliver/);
    assert.equal((await inboxOf(seller)).length, before + 1);
    assert.equal((await inboxOf('victim@elsewhere.test')).length, 0);
  });
});
