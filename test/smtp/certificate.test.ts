/** TLS at the doors, with certificates of this run: what is spoken, and how a new certificate comes in. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { DAY } from '../../src/core/time.ts';
import { flawOf } from '../../src/smtp/certificate.ts';
import { connectSmtp } from '../support/smtp-client.ts';
import { makeTls, startTestDoor, type TestDoor } from '../support/smtp-door.ts';

const [first, second] = [makeTls(), makeTls()];
const printOf = ({ cert }: { readonly cert: Buffer }) => new X509Certificate(cert).fingerprint256;

type Connect = (door: TestDoor, options?: ConnectionOptions) => Promise<TLSSocket>;

async function secured(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connectTls({ rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

const implicit: Connect = (door, options) => secured({ ...options, host: '127.0.0.1', port: door.port });

const startTls: Connect = async (door, options) => {
  const client = await connectSmtp(door.port);
  await client.say('EHLO client.test');
  assert.equal((await client.say('STARTTLS')).code, 220);
  client.socket.removeAllListeners('data');
  return await secured({ ...options, socket: client.socket });
};

async function say(socket: TLSSocket, line: string): Promise<string> {
  socket.write(`${line}\r\n`);
  const [chunk]: Buffer[] = await once(socket, 'data');
  return String(chunk);
}

for (const [name, connect, implicitTls] of [
  ['STARTTLS', startTls, false],
  ['TLS from the first byte', implicit, true],
] as const) {
  const open = () => startTestDoor({ tls: first, implicitTls });
  const servedBy = async (door: TestDoor) => {
    const socket = await connect(door);
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };

  test(`with ${name} a new certificate is served at once, and who is connected goes on`, async () => {
    await using door = await open();
    const early = await connect(door);
    if (implicitTls) await once(early, 'data');
    assert.equal(early.getPeerCertificate().fingerprint256, printOf(first));
    door.useCertificate(second);
    assert.equal(await servedBy(door), printOf(second));
    assert.match(await say(early, 'EHLO client.test'), /^250-mail\.relay\.test/);
    assert.match(await say(early, 'MAIL FROM:<a@seller.test>'), /^250/);
    early.destroy();
    door.useCertificate(first);
    assert.equal(await servedBy(door), printOf(first), 'and back again');
  });

  test(`with ${name} TLS 1.2 and 1.3 are spoken, older ones and weak ciphers never, before and after a new certificate`, async () => {
    await using door = await open();
    for (const round of ['before', 'after']) {
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        const socket = await connect(door, { minVersion: version, maxVersion: version });
        assert.equal(socket.getProtocol(), version, round);
        socket.destroy();
      }
      // Only a client that lowers its own guard asks for these at all.
      for (const options of [
        { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
        { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' },
        { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA384' },
        { maxVersion: 'TLSv1.2', ciphers: 'AECDH-AES128-SHA@SECLEVEL=0' },
        { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' },
      ] as const) {
        await assert.rejects(connect(door, options), { code: /^(?:ERR_SSL|ECONNRESET)/ }, JSON.stringify(options));
      }
      door.useCertificate(second);
    }
  });
}

test('a key of another certificate, an expired one and what is no PEM are seen before they are used', () => {
  const now = Date.now();
  assert.equal(flawOf(first, now), undefined);
  assert.equal(flawOf({ key: second.key, cert: first.cert }, now), 'mismatch');
  assert.equal(flawOf(first, now + 3 * DAY), 'expired');
  assert.equal(flawOf({ key: first.key, cert: Buffer.from('half a fi') }, now), 'unreadable');
  assert.equal(flawOf({ key: first.key.subarray(0, 60), cert: first.cert }, now), 'unreadable');
  assert.equal(flawOf({ key: Buffer.alloc(0), cert: Buffer.alloc(0) }, now), 'unreadable');
});
