import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeTls } from '../support/smtp-door.ts';
import { freePorts, startRelayProcess } from '../support/relay-process.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilpost-cli-'));
});
after(() => rm(folder, { recursive: true }));

interface Run {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

const PROGRAM = join(import.meta.dirname, '../../bin/veilpost.js');

async function veilpost(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Run> {
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  child.stdin.on('error', () => undefined).end(input);
  const [code]: unknown[] = await once(child, 'close');
  assert.doesNotMatch(err, /\n\s+at /, 'no stack trace in front of a person');
  return { code, out, err };
}

const mail = (text: string): string => `From: Nord <shop@nord.test>\nSubject: Your order\n\n${text}\n`;

test('lint ends with 0 for a message that would be delivered', async () => {
  const { code, out } = await veilpost(['lint', '-'], {}, mail('Your parcel is late, we refund the shipping.'));
  assert.equal(code, 0);
  assert.equal(JSON.parse(out).action, 'deliver');
});

test('lint ends with 1 for one that would not, and says why in words and places', async () => {
  const path = join(folder, 'bribe.eml');
  await writeFile(path, mail('Change your 1 star to 5 and we refund 20 EUR'));
  const { code, out } = await veilpost(['lint', path]);
  assert.equal(code, 1);
  const verdict = JSON.parse(out);
  assert.equal(verdict.action, 'block');
  assert.equal(verdict.evidence[0].rule, 'refund-for-review-change');
  assert.equal(verdict.evidence[0].field, 'text');
});

test('lint ends with 2 for what is no mail, and for a file that is not there', async () => {
  const twoAuthors = await veilpost(['lint', '-'], {}, `From: <a@b.test>\nFrom: <c@d.test>\n\nx\n`);
  assert.equal(twoAuthors.code, 2);
  assert.match(twoAuthors.err, /not valid Internet mail.*exactly one From/);
  const missing = await veilpost(['lint', 'nowhere.eml']);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /cannot read the message/);
  assert.equal((await veilpost(['lint'])).code, 2);
});

test('keys new makes a key file that only its owner can read, and never writes over one', async () => {
  const path = join(folder, 'made', 'keys.json');
  const made = await veilpost(['keys', 'new'], { VEILPOST_KEYS__FILE: path });
  assert.deepEqual([made.code, made.err], [0, '']);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const before = await readFile(path, 'utf8');
  const again = await veilpost(['keys', 'new'], { VEILPOST_KEYS__FILE: path });
  assert.equal(again.code, 1);
  assert.match(again.err, /left as it is/);
  assert.equal(await readFile(path, 'utf8'), before);
  assert.equal((await veilpost(['keys', 'old'])).code, 2);
});

test('help lists the commands; a command that is none ends with 2', async () => {
  const help = await veilpost(['help']);
  assert.equal(help.code, 0);
  for (const command of ['serve', 'lint', 'keys new', 'keys rotate', 'dns [--check]'])
    assert.ok(help.out.includes(command), command);
  const none = await veilpost(['sevre']);
  assert.equal(none.code, 2);
  assert.match(none.err, /no command "sevre"; "veilpost help"/);
});

test('serve stops on a setting that does not exist, and on a role that does not', async () => {
  const unknown = await veilpost(['serve'], { VEILPOST_SMTP__MXX: '127.0.0.1:1' });
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /VEILPOST_SMTP__MXX.*there is no such setting/s);
  assert.equal((await veilpost(['serve', '--role', 'cook'])).code, 2);
});

test('serve says which setting a busy port belongs to, and what to do', async () => {
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const address = busy.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const free = await freePorts(4);
  const doors = { VEILPOST_SMTP__MX: 0, VEILPOST_SMTP__SUBMISSION: 1, VEILPOST_HTTP__LISTEN: 2 };
  for (const taken of Object.keys(doors)) {
    const places = Object.entries(doors).map(([name, index]) => [
      name,
      `127.0.0.1:${name === taken ? port : free[index]}`,
    ]);
    const { code, err } = await veilpost(['serve'], Object.fromEntries(places));
    assert.equal(code, 1);
    const setting = taken.replace('VEILPOST_', '').replace('__', '.').toLowerCase();
    assert.match(err, new RegExp(`^veilpost: ${setting}: cannot listen on 127\\.0\\.0\\.1:${port}: another program`));
    assert.ok(err.includes(`${taken}=127.0.0.1:PORT`), err);
  }
  busy.close();
});

test('serve says what to do about a folder that it cannot write, and a Redis that is not there', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const data = await veilpost(['serve'], { VEILPOST_DATA__URL: `sqlite:${file}/data` });
  assert.equal(data.code, 1);
  assert.match(data.err, /^veilpost: data\.url: cannot write to the folder .* name another/);
  const keys = await veilpost(['serve'], { VEILPOST_KEYS__FILE: `${file}/keys.json` });
  assert.match(keys.err, /^veilpost: keys\.file: cannot write .* name another/);
  const redis = await veilpost(['serve'], { VEILPOST_DATA__URL: 'redis://:hush@127.0.0.1:1' });
  assert.equal(redis.code, 1);
  assert.match(redis.err, /^veilpost: data\.url: Redis cannot be reached/);
  assert.ok(!redis.err.includes('hush'));
});

test('serve says which file is wrong when the TLS key is not that of the certificate, or is no key', async () => {
  const [first, second] = [makeTls(), makeTls()];
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const files = { VEILPOST_SMTP__TLS_CERT: cert, VEILPOST_SMTP__TLS_KEY: key };
  await writeFile(cert, first.cert);
  await writeFile(key, second.key);
  const mismatch = await veilpost(['serve'], files);
  assert.equal(mismatch.code, 1);
  assert.match(mismatch.err, /^veilpost: smtp\.tlsKey: .*key\.pem is not the key of the certificate in .*cert\.pem\n$/);
  await writeFile(key, 'half a fi');
  assert.match(
    (await veilpost(['serve'], files)).err,
    /^veilpost: smtp\.tlsCert, smtp\.tlsKey: .* is not PEM that can be/,
  );
});

test('SIGTERM ends a relay with 0', async () => {
  await using relay = await startRelayProcess({ folder: join(folder) });
  assert.equal(await relay.stop(), 0);
});

test('eval says how well messages with known answers were judged, and which were not', async () => {
  const file = join(folder, 'known.jsonl');
  const lines = [
    {
      subject: '',
      body: 'Change your 1 star to 5 and we refund 20 EUR.',
      verdict: 'stop',
      classes: ['inducement'],
      lang: 'en',
    },
    { subject: 'Late', body: 'Your parcel is late, we refund the shipping.', verdict: 'deliver', lang: 'en' },
    { subject: '', body: 'Change your 1 star to 5 and we refund 20 EUR.', verdict: 'deliver', lang: 'en' },
  ];
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  const { code, out } = await veilpost(['eval', file]);
  assert.equal(code, 0);
  assert.match(out, /^3 messages, 1 of them to be stopped$/m);
  assert.match(
    out,
    /^all +50\.0 % \([\d.]+-[\d.]+, 1\/2\) +100\.0 % \([\d.]+-[\d.]+, 1\/1\) +50\.0 % \([\d.]+-[\d.]+, 1\/2\)$/m,
  );
  assert.match(out, /^inducement +100\.0 %/m);
  assert.match(out, /line 3 \(en\) stopped: refund-for-review-change/);
});

test('eval ends with 2 and the number of the line when a line is not of its form', async () => {
  const file = join(folder, 'odd.jsonl');
  await writeFile(file, '{"subject":"","body":"Hello","verdict":"deliver"}\n{"body":"Hello","verdict":"maybe"}\n');
  const { code, err } = await veilpost(['eval', file]);
  assert.equal(code, 2);
  assert.match(err, /line 2: verdict must be "deliver" or "stop"/);
});
