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
  {
    what: 'plain text as it came',
    module: 'src/mail/mask/body.ts',
    from: "if (!text.includes('-----BEGIN PGP ')) return this.#text(text);",
    to: "if (!text.includes('-----BEGIN PGP ')) return text;",
  },
  {
    what: 'file names as they came',
    module: 'src/mail/mask/body.ts',
    from: 'filename: file.filename === undefined ? undefined : this.#text(file.filename),',
    to: 'filename: file.filename,',
  },
  {
    what: 'content ids as they came',
    module: 'src/mail/mask/body.ts',
    from: 'contentId: file.contentId === undefined ? undefined : this.#contentIds.get(file.contentId),',
    to: 'contentId: file.contentId,',
  },
  {
    what: 'signatures and keys passed on',
    module: 'src/mail/mask/body.ts',
    from: 'if (isSignatureOrKey(file)) return SIGNATURE_NOTE;',
    to: '',
  },
  {
    what: 'calendars as they came',
    module: 'src/mail/mask/body.ts',
    from: 'return this.#count(rewriteContentLines(text, this.#context)).text;',
    to: 'return text;',
  },
  {
    what: 'attributes of HTML as they came',
    module: 'src/mail/mask/html.ts',
    from: 'const hits = findTraces(value, this.#context.traces).length;',
    to: 'const hits = 0 * findTraces(value, this.#context.traces).length;',
  },
];

/** Places that rewriting does not reach: there is no text to be masked, or it is read in one of several ways. Nothing else may be here. */
const NOT_REACHED: readonly string[] = [
  'an archive in a mail that is a text file',
  'a document in a mail in an archive',
  'an entity of an XML file',
  'the colour profile in a JPEG',
  'the packed text of a picture in an SVG',
  'the packed text of a picture on a card',
  'the short last line of a text in base64',
  'two file names in an archive',
];

const sound = planted(undefined);

test('without a mistake verify lets most of the planted mail through, and nobody can read the address in it', async () => {
  const { sent, leaked } = await sound;
  assert.ok(sent > 250, `${sent} were let through`);
  assert.deepEqual(leaked, []);
});

test('verify is the last line: of the planted mail it has to stop what stands where rewriting does not reach', async () => {
  assert.deepEqual((await sound).stopped.toSorted(), NOT_REACHED.toSorted());
});

for (const { what, ...mutation } of MUTATIONS) {
  test(`verify stops what a mistake in rewriting lets through: ${what}`, async () => {
    const broken = await planted(mutation);
    assert.deepEqual(broken.leaked, []);
    assert.ok(broken.stopped.length > (await sound).stopped.length, 'the mistake was noticed');
  });
}
