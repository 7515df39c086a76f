/**
 * mutations: mistakes that somebody could make in rewriting tomorrow. verify, which shares no code with it, must stop what they let
 * through.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { PlantedRun } from '../support/run-planted.ts';

const support = join(import.meta.dirname, '../support');
const run = promisify(execFile);

async function planted(mutation: object | undefined): Promise<PlantedRun> {
  const mutated = mutation === undefined ? [] : ['--import', join(support, 'mutate.ts')];
  const { stdout } = await run(process.execPath, ['--no-warnings', ...mutated, join(support, 'run-planted.ts')], {
    env: { ...process.env, VEILPOST_TEST_MUTATION: JSON.stringify(mutation ?? {}) },
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}

const MUTATIONS: readonly {
  readonly what: string;
  readonly module: string;
  readonly from: string;
  readonly to: string;
}[] = [
  {
    what: 'one header too many, without any address',
    module: 'src/mail/rewrite.ts',
    from: "['MIME-Version', '1.0'],",
    to: "['X-Originating-IP', '[192.0.2.1]'], ['MIME-Version', '1.0'],",
  },
  {
    what: 'a second hop',
    module: 'src/mail/rewrite.ts',
    from: "['MIME-Version', '1.0'],",
    to: "['Received', receivedHop(deliverable, context)], ['MIME-Version', '1.0'],",
  },
  {
    what: 'the subject as it came',
    module: 'src/mail/rewrite.ts',
    from: 'const subject = maskText(message.subject, traces);',
    to: 'const subject = { text: message.subject, masked: 0 };',
  },
  {
    what: "the author's own display name",
    module: 'src/mail/rewrite.ts',
    from: "['From', mailbox(context.names.from,",
    to: "['From', encodeMailbox(message.fromName || context.names.from, order.aliases[from])], ['To', mailbox(context.names.from,",
  },
  {
    what: "the author's Message-ID",
    module: 'src/mail/rewrite.ts',
    from: 'const ownId = `${letters}@${context.aliasDomain}`;',
    to: 'const ownId = message.messageId || `${letters}@${context.aliasDomain}`;',
  },
];

test('without a mistake verify lets most of the planted mail through, and nobody can read the address in it', async () => {
  const { sent, leaked } = await planted(undefined);
  assert.ok(sent > 250, `${sent} were let through`);
  assert.deepEqual(leaked, []);
});

for (const { what, ...mutation } of MUTATIONS) {
  test(`verify stops what a mistake in rewriting lets through: ${what}`, async () => {
    const [sound, broken] = [await planted(undefined), await planted(mutation)];
    assert.deepEqual(broken.leaked, []);
    assert.ok(broken.stopped > sound.stopped, 'the mistake was noticed');
  });
}
