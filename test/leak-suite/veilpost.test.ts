/**
 * veilpost: the leak suite as anybody runs it, against our own relay and against one that hides nothing.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { callbackify } from 'node:util';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { z } from 'zod';
import { post } from '../../leak-suite/post.ts';
import { canariesIn } from '../support/canary.ts';
import { registerPair } from '../support/registered.ts';
import { freePorts, startRelayProcess } from '../support/relay-process.ts';

const root = join(import.meta.dirname, '../..');
const outcome = z.enum(['masked', 'held', 'refused', 'deferred', 'leaked']);
const scoreOf = z.object({
  strays: z.number(),
  messages: z.number(),
  cases: z.array(
    z.object({
      group: z.string(),
      what: z.string(),
      results: z.array(z.object({ author: z.string(), place: z.string(), outcome })),
    }),
  ),
});

const flags = (options: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);

/** Runs the suite to its end. */
function leakSuite(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: 64 * 1024 * 1024, env: { PATH: process.env.PATH, NO_COLOR: '1' } };
    execFile(process.execPath, ['leak-suite/main.ts', ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

test('our relay shows no planted address to anybody, in either direction, as the first, second and sixth message', async () => {
  const [listen = 0] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), 'veilpost-leak-suite-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const relay = stack.use(
    await startRelayProcess({
      folder,
      route: `smtp://127.0.0.1:${listen}`,
      env: {
        VEILPOST_LIMITS__PER_ALIAS: '10000',
        VEILPOST_LIMITS__PER_SELLER: '1000000',
        VEILPOST_LIMITS__VOLUME_BASE: '1000000',
      },
    }),
  );
  const pair = await registerPair(relay);
  const { code, stdout, stderr } = await leakSuite(
    flags({
      relay: `127.0.0.1:${relay.ports.mx}`,
      listen: `127.0.0.1:${listen}`,
      seller: `${pair.seller},${pair.aliases.seller}`,
      buyer: `${pair.buyer},${pair.aliases.buyer}`,
      json: '-',
    }),
  );
  assert.notEqual(stdout, '', stderr);
  const { cases, messages, strays } = scoreOf.parse(JSON.parse(stdout));
  const leaked = cases.filter(({ results }) => results.some((result) => result.outcome === 'leaked'));
  assert.deepEqual(
    leaked.map(({ group, what }) => `${group}: ${what}`),
    [],
  );
  assert.equal(strays, 0);
  assert.equal(code, 0, stderr);
  assert.ok(messages > 2400, `${messages} planted messages`);
  const all = cases.flatMap(({ results }) => results);
  const masked = all.filter((result) => result.outcome === 'masked').length;
  assert.ok(masked > all.length / 2, `${masked} of ${all.length} arrived: what is only refused or held proves little`);
  assert.deepEqual(canariesIn(stdout + stderr + relay.printed(), pair.canaries), []);
});

test('the seller signs in where the relay wants that, and a login that is not taken is said', async () => {
  const [listen = 0] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), 'veilpost-leak-suite-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const relay = stack.use(await startRelayProcess({ folder, route: `smtp://127.0.0.1:${listen}` }));
  const pair = await registerPair(relay);
  const login = { username: 'leak-suite', password: 'long enough to pass' };
  const made = await relay.api('POST', `/v1/sellers/${pair.sellerId}/credentials`, login);
  assert.equal(made.status, 201, made.text);
  const args = flags({
    relay: `127.0.0.1:${relay.ports.mx}`,
    listen: `127.0.0.1:${listen}`,
    submission: `127.0.0.1:${relay.ports.submission}`,
    case: 'text, as it is',
    quiet: '2',
    seller: `${pair.seller},${pair.aliases.seller}`,
    buyer: `${pair.buyer},${pair.aliases.buyer}`,
  });
  const signedIn = await leakSuite([...args, '--login', `${login.username}:${login.password}`]);
  assert.equal(signedIn.code, 0, signedIn.stderr);
  assert.match(signedIn.stdout, /^ {2}masked {4}masked {4}text, as it is$/m);
  const stranger = await leakSuite([...args, '--login', `${login.username}:wrong`]);
  assert.deepEqual([stranger.code, /does not take the login/.test(stranger.stderr)], [2, true], stranger.stderr);
  const unknown = await leakSuite(args);
  assert.equal(unknown.code, 2, 'nobody may submit without signing in');
  assert.match(unknown.stderr, /answered 5\d\d to an ordinary message of the (?:seller|buyer)/);
});

interface Forwarder extends AsyncDisposable {
  readonly args: readonly string[];
  readonly addresses: readonly string[];
}

/** A relay that hides nothing: it sends on what it gets, up to `limit` messages, and swallows the rest. */
async function startForwarder(limit: number): Promise<Forwarder> {
  const [listen = 0, port = 0] = await freePorts(2);
  const seller = { address: 'canary.shop@seller.test', alias: 's1@relay.test' };
  const buyer = { address: 'canary.kim@buyer.test', alias: 'b1@relay.test' };
  let count = 0;
  const server = new SMTPServer({
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: callbackify(async (stream: SMTPServerDataStream, { envelope }: SMTPServerSession) => {
      const to = envelope.rcptTo[0]?.address === seller.alias ? seller.address : buyer.address;
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const data = Buffer.concat(await stream.toArray()).toString('latin1');
      count += 1;
      if (count <= limit) await post({ door: { host: '127.0.0.1', port: listen, login: undefined }, from, to, data });
    }),
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    args: flags({
      relay: `127.0.0.1:${port}`,
      listen: `127.0.0.1:${listen}`,
      quiet: '1',
      seller: `${seller.address},${seller.alias}`,
      buyer: `${buyer.address},${buyer.alias}`,
    }),
    addresses: [seller.address, buyer.address],
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

test('a relay that sends on what it gets is found out, and ends with 1', async () => {
  await using forwarder = await startForwarder(Number.POSITIVE_INFINITY);
  const { code, stdout, stderr } = await leakSuite([...forwarder.args, '--case', 'text, as it is']);
  assert.equal(code, 1, stderr);
  assert.match(stdout, /^ {2}leaked {4}leaked {4}text, as it is$/m);
  assert.match(stdout, /It leaks\. 1 cases?, 6 planted messages/);
  assert.deepEqual(canariesIn(stdout + stderr, forwarder.addresses), []);
});

test('a relay that swallows everything after a while proves nothing, and ends with 2', async () => {
  // Five messages in each direction open the thread; nothing after them arrives.
  await using forwarder = await startForwarder(10);
  const { code, stdout, stderr } = await leakSuite([...forwarder.args, '--case', 'text, as it is']);
  assert.deepEqual([code, stdout], [2, ''], stderr);
  assert.match(stderr, /delivered ordinary mail of the seller before, and does not any more/);
});

test('a set-up that is not right ends with 2 and says what to do', async () => {
  const [listen = 0, port = 0] = await freePorts(2);
  const parties = ['--seller', 'a@b.test,s1@relay.test', '--buyer', 'c@d.test,b1@relay.test'];
  const silent = await leakSuite(['--relay', `127.0.0.1:${port}`, '--listen', `127.0.0.1:${listen}`, ...parties]);
  assert.deepEqual(
    [silent.code, silent.stderr.trim()],
    [2, `Nothing answers at 127.0.0.1:${port} as a mail server does.`],
  );
  const unknown = await leakSuite(['--relay', '127.0.0.1:25', '--sellr', 'x']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /'--sellr'.*See --help/s);
  const halved = await leakSuite(['--relay', '127.0.0.1:25', '--seller', 'a@b.test']);
  assert.deepEqual([halved.code, halved.stderr.includes('--seller jane@shop.test,s1@relay.test')], [2, true]);
});
