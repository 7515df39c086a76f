/**
 * What leaves (security.md 3.1 SM-26 to SM-28): behind us may stand a server that takes other octets than CRLF.CRLF for the end of a message.
 * Whatever was written to us, in whatever encoding, it gets one message out of each.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { registerPair } from '../support/registered.ts';
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts';
import { startSink, type Sink } from '../support/sink.ts';
import { connectSmtp, sendRaw } from '../support/smtp-client.ts';
import { startScenario, type Scenario } from '../support/scenario.ts';
import { openScenarioStore } from '../support/stores.ts';
import { ENDS } from '../support/ends.ts';

const SMUGGLED = 'MAIL FROM:<smug@x.test>\r\nRCPT TO:<victim@x.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nS\r\n.\r\n';

/** The same for inside of encodings: without an address, for which the rules would send the message back. */
const HIDDEN = 'NOOP smuggled\r\nMAIL FROM:<>\r\nRCPT TO:<smuggled>\r\nDATA\r\nSubject: smuggled\r\n\r\nS\r\n.\r\n';

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const quoted = (text: string): string =>
  [...Buffer.from(text, 'latin1')].map((octet) => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`).join('');
const wrapped = (text: string): string => text.replaceAll(/.{72}(?=.)/g, '$&=\r\n');

interface Letter {
  readonly what: string;
  readonly header: string;
  readonly body: string;
}

/** Mail that is as it should be on the wire, and holds an end of a message where encodings are taken off. */
function lettersWith(end: string): readonly Letter[] {
  const hidden = `Your parcel.${end}${HIDDEN}`;
  const plain = 'Content-Type: text/plain; charset=utf-8\r\n';
  return [
    { what: 'in base64', header: `${plain}Content-Transfer-Encoding: base64\r\n`, body: base64(hidden) },
    {
      what: 'in quoted-printable',
      header: `${plain}Content-Transfer-Encoding: quoted-printable\r\n`,
      body: wrapped(quoted(hidden)),
    },
    { what: 'in a Subject', header: `Subject: =?utf-8?B?${base64(`x${end}RSET`)}?=\r\n${plain}`, body: 'x' },
    {
      what: 'in HTML',
      header: 'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n',
      body: base64(`<pre>a${end}${HIDDEN}</pre>`),
    },
    {
      what: 'in the name and the text of a file',
      header: 'Content-Type: multipart/mixed; boundary=b\r\n',
      body: [
        '--b',
        'Content-Type: text/plain; name="=?utf-8?B?YS50eHQ=?="',
        `Content-Disposition: attachment; filename*=utf-8''a${quoted(end).replaceAll('=', '%')}.txt`,
        'Content-Transfer-Encoding: base64',
        '',
        base64(hidden),
        '--b--',
      ].join('\r\n'),
    },
  ];
}

interface Lenient extends AsyncDisposable {
  readonly port: number;
  /** What it takes for messages, and for commands. */
  readonly messages: readonly string[];
  readonly commands: readonly string[];
}

/** A server that ends a line at CR, at LF and at both, and a message at a dot between any two of these; NULs it does not see. */
async function startLenientSink(): Promise<Lenient> {
  const messages: string[] = [];
  const commands: string[] = [];
  const server = createServer((socket) => {
    let pending = '';
    let isInData = false;
    socket.on('error', () => undefined);
    socket.write('220 lenient.test\r\n');
    socket.on('data', (chunk: Buffer) => {
      pending += chunk.toString('latin1').replaceAll('\0', '');
      for (;;) {
        const found = isInData ? /(?:\r\n|\r|\n)\.(?:\r*\n|\r(?!$))/.exec(pending) : /\r\n|\r(?!$)|\n/.exec(pending);
        if (found === null) return;
        const taken = pending.slice(0, found.index);
        pending = pending.slice(found.index + found[0].length);
        if (!isInData) commands.push(taken);
        else messages.push(taken);
        const isData = !isInData && /^DATA$/i.test(taken);
        socket.write(isData ? '354 go\r\n' : /^EHLO/i.test(taken) ? '250 lenient.test\r\n' : '250 ok\r\n');
        isInData = isData;
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    messages,
    commands,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

const letterOf = ({ header, body }: Pick<Letter, 'header' | 'body'>, from: string, to: string): string =>
  `From: <${from}>\r\nTo: <${to}>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n${header}\r\n${body}`;

test('the lenient server is one: each of the ends gives it a second message', async () => {
  // The last one becomes an end when a relay takes a dot away that it should not.
  for (const end of ENDS.slice(0, -1)) {
    await using sink = await startLenientSink();
    await using client = await connectSmtp(sink.port);
    for (const line of ['EHLO client.test', 'MAIL FROM:<a@x.test>', 'RCPT TO:<b@x.test>', 'DATA'])
      await client.say(line);
    client.write(`a${end}${SMUGGLED}QUIT\r\n`);
    for (let replies = 0; replies < 6; replies++) await client.reply();
    assert.equal(sink.messages.length, 2, JSON.stringify(end));
  }
});

describe('to a server that takes anything for an end', () => {
  let sink: Lenient;
  let relay: RelayProcess;
  const undo = new AsyncDisposableStack();
  before(async () => {
    sink = undo.use(await startLenientSink());
    const store = undo.use(await openScenarioStore('SQLite'));
    relay = undo.use(await startRelayProcess({ folder: store.folder, route: `smtp://127.0.0.1:${sink.port}` }));
  });
  after(async () => await undo.disposeAsync());

  for (const end of ENDS) {
    test(`SM-27 ${JSON.stringify(end)} inside of encodings is one message each, and no command`, async () => {
      const pair = await registerPair(relay);
      const left: string[] = [];
      for (const letter of lettersWith(end)) {
        const [messages, commands] = [sink.messages.length, sink.commands.length];
        const data = letterOf(letter, pair.seller, pair.aliases.buyer);
        const { text } = await sendRaw(relay.ports.mx, { from: pair.seller, to: [pair.aliases.buyer], data });
        // Held or refused is as good; then nothing of it may leave.
        assert.match(text, /^(?:250 2\.0\.0 (?:queued|held)|5\d\d )/, letter.what);
        await sendMark(relay, pair);
        const isQueued = text.startsWith('250 2.0.0 queued');
        if (isQueued) left.push(letter.what);
        const expected = isQueued ? 2 : 1;
        assert.equal(sink.messages.length - messages, expected, letter.what);
        assert.doesNotMatch(sink.commands.slice(commands).join('\n'), /smug/, letter.what);
      }
      assert.ok(left.length >= 3, `of five, these left: ${left.join(', ')}`);
    });
  }

  /** An ordinary message, and then the wait until nothing is queued any more. */
  async function sendMark(relay: RelayProcess, pair: Awaited<ReturnType<typeof registerPair>>): Promise<void> {
    const data = letterOf({ header: 'Subject: mark\r\n', body: 'A parcel.' }, pair.seller, pair.aliases.buyer);
    assert.equal((await sendRaw(relay.ports.mx, { from: pair.seller, to: [pair.aliases.buyer], data })).code, 250);
    for (;;) {
      const { text } = await relay.api('GET', '/v1/messages?status=queued');
      const { data: rows }: { data: unknown[] } = JSON.parse(text);
      if (rows.length === 0) return;
    }
  }
});

describe('dots at the start of lines', () => {
  let scene: Scenario;
  before(async () => void (scene = await startScenario('SQLite')));
  after(async () => await scene[Symbol.asyncDispose]());

  const TEXT = ['.', '..', '. dot', '...three', '.RSET', 'a.', '', '.'].join('\r\n');
  for (const [what, header, body] of [
    ['as they are', '', TEXT],
    ['in base64', 'Content-Transfer-Encoding: base64\r\n', base64(TEXT)],
    ['in quoted-printable', 'Content-Transfer-Encoding: quoted-printable\r\n', TEXT.replaceAll('.', '=2E')],
  ] as const) {
    test(`SM-26 ${what} reach the reader as they were written, in one message`, async () => {
      const { pair, sink } = scene;
      const count = sink.messages.length;
      const type = 'Subject: dots\r\nContent-Type: text/plain; charset=utf-8\r\n';
      const data = letterOf({ header: type + header, body }, pair.seller, pair.aliases.buyer).replaceAll(/^\./gm, '..');
      assert.equal((await scene.sellerWrites(data)).code, 250);
      const { mail } = await scene.arrival(count + 1, 'buyer');
      assert.equal(sink.messages.length, count + 1);
      assert.equal(mail.text.replaceAll('\r\n', '\n').trimEnd(), TEXT.replaceAll('\r\n', '\n'));
    });
  }
});

describe('two relays, one behind the other', () => {
  let sink: Sink;
  let first: RelayProcess;
  let way: { readonly seller: string; readonly alias: string; readonly buyer: string };
  const undo = new AsyncDisposableStack();
  before(async () => {
    sink = undo.use(await startSink());
    const [near, far] = [await openScenarioStore('SQLite'), await openScenarioStore('SQLite')].map((one) =>
      undo.use(one),
    );
    assert.ok(near !== undefined && far !== undefined);
    const second = undo.use(await startRelayProcess({ folder: far.folder, route: `smtp://127.0.0.1:${sink.port}` }));
    first = undo.use(
      await startRelayProcess({
        folder: near.folder,
        route: `smtp://127.0.0.1:${second.ports.mx}`,
        env: { VEILPOST_DOMAINS__ALIAS: 'first.test', VEILPOST_DOMAINS__HOST: 'mail.first.test' },
      }),
    );
    const [seller, buyer] = ['canary.shop@nord.test', 'canary.kim@home.test'];
    const behind = await register(second, ['@first.test'], 'inbox@first.test', buyer);
    const { alias } = await register(first, [seller], seller, behind.alias);
    way = { seller, alias, buyer };
  });
  after(async () => await undo.disposeAsync());

  async function register(relay: RelayProcess, senders: readonly string[], inbox: string, buyer: string) {
    assert.ok((await relay.api('PUT', '/v1/sellers/nord', { name: 'Nord', inbox, senders })).status < 300);
    const order = await relay.api('PUT', '/v1/orders/ONE', { sellerId: 'nord', buyer: { id: 'kim', address: buyer } });
    const { aliases }: { aliases: { buyer: string } } = JSON.parse(order.text);
    return { alias: aliases.buyer };
  }

  /** An ordinary message goes through both, and is the next that arrives. */
  async function nextArrives(count: number): Promise<void> {
    const data = letterOf({ header: 'Subject: next\r\n', body: 'A parcel.' }, way.seller, way.alias);
    const reply = await sendRaw(first.ports.mx, { from: way.seller, to: [way.alias], data });
    assert.equal(reply.code, 250, reply.text);
    const arrived = await sink.waitFor(count + 1);
    assert.deepEqual(arrived[count]?.to, [way.buyer]);
    assert.match(arrived[count]?.bytes.toString() ?? '', /^Subject: next\r$/m);
  }

  for (const end of [...ENDS, '\r\n.\v\r\n', '\r\n.\u2028\r\n']) {
    test(`SM-28 ${JSON.stringify(end)} in a message gives no second message behind the second`, async () => {
      const count = sink.messages.length;
      await using client = await connectSmtp(first.ports.mx);
      for (const line of ['EHLO client.test', `MAIL FROM:<${way.seller}>`, `RCPT TO:<${way.alias}>`]) {
        assert.equal((await client.say(line)).code, 250, line);
      }
      await client.say('DATA');
      client.write(letterOf({ header: 'Subject: x\r\n', body: `text${end}${SMUGGLED}` }, way.seller, way.alias));
      const isText = /[\v\u2028]/.test(end);
      const answer = await client.reply();
      assert.match(answer.text, isText ? /^(?:250 2\.0\.0|5\d\d )/ : /^550 5\.6\.0 /);
      assert.equal((await client.say('NOOP')).text, '250 OK\r\n');
      const isQueued = answer.text.startsWith('250 2.0.0 queued');
      if (isQueued) await sink.waitFor(count + 1);
      await nextArrives(count + (isQueued ? 1 : 0));
      assert.ok(sink.messages.every(({ to }) => to.every((one) => one === way.buyer)));
    });
  }

  test('SM-28 ends inside of encodings give no second message either', async () => {
    let left = 0;
    for (const end of ENDS) {
      let count = sink.messages.length;
      for (const letter of lettersWith(end).slice(0, 2)) {
        const data = letterOf(letter, way.seller, way.alias);
        const { text } = await sendRaw(first.ports.mx, { from: way.seller, to: [way.alias], data });
        if (!text.startsWith('250 2.0.0 queued')) continue;
        left += 1;
        await sink.waitFor(++count);
      }
      await nextArrives(count);
    }
    assert.ok(left >= ENDS.length, `${left} left`);
    assert.doesNotMatch(sink.commands.join('\n'), /smug/);
  });
});
