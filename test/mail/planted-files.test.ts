/**
 * planted-files: every planted message of the leak suite, through the stages that read, open, rebuild and verify it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domainToUnicode } from 'node:url';
import { constants, inflateSync } from 'node:zlib';
import { strFromU8, unzipSync } from 'fflate';
import { simpleParser } from 'mailparser';
import { CONTAINER_PLANTS, FILE_PLANTS } from '../../leak-suite/cases/containers.ts';
import { HEADER_PLANTS } from '../../leak-suite/cases/headers.ts';
import type { Plant } from '../../leak-suite/cases/plant.ts';
import { withText } from '../../leak-suite/cases/plant.ts';
import { HTML_PLANTS } from '../../leak-suite/cases/places-html.ts';
import { QUOTE_PLANTS } from '../../leak-suite/cases/quotes.ts';
import { TEXT_FILE_PLANTS } from '../../leak-suite/cases/files-text.ts';
import { RealAddress } from '../../src/core/real-address.ts';
import { openFiles } from '../../src/mail/open.ts';
import { parse } from '../../src/mail/parse.ts';
import { rewrite } from '../../src/mail/rewrite.ts';
import { ADDRESS_MASK } from '../../src/mail/mask/scrub.ts';
import type { Secrets } from '../../src/mail/types.ts';
import { verify } from '../../src/mail/verify.ts';
import type { Party } from '../../src/store/records.ts';
import { canariesIn } from '../support/canary.ts';
import { BUYER, CONTEXT, deliverable, SECRETS, SHOP } from '../support/deliverable.ts';

const AUTHORS = { buyer: BUYER, seller: SHOP } as const;
const PARTIES: readonly Party[] = ['buyer', 'seller'];

type End = { readonly kind: 'held'; readonly why: string } | { readonly kind: 'sent'; readonly bytes: Uint8Array };

/** As the path takes it: parse, open, judge (whatever nobody could read in one way is held), rewrite, verify. */
async function endOf(mail: string, from: Party, secrets: Secrets): Promise<End> {
  const opened = await openFiles(parse(Buffer.from(mail)), secrets, true);
  if (opened.anomalies.length > 0) return { kind: 'held', why: opened.anomalies.join(' ') };
  const rewritten = rewrite(deliverable(opened, from), { ...CONTEXT, secrets });
  const verdict = await verify(rewritten, secrets);
  return verdict.kind === 'clean'
    ? { kind: 'sent', bytes: rewritten.bytes }
    : { kind: 'held', why: `leak: ${verdict.place}` };
}

/** What a program makes of a file: the entries of an archive, the packed parts of a PDF or a picture, the letters of an RTF text. */
function* unpacked(content: Uint8Array): Generator<string> {
  const text = Buffer.from(content).toString('latin1');
  yield text;
  if (text.startsWith('PK')) for (const entry of Object.values(unzipSync(content))) yield* unpacked(entry);
  if (text.startsWith('<')) yield strFromU8(content).replace(/<[^>]*>/g, '');
  if (text.startsWith('{\\rtf')) yield lettersOfRtf(text);
  if (!/^(?:%PDF-|\x89PNG)/.test(text)) return;
  for (const { index } of text.matchAll(/x[\x01\x5e\x9c\xda]/g)) yield inflated(content.subarray(index));
  for (const [, hex = ''] of text.matchAll(/<([\da-fA-F\s]{8,})>/g)) yield Buffer.from(hex, 'hex').toString('latin1');
}

/** '' for what only looks packed. */
function inflated(packed: Uint8Array): string {
  try {
    return inflateSync(packed, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    return '';
  }
}

const lettersOfRtf = (text: string): string =>
  text
    .replace(/\\'([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\u(\d+)\??/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\\[a-z]+-?\d* ?|[{}]/g, '');

const hidden = (address: string): readonly string[] => [
  address,
  address.replaceAll('.', ''),
  address.split('@')[1] ?? '',
];

/** As a person puts it together who reads `jane [at] mail` or letters of twice their width. */
const putTogether = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\[at\]/g, '@')
    .replace(/\[dot\]/g, '.')
    .replace(/\s/g, '');

/** What can be read of `canaries` in the bytes, in what a program shows of them, and in what it unpacks. */
async function readable(bytes: Uint8Array, canaries: readonly string[]): Promise<readonly string[]> {
  const { subject = '', text = '', html, attachments } = await simpleParser(Buffer.from(bytes));
  const shown = [subject, text, html || ''].map(putTogether);
  const files = attachments.flatMap(({ content }) => [...unpacked(content)]);
  return [bytes, ...shown, ...files].flatMap((reading) => canariesIn(reading, canaries));
}

async function assertEnd({ what, mail, end }: Plant, from: Party, address: string, secrets = SECRETS): Promise<void> {
  const ended = await endOf(mail(address), from, secrets);
  assert.equal(ended.kind, end ?? 'sent', ended.kind === 'held' ? `held: ${ended.why}` : 'sent on');
  if (ended.kind === 'sent') assert.deepEqual(await readable(ended.bytes, hidden(address)), [], what);
}

const ALL = [...HEADER_PLANTS, ...QUOTE_PLANTS, ...HTML_PLANTS, ...FILE_PLANTS, ...CONTAINER_PLANTS];

for (const from of PARTIES) {
  for (const plant of ALL) {
    test(`the ${from}'s address in ${plant.what} does not reach the other side`, () =>
      assertEnd(plant, from, AUTHORS[from]));
  }
}

test('every place is named once', () => assert.equal(new Set(ALL.map(({ what }) => what)).size, ALL.length));

test('each planted address can be read in the message that its author wrote', async () => {
  for (const { what, mail } of ALL.filter(({ end }) => end !== 'held')) {
    const sent = mail(BUYER).replace(`From: Somebody <${BUYER}>`, 'From: x');
    assert.notDeepEqual(await readable(Buffer.from(sent), hidden(BUYER)), [], what);
  }
});

/** Mailboxes with more than one name: a provider with two, and a domain that is written in two alphabets. */
const OTHERS = ['jane.doe@gmail.com', 'jane.doe@xn--bcher-kva.example', 'anna@icloud.com'];
const inUnicode = withText('its other alphabet', (address) => {
  const [name = '', host = ''] = address.split('@');
  return `Hello ${name}@${domainToUnicode(host)}`;
});

for (const address of OTHERS) {
  const secrets: Secrets = { buyer: [RealAddress.parse(address)], seller: SECRETS.seller };
  for (const plant of [...TEXT_FILE_PLANTS, inUnicode]) {
    test(`${address} in ${plant.what} does not reach the seller`, () => assertEnd(plant, 'buyer', address, secrets));
  }
}

test('the mask stands where the address stood, and what was sent with it arrives', async () => {
  const words = ['the text of a Word document', 'a cell of an Excel table', 'a text file in an archive', 'a text file'];
  for (const { what, mail } of ALL.filter((plant) => words.includes(plant.what))) {
    const ended = await endOf(mail(BUYER), 'buyer', SECRETS);
    assert.equal(ended.kind, 'sent', what);
    if (ended.kind === 'sent') assert.ok((await shownIn(ended.bytes)).includes(ADDRESS_MASK), what);
  }
});

test('photos leave without metadata and with their picture', async () => {
  const photos = ALL.filter(({ what }) => what.endsWith(' of a JPEG') || what === 'the bytes behind a JPEG');
  assert.ok(photos.length >= 9);
  for (const { what, mail } of photos) {
    const ended = await endOf(mail(BUYER), 'buyer', SECRETS);
    assert.ok(ended.kind === 'sent' && (await shownIn(ended.bytes)).includes('the-coded-picture'), what);
  }
});

async function shownIn(bytes: Uint8Array): Promise<string> {
  const { attachments } = await simpleParser(Buffer.from(bytes));
  return attachments.flatMap(({ content }) => [...unpacked(content)]).join('\n');
}
