/**
 * Where a setting comes from, and what stops the start: each problem with its key, the reason and the fix, and no secret in it.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ConfigError, loadConfig, type Environment } from '../../src/config/load.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'veilpost-config-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const load = (env: Environment = {}) => loadConfig({ env, cwd });
const file = async (text: string): Promise<Environment> => {
  await writeFile(join(cwd, 'relay.toml'), text);
  return { VEILPOST_CONFIG: 'relay.toml' };
};

/** What the start is stopped with. */
function problems(env: Environment): readonly string[] {
  try {
    load(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return assert.fail('it started');
}

describe('where a setting comes from', () => {
  test('with nothing at all it is a sandbox on the loopback', () => {
    const config = load();
    assert.equal(config.mode, 'sandbox');
    assert.deepEqual(config['smtp.mx'], { host: '127.0.0.1', port: 2525 });
    assert.deepEqual(config['data.url'], { kind: 'sqlite', folder: './data' });
    assert.equal(config['smtp.maxMessage'], 25 * 1000 * 1000);
    assert.equal(config['hold.deadline'], 4 * 60 * 60 * 1000);
  });

  test('the environment wins over the file, the file over the default', async () => {
    const env = await file('[hold]\ndeadline = "2h"\nundo = "5s"');
    const config = load({ ...env, VEILPOST_HOLD__DEADLINE: '1h' });
    assert.equal(config['hold.deadline'], 60 * 60 * 1000);
    assert.equal(config['hold.undo'], 5000);
    assert.equal(config['hold.onDeadline'], 'return');
  });

  test('lists are written with commas in the environment', () => {
    const config = load({ VEILPOST_DOMAINS__ALIAS: 'one.test, two.test' });
    assert.deepEqual(config['domains.alias'], ['one.test', 'two.test']);
  });

  test('a secret comes from a file, without the line end', async () => {
    const key = `vk_test_${'k'.repeat(43)}`;
    await writeFile(join(cwd, 'secret'), `${key}\n`);
    assert.equal(load({ VEILPOST_API__BOOTSTRAP_KEY_FILE: 'secret' })['api.bootstrapKey'], key);
  });
});

describe('what stops the start', () => {
  test('a name that is not known, with the one that was meant', async () => {
    const env = await file('[hold]\ndeadlin = "2h"');
    const found = problems({ ...env, VEILPOST_SMTP__MAXMESSAGE: '1MB' });
    assert.equal(found.length, 2, found.join('\n'));
    assert.match(found.join('\n'), /hold\.deadlin in .*did you mean hold\.deadline\?/);
    assert.match(found.join('\n'), /VEILPOST_SMTP__MAXMESSAGE: .*did you mean VEILPOST_SMTP__MAX_MESSAGE\?/);
  });

  test('a value without its unit, and every other unreadable one, all at once', () => {
    const found = problems({
      VEILPOST_HOLD__DEADLINE: '4',
      VEILPOST_SMTP__MX: 'everywhere',
      VEILPOST_MODE: 'demo',
      VEILPOST_DELIVERY__CONCURRENCY: '-1',
    });
    assert.deepEqual(found.map((problem) => problem.split(' ')[0] ?? '').toSorted(), [
      'delivery.concurrency',
      'hold.deadline',
      'mode',
      'smtp.mx',
    ]);
  });

  test('an unreadable secret is not repeated', () => {
    const found = problems({
      VEILPOST_DATA__URL: 'redis:/user:hunter2@nowhere',
      VEILPOST_API__BOOTSTRAP_KEY: 'hunter2',
    });
    assert.equal(found.length, 2, found.join('\n'));
    assert.ok(!found.join('\n').includes('hunter2'));
  });

  test('a broken file, told without the line that may hold a secret', async () => {
    const found = problems(await file('[api]\nbootstrapKey = "hunter2'));
    assert.match(found.join('\n'), /is not valid TOML/);
    assert.ok(!found.join('\n').includes('hunter2'));
  });

  test('a file that is named and not there', () => {
    assert.match(problems({ VEILPOST_CONFIG: 'no-such.toml' }).join('\n'), /no readable file at .*no-such\.toml/);
  });

  test('a sandbox that others could reach', () => {
    assert.match(problems({ VEILPOST_SMTP__MX: '0.0.0.0:2525' }).join('\n'), /^smtp\.mx: .*loopback/);
  });

  test("a mailbox of the operator that would be this relay's own, or is none", () => {
    const [own] = problems({ VEILPOST_OPERATOR__MAILBOX: 'Admin@RELAY.test' });
    assert.match(own ?? '', /^operator\.mailbox: .*answers for that domain itself/);
    assert.match(problems({ VEILPOST_OPERATOR__MAILBOX: 'admin@mail.relay.test' }).join(), /^operator\.mailbox: /);
    assert.match(
      problems({ VEILPOST_OPERATOR__MAILBOX: 'postmaster' }).join(),
      /operator\.mailbox .*must be a mailbox/,
    );
    assert.equal(load({ VEILPOST_OPERATOR__MAILBOX: 'admin@acme.example' })['operator.mailbox'], 'admin@acme.example');
  });

  test('production with the defaults of the sandbox: each of them is named', () => {
    const named = problems({ VEILPOST_MODE: 'production', VEILPOST_KEYS__FILE: join(cwd, 'keys.json') }).map(
      (problem) => problem.split(/[:,]/)[0] ?? '',
    );
    assert.deepEqual(named.toSorted(), ['delivery.route', 'domains.alias', 'keys.file', 'smtp.tlsCert']);
  });

  test('production with a test key, a public API without TLS, or a store that may lose mail', () => {
    const found = problems({
      VEILPOST_MODE: 'production',
      VEILPOST_API__BOOTSTRAP_KEY: `vk_test_${'k'.repeat(43)}`,
      VEILPOST_HTTP__LISTEN: '0.0.0.0:8420',
      VEILPOST_DATA__ALLOW_UNSAFE_PERSISTENCE: 'yes',
    });
    for (const key of ['api.bootstrapKey', 'http.publicUrl', 'data.allowUnsafePersistence']) {
      assert.ok(
        found.some((problem) => problem.startsWith(`${key}:`)),
        key,
      );
    }
  });
});
