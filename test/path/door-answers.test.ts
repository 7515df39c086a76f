/**
 * What the doors of a running relay give away (CONTRACT 4, security.md CM-16, CM-23, CM-27, AU-12): an alias that was never made, belongs
 * to another seller's order, or to one that is over, is answered alike: same text, same code, same moment, same time. And nothing goes
 * anywhere else.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import { BUYER, SHOP, startProduction, type Production } from '../support/production.ts';
import { startScenario, type Scenario } from '../support/scenario.ts';
import { connectSmtp } from '../support/smtp-client.ts';

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

/** Mann-Whitney: how many standard deviations the ranks of `one` are from those of as many of the same kind. */
function rankDistance(one: readonly number[], other: readonly number[]): number {
  const [n, m] = [one.length, other.length];
  const wins = one
    .flatMap((a) => other.map((b): number => (a < b ? 1 : a === b ? 0.5 : 0)))
    .reduce((sum, win) => sum + win, 0);
  return (wins - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

/** Five standard deviations: one run in a million of two that are the same. And medians that differ by less than a quarter. */
function assertAlike(samples: ReadonlyMap<string, readonly number[]>, context: TestContext): void {
  const kinds = [...samples];
  for (const [kind, times] of kinds)
    context.diagnostic(`${kind}: median ${median(times).toFixed(2)} ms of ${times.length}`);
  for (const [index, [kind, times]] of kinds.entries()) {
    for (const [other, others] of kinds.slice(index + 1)) {
      const distance = rankDistance(times, others);
      context.diagnostic(`${kind} against ${other}: ${distance.toFixed(2)} standard deviations`);
      assert.ok(Math.abs(distance) < 5, `${kind}, ${other}: ${distance}`);
      const larger = Math.max(median(times), median(others));
      assert.ok(Math.abs(median(times) - median(others)) < larger / 4, `${kind}, ${other}`);
    }
  }
}

function addTo(samples: Map<string, number[]>, kind: string, time: number): void {
  samples.set(kind, [...(samples.get(kind) ?? []), time]);
}

describe('sellers', () => {
  let scenario: Scenario;
  before(async () => void (scenario = await startScenario('SQLite')));
  after(async () => await scenario[Symbol.asyncDispose]());

  test('a wrong password takes as long for a user that exists as for one that does not', async (context) => {
    const { relay, pair } = scenario;
    const made = await relay.api('POST', `/v1/sellers/${pair.sellerId}/credentials`, {
      username: 'exists',
      password: 'long enough 1',
    });
    assert.ok(made.status < 300, made.text);
    const samples = new Map<string, number[]>();
    const answers = new Set<string>();
    for (let index = 0; index < 30; index++) {
      const user = index % 2 === 0 ? 'exists' : `nobody-${index}`;
      await using client = await connectSmtp(relay.ports.submission, `127.3.${index}.1`);
      await client.say('EHLO client.test');
      const begun = performance.now();
      const { text } = await client.say(`AUTH PLAIN ${Buffer.from(`\0${user}\0wrong`).toString('base64')}`);
      addTo(samples, user === 'exists' ? 'a user' : 'nobody', performance.now() - begun);
      answers.add(text);
    }
    assert.equal(answers.size, 1);
    assert.match([...answers][0] ?? '', /^535 5\.7\.8 /);
    assertAlike(samples, context);
  });

  test('a seller that signed in cannot tell unknown, foreign and closed aliases apart', async (context) => {
    const { relay, pair } = scenario;
    const put = async (path: string, body: object) => {
      const answer = await relay.api('PUT', path, body);
      assert.ok(answer.status < 300, answer.text);
      const read: { aliases: { buyer: string } } = JSON.parse(answer.text);
      return read;
    };
    const buyer = { id: 'kim', address: BUYER };
    const closed = await put('/v1/orders/OVER', { sellerId: pair.sellerId, buyer, closesAt: '2020-01-01T00:00:00Z' });
    const kinds = new Map([
      ['unknown', pair.aliases.buyer.replace(/^b./, (start) => (start === 'b0' ? 'b1' : 'b0'))],
      ['foreign', pair.aliases.buyer],
      ['closed', closed.aliases.buyer],
      ['not ours', 'somebody@elsewhere.example'],
    ]);
    const samples = new Map<string, number[]>();
    const answers = new Set<string>();
    for (let seller = 0; seller < 4; seller++) {
      await put(`/v1/sellers/asks-${seller}`, {
        name: 'Asks',
        inbox: `asks${seller}@asks.test`,
        senders: [`asks${seller}@asks.test`],
      });
      const made = await relay.api('POST', `/v1/sellers/asks-${seller}/credentials`, {
        username: `asks-${seller}`,
        password: 'long enough 1',
      });
      assert.ok(made.status < 300, made.text);
      for (let session = 0; session < 15; session++) {
        await using client = await connectSmtp(relay.ports.submission, `127.5.${seller}.1`);
        await client.say('EHLO client.test');
        const signIn = Buffer.from(`\0asks-${seller}\0long enough 1`).toString('base64');
        assert.equal((await client.say(`AUTH PLAIN ${signIn}`)).code, 235);
        await client.say(`MAIL FROM:<asks${seller}@asks.test>`);
        for (const [kind, alias] of [...kinds, ...kinds].slice(session % 4, (session % 4) + 4)) {
          const begun = performance.now();
          const { text } = await client.say(`RCPT TO:<${alias}>`);
          addTo(samples, kind, performance.now() - begun);
          if (kind !== 'not ours') answers.add(text);
        }
      }
    }
    assert.equal(answers.size, 1, [...answers].join(''));
    assert.match([...answers][0] ?? '', /^550 5\.1\.1 /);
    assertAlike(samples, context);
  });
});

describe('other servers', () => {
  let production: Production;
  before(async () => void (production = await startProduction('SQLite')));
  after(async () => await production[Symbol.asyncDispose]());

  /** What is answered to each command, and how long the two answers took that could tell something. */
  async function tryAlias(alias: string, data: string, from: string) {
    await using client = await connectSmtp(production.relay.ports.mx, from);
    const said: string[] = [];
    const times: number[] = [];
    for (const line of ['EHLO client.test', `MAIL FROM:<${SHOP}>`, `RCPT TO:<${alias}>`, 'DATA', `${data}\r\n.`]) {
      const begun = performance.now();
      said.push((await client.say(line)).text);
      times.push(performance.now() - begun);
    }
    return { said: said.slice(2).join(''), recipientMs: times[2] ?? 0, dataMs: times[4] ?? 0 };
  }

  test('another server cannot tell unknown, foreign and closed aliases apart, by what is said, when, or how soon', async (context) => {
    const [atRecipient, afterData] = [new Map<string, number[]>(), new Map<string, number[]>()];
    const answers = new Set<string>();
    const { aliases } = production;
    const unknown = aliases.buyer.replace(/^b./, (start) => (start === 'b0' ? 'b1' : 'b0'));
    const kinds = [
      ['unknown', unknown],
      ['foreign', aliases.foreign],
      ['closed', aliases.closed],
      ['its own, forged', aliases.buyer],
    ] as const;
    for (let round = 0; round < 25; round++) {
      // In turn, so that what the machine does meanwhile falls on all of them.
      for (let turn = 0; turn < kinds.length; turn++) {
        const [kind, alias] = kinds[(round + turn) % kinds.length] ?? kinds[0];
        const draft = { from: SHOP, to: alias, text: 'Your order is on its way.' };
        const by = kind === 'its own, forged' ? 'elsewhere.example' : 'nord-shop.example';
        const data = await production.letter(draft, { domain: by });
        const { said, recipientMs, dataMs } = await tryAlias(alias, data, `127.5.${round}.1`);
        addTo(atRecipient, `${kind}, RCPT`, recipientMs);
        addTo(afterData, `${kind}, data`, dataMs);
        answers.add(said);
      }
    }
    assert.equal(answers.size, 1, [...answers].join(''));
    assert.match([...answers][0] ?? '', /^250 [^\r]*\r\n354 [^\r]*\r\n550 5\.1\.1 /);
    assert.equal(production.sink.messages.length, 0);
    for (const samples of [atRecipient, afterData]) {
      assert.ok(
        [...samples.values()].every((times) => Math.min(...times) >= 24),
        'none is answered sooner',
      );
      assertAlike(samples, context);
    }
  });

  test('what is written as no alias is refused at once, and so is a return path that was never given out', async () => {
    const { aliases } = production;
    const forged = aliases.buyer.replace(/^b/, 'r0123');
    for (const recipient of ['b123@ord.market.example', 'kim@ord.market.example', forged]) {
      await using client = await connectSmtp(production.relay.ports.mx, '127.4.0.2');
      await client.say('EHLO client.test');
      await client.say(`MAIL FROM:<${SHOP}>`);
      assert.match((await client.say(`RCPT TO:<${recipient}>`)).text, /^550 5\.1\.1 /, recipient);
    }
  });

  test('CM-27 nothing is relayed to anybody, however the recipient is written', async () => {
    const ours = 'ord.market.example';
    const recipients = [
      '<v@x.example>',
      `<v%x.example@${ours}>`,
      `<@${ours}:v@x.example>`,
      `<"v@x.example"@${ours}>`,
      `<v@x.example@${ours}>`,
      `<x.example!v@${ours}>`,
      '<v@[127.0.0.1]>',
      '<v@[IPv6:::1]>',
      '<v@localhost>',
      '<v>',
      `<v@${ours}.>`,
      '< v@x.example>',
      ' v@x.example',
      '<v@mail.market.example>',
      '<"v x.example">',
      `<v@x.example,w@${ours}>`,
    ];
    let session = 0;
    for (const sender of ['<>', `<a@${ours}>`, '<a@localhost>', `<${SHOP}>`]) {
      for (const recipient of recipients) {
        session += 1;
        await using client = await connectSmtp(production.relay.ports.mx, `127.6.${session}.1`);
        await client.say('EHLO client.test');
        const mail = await client.say(`MAIL FROM:${sender}`);
        const { code } = await client.say(`RCPT TO:${recipient}`);
        assert.ok(code >= 500 && code < 600, `${sender} ${recipient}: ${mail.code} ${code}`);
        assert.equal((await client.say('DATA')).code, 503);
      }
    }
    assert.equal(session, 64);
    assert.equal(production.sink.messages.length, 0);
  });

  test('CM-11 VRFY and EXPN take the same time for an alias, a real address, postmaster and nobody', async (context) => {
    const asked = [production.aliases.buyer, BUYER, 'postmaster@ord.market.example', 'nobody@ord.market.example'];
    const samples = new Map<string, number[]>();
    for (let round = 0; round < 8; round++) {
      await using client = await connectSmtp(production.relay.ports.mx, `127.4.1.${round + 1}`);
      await client.say('EHLO client.test');
      for (let turn = 0; turn < 40; turn++) {
        const about = asked[(round + turn) % asked.length] ?? '';
        const begun = performance.now();
        assert.match((await client.say(`VRFY ${about}`)).text, /^252 [^@]*\r\n$/);
        addTo(samples, `VRFY ${asked.indexOf(about)}`, performance.now() - begun);
      }
      // An error each: four a session are answered at once.
      for (let turn = 0; turn < asked.length; turn++) {
        const about = asked[(round + turn) % asked.length] ?? '';
        const begun = performance.now();
        assert.match((await client.say(`EXPN ${about}`)).text, /^5\d\d [^@]*\r\n$/);
        addTo(samples, `EXPN ${asked.indexOf(about)}`, performance.now() - begun);
      }
    }
    // Under a millisecond each: only the ranks say something, and of the same command.
    for (const command of ['VRFY', 'EXPN']) {
      const kinds = [...samples].filter(([kind]) => kind.startsWith(command));
      assert.equal(kinds.length, asked.length);
      for (const [kind, times] of kinds) {
        const others = kinds.filter(([other]) => other !== kind).flatMap(([, all]) => all);
        const distance = rankDistance(times, others);
        context.diagnostic(
          `${kind}: median ${median(times).toFixed(2)} ms, ${distance.toFixed(2)} standard deviations`,
        );
        assert.ok(Math.abs(distance) < 5, `${kind}: ${distance}`);
      }
    }
  });

  test('CM-16 the null path may write to no alias', async () => {
    const never = production.aliases.buyer.replace(/^b./, (start) => (start === 'b0' ? 'b1' : 'b0'));
    for (const alias of [never, ...Object.values(production.aliases)]) {
      await using client = await connectSmtp(production.relay.ports.mx, '127.4.0.1');
      await client.say('EHLO client.test');
      assert.equal((await client.say('MAIL FROM:<>')).code, 250);
      assert.equal((await client.say(`RCPT TO:<${alias}>`)).code, 550);
    }
  });
});
