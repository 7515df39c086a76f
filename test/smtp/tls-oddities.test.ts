/**
 * TLS as no mail server speaks it (security.md CM-25, CM-26): handshakes written by hand, broken off, begun anew, or with things in them that
 * nobody asked for. Each is refused or changes nothing, and the next client is served.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { makeTls, startTestDoor, type TestDoor } from '../support/smtp-door.ts';

const tls = makeTls();

/** Not `once`: a reset by the server is as good an end as any. */
const closeOf = (socket: Socket): Promise<void> =>
  new Promise((resolve) => (socket.closed ? resolve() : void socket.once('close', () => resolve())));

/** A socket on which the server waits for a handshake. */
async function beforeTls(door: TestDoor, implicitTls: boolean): Promise<Socket> {
  const socket = connect({ port: door.port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (implicitTls) return socket;
  await once(socket, 'data');
  socket.write('STARTTLS\r\n');
  await once(socket, 'data');
  return socket;
}

async function secured(door: TestDoor, implicitTls: boolean, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const secure = connectTls({ socket: await beforeTls(door, implicitTls), rejectUnauthorized: false, ...options });
  await once(secure, 'secureConnect');
  if (implicitTls) await once(secure, 'data');
  return secure;
}

async function say(secure: TLSSocket, line: string): Promise<string> {
  secure.write(line);
  const [chunk]: unknown[] = await once(secure, 'data');
  return String(chunk);
}

/** One good message goes through inside TLS, and nothing but it was ever taken. */
async function nextIsServedInTls(door: TestDoor, implicitTls: boolean): Promise<void> {
  const secure = await secured(door, implicitTls);
  for (const line of ['EHLO client.test', 'MAIL FROM:<a@seller.test>', 'RCPT TO:<b1@relay.test>']) {
    assert.match(await say(secure, `${line}\r\n`), /^250/, line);
  }
  assert.match(await say(secure, 'DATA\r\n'), /^354/);
  assert.match(await say(secure, 'From: a@seller.test\r\n\r\nx\r\n.\r\n'), /^250/);
  secure.destroy();
  assert.equal(door.taken.length, 1);
  assert.deepEqual(
    door.lines.filter(({ name }) => name === 'relay.unexpected'),
    [],
  );
}

// --- a ClientHello by hand (RFC 8446 4.1.2, RFC 5246 7.4.1.2) ----------------------------------------------------------------

const short = (value: number): Buffer => Buffer.from([(value >> 8) & 255, value & 255]);
const sized = (bytes: Buffer): Buffer => Buffer.concat([short(bytes.length), bytes]);
const extension = (type: number, body: Buffer): Buffer => Buffer.concat([short(type), sized(body)]);
const serverName = (name: Buffer): Buffer => extension(0, sized(Buffer.concat([Buffer.from([0]), sized(name)])));

const record = (type: number, version: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type]), short(version), sized(body)]);

function hello({ version = 0x0303, suites = [0xc02b, 0xc02f], extensions = [] as readonly Buffer[] } = {}): Buffer {
  const body = Buffer.concat([
    short(version),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    sized(Buffer.concat(suites.map(short))),
    Buffer.from([1, 0]),
    sized(Buffer.concat([...extensions])),
  ]);
  return record(22, 0x0301, Buffer.concat([Buffer.from([1, 0]), short(body.length), body]));
}

const GOOD_EXTENSIONS = [
  extension(10, sized(short(0x0017))),
  extension(13, sized(Buffer.concat([short(0x0403), short(0x0804)]))),
];

describe('handshakes by hand', () => {
  for (const implicitTls of [true, false]) {
    const way = implicitTls ? 'TLS first' : 'STARTTLS';

    test(`the one that is as it should be is answered (${way})`, async () => {
      await using door = await startTestDoor({ tls, implicitTls });
      const socket = await beforeTls(door, implicitTls);
      socket.write(hello({ extensions: GOOD_EXTENSIONS }));
      const [answer]: Buffer[] = await once(socket, 'data');
      assert.deepEqual([answer?.[0], answer?.[5]], [22, 2], 'a ServerHello');
      socket.destroy();
      await nextIsServedInTls(door, implicitTls);
    });

    for (const [what, bytes] of [
      ['SSL 3.0', hello({ version: 0x0300, extensions: GOOD_EXTENSIONS })],
      ['TLS 1.0', hello({ version: 0x0301, extensions: GOOD_EXTENSIONS })],
      ['NULL ciphers alone', hello({ suites: [0x0001, 0x0002, 0x003b, 0xc010], extensions: GOOD_EXTENSIONS })],
      ['EXPORT ciphers alone', hello({ suites: [0x0003, 0x0006, 0x0008, 0x0014], extensions: GOOD_EXTENSIONS })],
      ['anonymous ciphers alone', hello({ suites: [0x0034, 0x006c, 0x00a6, 0xc018], extensions: GOOD_EXTENSIONS })],
      ['no cipher at all', hello({ suites: [], extensions: GOOD_EXTENSIONS })],
      ['a server name of 10 kB', hello({ extensions: [serverName(Buffer.alloc(10_240, 'a')), ...GOOD_EXTENSIONS] })],
      ['a server name with a NUL', hello({ extensions: [serverName(Buffer.from('a\0b.test')), ...GOOD_EXTENSIONS] })],
      ['an empty list in ALPN', hello({ extensions: [extension(16, sized(Buffer.alloc(0))), ...GOOD_EXTENSIONS] })],
      [
        'a length in ALPN that lies',
        hello({ extensions: [extension(16, sized(Buffer.from([9, 1]))), ...GOOD_EXTENSIONS] }),
      ],
      ['the same extension twice', hello({ extensions: [...GOOD_EXTENSIONS, ...GOOD_EXTENSIONS] })],
      ['application data before a handshake', record(23, 0x0303, Buffer.alloc(100, 1))],
      [
        'a record that says to be 64 kB long',
        Buffer.concat([Buffer.from([22, 3, 1, 255, 255]), Buffer.alloc(65_535, 1)]),
      ],
      ['what is no TLS at all', Buffer.from('EHLO client.test\r\nMAIL FROM:<a@seller.test>\r\n')],
      [
        'a certificate of a megabyte that nobody asked for',
        Buffer.concat([
          hello({ extensions: GOOD_EXTENSIONS }),
          record(22, 0x0303, Buffer.concat([Buffer.from([11, 15, 255, 255]), Buffer.alloc(16_000, 1)])),
          ...Array.from({ length: 64 }, () => record(22, 0x0303, Buffer.alloc(16_000, 1))),
        ]),
      ],
    ] as const) {
      test(`CM-26 ${what} ends the connection (${way})`, async () => {
        await using door = await startTestDoor({ tls, implicitTls });
        const socket = await beforeTls(door, implicitTls);
        socket.resume().write(bytes);
        await closeOf(socket);
        await nextIsServedInTls(door, implicitTls);
      });
    }

    for (const [what, options] of [
      ['protocols that we never heard of', { ALPNProtocols: ['h2', 'http/1.1', '\u0001\u0002', 'x'.repeat(255)] }],
      ['the name of somebody else', { servername: `${'a.'.repeat(120)}example` }],
      ['a certificate of its own', { key: tls.key, cert: tls.cert }],
    ] as const) {
      test(`CM-26 a client that shows ${what} is served like any other (${way})`, async () => {
        await using door = await startTestDoor({ tls, implicitTls });
        const secure = await secured(door, implicitTls, options);
        assert.match(await say(secure, 'EHLO client.test\r\n'), /^250/);
        assert.equal(secure.alpnProtocol, false);
        secure.destroy();
        await nextIsServedInTls(door, implicitTls);
      });
    }

    test(`CM-26 a hundred wishes to begin the handshake anew are not granted (${way})`, async () => {
      await using door = await startTestDoor({ tls, implicitTls });
      const secure = await secured(door, implicitTls, { maxVersion: 'TLSv1.2' });
      secure.on('error', () => undefined);
      let granted = 0;
      for (let wish = 0; wish < 100 && !secure.destroyed; wish++) {
        const answered = new Promise<void>((resolve) => {
          secure.once('close', () => resolve());
          secure.renegotiate({ rejectUnauthorized: false }, (error) => {
            if (error === null) granted += 1;
            resolve();
          });
        });
        await answered;
      }
      assert.equal(granted, 0);
      secure.destroy();
      await nextIsServedInTls(door, implicitTls);
    });

    for (const [when, bytes] of [
      ['before the first octet', Buffer.alloc(0)],
      ['in the middle of the ClientHello', hello({ extensions: GOOD_EXTENSIONS }).subarray(0, 40)],
      ['behind the ClientHello', hello({ extensions: GOOD_EXTENSIONS })],
    ] as const) {
      test(`CM-25 a reset ${when} leaves nothing behind (${way})`, async () => {
        await using door = await startTestDoor({ tls, implicitTls, connections: { perAddress: 3 } });
        for (let time = 0; time < 5; time++) {
          const socket = await beforeTls(door, implicitTls);
          socket.write(bytes);
          if (when.startsWith('behind')) await once(socket, 'data');
          socket.resetAndDestroy();
          await closeOf(socket);
        }
        await nextIsServedInTls(door, implicitTls);
      });
    }

    for (const when of ['command', 'message'] as const) {
      test(`CM-25 a reset inside TLS in the middle of a ${when} leaves nothing behind (${way})`, async () => {
        await using door = await startTestDoor({ tls, implicitTls, connections: { perAddress: 3 } });
        for (let time = 0; time < 5; time++) {
          const below = await beforeTls(door, implicitTls);
          const secure = connectTls({ socket: below, rejectUnauthorized: false });
          secure.on('error', () => undefined);
          await once(secure, 'secureConnect');
          if (implicitTls) await once(secure, 'data');
          if (when === 'message') {
            for (const line of ['EHLO client.test', 'MAIL FROM:<a@seller.test>', 'RCPT TO:<b1@relay.test>', 'DATA']) {
              await say(secure, `${line}\r\n`);
            }
          }
          secure.write(when === 'message' ? 'From: a@seller.test\r\n\r\nhalf' : 'EHLO cli');
          below.resetAndDestroy();
          await closeOf(below);
        }
        await nextIsServedInTls(door, implicitTls);
      });
    }
  }
});
