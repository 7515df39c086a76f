/**
 * The example file and the page of settings, read back by what reads a real one.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import { configurationMarkdown, exampleToml } from '../../src/config/print.ts';
import { environmentName, SETTING_NAMES } from '../../src/config/schema.ts';

test('the example is a production set-up that starts once its key file is there', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'veilpost-config-'));
  try {
    await writeFile(join(cwd, 'example.toml'), exampleToml());
    await writeFile(join(cwd, 'keys.json'), '{}');
    const env = { VEILPOST_CONFIG: 'example.toml', VEILPOST_KEYS__FILE: join(cwd, 'keys.json') };
    const config = loadConfig({ env, cwd });
    assert.equal(config.mode, 'production');
    assert.deepEqual(config['delivery.route'], { kind: 'mx' });
    assert.deepEqual(config['domains.alias'], ['ord.acme.example']);
    assert.equal(config['api.bootstrapKey'], undefined, 'the secret is only shown, not set');
  } finally {
    await rm(cwd, { recursive: true });
  }
});

test('the example and the page name every setting, once', () => {
  const keys = exampleToml().match(/^(?:# )?[a-zA-Z]+ = /gm) ?? [];
  assert.equal(keys.length, SETTING_NAMES.length);
  const page = configurationMarkdown();
  for (const name of SETTING_NAMES) {
    assert.equal(page.split(`| \`${name}\` | \`${environmentName(name)}\` |`).length, 2, name);
  }
});

test('the file for a laptop means what the defaults mean', async () => {
  const withFile = loadConfig({ env: {}, cwd: process.cwd() });
  const without = loadConfig({ env: {}, cwd: tmpdir() });
  assert.match(await readFile('config/veilpost.toml', 'utf8'), /mode = "sandbox"/);
  assert.deepEqual({ ...withFile, 'marketplace.name': '' }, { ...without, 'marketplace.name': '' });
});
