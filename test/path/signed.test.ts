/** What leaves is signed, and sealed where a buyer wrote it; keys and certificates change while the relay runs. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { checkAuthentication } from '../../src/mail/authentication/check.ts';
import { activated, rotated } from '../../src/vault/dkim-rotation.ts';
import { changeDkimKeys, readDkimKeys } from '../../src/vault/key-file.ts';
import { keyRecords, lookupOf } from '../support/key-records.ts';
import { BUYER, SHOP, startProduction, type Production } from '../support/production.ts';
import { connectSmtp } from '../support/smtp-client.ts';
import { makeTls } from '../support/smtp-door.ts';

const DOMAIN = 'ord.market.example';
const [first, second] = [makeTls(), makeTls()];
let folder = '';
let world: Production;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilpost-signed-'));
  await install(first);
  world = await startProduction('SQLite', {
    VEILPOST_SMTP__TLS_CERT: join(folder, 'cert.pem'),
    VEILPOST_SMTP__TLS_KEY: join(folder, 'key.pem'),
  });
});
after(async () => {
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function install({ key, cert }: { readonly key: Buffer; readonly cert: Buffer }): Promise<void> {
  await writeFile(join(folder, 'cert.pem'), cert);
  await writeFile(join(folder, 'key.pem'), key);
}

async function delivered(from: typeof SHOP | typeof BUYER): Promise<Buffer> {
  const count = world.sink.messages.length;
  const [, domain = ''] = from.split('@');
  const to = world.aliases[from === SHOP ? 'buyer' : 'seller'];
  const reply = await world.send({ from, to, text: `Hello, about the order: ${count}.` }, { domain });
  assert.match(reply.text, /^250 2\.0\.0 queued/);
  return (await world.sink.waitFor(count + 1))[count]?.bytes ?? Buffer.alloc(0);
}

const headerOf = (message: Buffer): string => message.toString().split('\r\n\r\n')[0] ?? '';

async function originOf(message: Buffer) {
  return await checkAuthentication({
    raw: message,
    peer: { ip: '192.0.2.1', helo: 'mail.market.example' },
    reversePath: undefined,
    resolver: lookupOf({
      ...keyRecords(await readDkimKeys(world.keys), DOMAIN),
      [`_dmarc.${DOMAIN}`]: 'v=DMARC1; p=reject; adkim=s',
    }),
    sealers: [DOMAIN],
    aliasDomains: [],
    now: Date.now(),
  });
}

/** Has the running relay read its files again, and waits until it says what came of it. */
async function reload(expected: RegExp): Promise<void> {
  const already = world.relay.printed().length;
  process.kill(world.relay.pid, 'SIGHUP');
  const limit = AbortSignal.timeout(20_000);
  while (!expected.test(world.relay.printed().slice(already))) {
    assert.ok(!limit.aborted, world.relay.printed().slice(already));
    await pause(20);
  }
}

test('mail of either side is signed by the domain in its From, with both keys, and passes DMARC', async () => {
  for (const from of [SHOP, BUYER] as const) {
    const { dkim, dmarc } = await originOf(await delivered(from));
    assert.deepEqual(
      dkim.map(({ result, domain, isAligned }) => ({ result, domain, isAligned })),
      [1, 2].map(() => ({ result: 'pass', domain: DOMAIN, isAligned: true })),
    );
    assert.deepEqual([dmarc.result, dmarc.via], ['pass', 'dkim']);
  }
});

test('what a buyer wrote carries the first ARC set, which names nothing of the buyer', async () => {
  const message = await delivered(BUYER);
  const { arc } = await originOf(message);
  assert.deepEqual([arc.result, arc.sealer], ['pass', DOMAIN]);
  assert.deepEqual(arc.report?.dkim, [
    { result: 'pass', domain: DOMAIN },
    { result: 'pass', domain: DOMAIN },
  ]);
  assert.deepEqual([arc.report?.spf, arc.report?.dmarc], [undefined, undefined]);
  assert.equal(headerOf(message).match(/^ARC-/gm)?.length, 3);
  assert.doesNotMatch(message.toString(), /kim-home|smtp\.mailfrom|header\.from/);
});

test("a seller's mail is not sealed: nobody forwards what a buyer gets", async () => {
  assert.doesNotMatch(headerOf(await delivered(SHOP)), /^ARC-/m);
});

test('new DKIM keys sign after SIGHUP, and a broken key file changes nothing', async () => {
  const old = await readDkimKeys(world.keys);
  await changeDkimKeys(world.keys, (entries) => rotated(entries, Date.now()));
  const next = (await readDkimKeys(world.keys)).slice(old.length).map(({ selector }) => selector);
  await changeDkimKeys(world.keys, (entries) => activated(entries, next, Date.now()));
  await reload(/relay\.reloaded".*"keys"/);
  const signedBy = async () =>
    [...headerOf(await delivered(BUYER)).matchAll(/^DKIM-Signature:[^]*?\bs=([\w-]+);/gm)].map(([, name]) => name);
  assert.deepEqual(await signedBy(), next);
  await rename(world.keys, `${world.keys}.away`);
  await writeFile(world.keys, '{"version":1');
  await reload(/relay\.reloadFailed".*"keys"/);
  assert.deepEqual(await signedBy(), next);
  await rename(`${world.keys}.away`, world.keys);
  const told = world.relay.printed().match(/relay\.reloaded".*"keys"/g);
  assert.equal(told?.length, 1, 'several threads read the file, one says so');
});

test('a new certificate is served after SIGHUP, and a broken one never', async () => {
  const served = async () => {
    const client = await connectSmtp(world.relay.ports.mx);
    await client.say('EHLO client.test');
    await client.say('STARTTLS');
    client.socket.removeAllListeners('data');
    const socket = connectTls({ socket: client.socket, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };
  const printOf = ({ cert }: typeof first) => new X509Certificate(cert).fingerprint256;
  assert.equal(await served(), printOf(first));
  await install(second);
  await reload(/relay\.reloaded".*"certificate"/);
  assert.equal(await served(), printOf(second));
  await install({ cert: first.cert, key: second.key });
  await reload(/relay\.reloadFailed".*"certificate".*"mismatch"/);
  assert.equal(await served(), printOf(second));
  await install({ cert: Buffer.from('half a fi'), key: second.key });
  await reload(/relay\.reloadFailed".*"unreadable"/);
  assert.equal(await served(), printOf(second));
  await install(first);
  await reload(/relay\.reloaded".*"certificate"/);
  assert.equal(await served(), printOf(first));
});
