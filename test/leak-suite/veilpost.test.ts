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
      env: { VEILPOST_LIMITS__PER_ALIAS: '10000' },
    }),
  );
  const pair = await registerPair(relay);
  const { code, stdout, stderr } = await leakSuite([
    '--relay',
    `127.0.0.1:${relay.ports.mx}`,
    '--listen',
    `127.0.0.1:${listen}`,
    '--seller',
    `${pair.seller},${pair.aliases.seller}`,
    '--buyer',
    `${pair.buyer},${pair.aliases.buyer}`,
    '--json',
    '-',
  ]);
  assert.notEqual(stdout, '', stderr);
  const { cases, messages, strays } = scoreOf.parse(JSON.parse(stdout));
  const leaked = cases.filter(({ results }) => results.some((result) => result.outcome === 'leaked'));
  assert.deepEqual(
    leaked.map(({ group, what }) => `${group}: ${what}`),
    [],
  );
  assert.equal(strays, 0);
  assert.equal(code, 0, stderr);
  assert.ok(messages > 2500, `${messages} planted messages`);
  const all = cases.flatMap(({ results }) => results);
  const masked = all.filter((result) => result.outcome === 'masked').length;
  assert.ok(masked > all.length / 2, `${masked} of ${all.length} arrived: what is only refused or held proves little`);
  assert.deepEqual(canariesIn(stdout + stderr + relay.printed(), pair.canaries), []);
});

test('a relay that sends on what it gets is found out, and ends with 1', async () => {
  const [listen = 0, port = 0] = await freePorts(2);
  const seller = { address: 'canary.shop@seller.test', alias: 's1@relay.test' };
  const buyer = { address: 'canary.kim@buyer.test', alias: 'b1@relay.test' };
  const forwarder = new SMTPServer({
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: callbackify(async (stream: SMTPServerDataStream, { envelope }: SMTPServerSession) => {
      const to = envelope.rcptTo[0]?.address === seller.alias ? seller.address : buyer.address;
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const data = Buffer.concat(await stream.toArray()).toString('latin1');
      await post({ host: '127.0.0.1', port: listen }, { from, to, data });
    }),
  });
  await using stack = new AsyncDisposableStack();
  await new Promise<void>((resolve) => forwarder.listen(port, '127.0.0.1', resolve));
  stack.defer(() => new Promise<void>((resolve) => forwarder.close(resolve)));
  const { code, stdout, stderr } = await leakSuite([
    '--relay',
    `127.0.0.1:${port}`,
    '--listen',
    `127.0.0.1:${listen}`,
    '--case',
    'text, as it is',
    '--quiet',
    '1',
    '--seller',
    `${seller.address},${seller.alias}`,
    '--buyer',
    `${buyer.address},${buyer.alias}`,
  ]);
  assert.equal(code, 1, stderr);
  assert.match(stdout, /^ {2}leaked {4}leaked {4}text, as it is$/m);
  assert.match(stdout, /It leaks\. 1 cases?, 6 planted messages/);
  assert.deepEqual(canariesIn(stdout + stderr, [seller.address, buyer.address]), []);
});

test('a set-up that is not right ends with 2 and says what to do', async () => {
  const [listen = 0, port = 0] = await freePorts(2);
  const parties = ['--seller', 'a@b.test,s1@relay.test', '--buyer', 'c@d.test,b1@relay.test'];
  const silent = await leakSuite(['--relay', `127.0.0.1:${port}`, '--listen', `127.0.0.1:${listen}`, ...parties]);
  assert.deepEqual([silent.code, silent.stderr.trim()], [2, `--relay: nothing answers at 127.0.0.1:${port}.`]);
  const unknown = await leakSuite(['--relay', '127.0.0.1:25', '--sellr', 'x']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /'--sellr'.*See --help/s);
  const halved = await leakSuite(['--relay', '127.0.0.1:25', '--seller', 'a@b.test']);
  assert.deepEqual([halved.code, halved.stderr.includes('--seller jane@shop.test,s1@relay.test')], [2, true]);
});
