/**
 * dkim-cases: which signatures count, one row a sentence, from RFC 6376, RFC 8301 and RFC 8463.
 *
 * Unless a row says otherwise, shop.test signs LETTER with the RSA-2048 key `s`, whose record is there.
 */
import type { SignatureFlaw } from '../../../src/mail/authentication/result.ts';
import type { Zone } from '../../support/name-server.ts';
import { ED25519, from, LETTER, NOW, RSA, rsaKey, signed } from './letters.ts';
import { times } from './zones.ts';

export interface DkimCase {
  readonly says: string;
  readonly letter: () => Promise<string>;
  /** Key record at `s._domainkey.shop.test`. */
  readonly record?: string;
  readonly zone?: Zone;
  /** For each signature, the upper first. */
  readonly found: readonly ('pass' | SignatureFlaw)[];
}

const RSA_1024 = rsaKey(1024);
const RSA_768 = rsaKey(768);
const RSA_512 = rsaKey(512);
const RSA_4104 = rsaKey(4104);
const SECOND_KEY = 'TXT e._domainkey.shop.test';
const DAY_MS = 24 * 3_600_000;

const withKey = (key: typeof RSA, algorithm = 'rsa-sha256') => ({
  letter: () => signed(LETTER, { key, algorithm }),
  record: key.record,
});

const KEYS: readonly DkimCase[] = [
  { says: 'RFC 8301 3.2: RSA with 2048 bits counts', ...withKey(RSA), found: ['pass'] },
  { says: 'RFC 8301 3.2: RSA with 1024 bits counts', ...withKey(RSA_1024), found: ['pass'] },
  { says: 'RFC 8301 3.2: RSA with 768 bits does not', ...withKey(RSA_768), found: ['weak-key'] },
  { says: 'RFC 8301 3.2: RSA with 512 bits does not', ...withKey(RSA_512), found: ['weak-key'] },
  { says: 'RFC 8301 3.2: RSA over 4096 bits does not', ...withKey(RSA_4104), found: ['large-key'] },
  { says: 'RFC 8301 3.1: rsa-sha1 does not', ...withKey(RSA, 'rsa-sha1'), found: ['sha1'] },
  { says: 'RFC 8463: Ed25519 counts', ...withKey(ED25519, 'ed25519-sha256'), found: ['pass'] },
  {
    says: 'RFC 8463 4: an Ed25519 key that says it is RSA does not',
    ...withKey(ED25519, 'ed25519-sha256'),
    record: ED25519.record.replace('ed25519', 'rsa'),
    found: ['unusable-key'],
  },
  {
    says: 'RFC 6376 6.1.2: the key of another algorithm does not',
    letter: () => signed(),
    record: ED25519.record,
    found: ['unusable-key'],
  },
  {
    says: 'RFC 6376 6.1.2: the key of somebody else does not',
    letter: () => signed(),
    record: RSA_1024.record,
    found: ['wrong-signature'],
  },
];

const record = (says: string, text: string, found: 'pass' | SignatureFlaw): DkimCase => ({
  says: `RFC 6376 ${says}`,
  letter: () => signed(),
  record: text,
  found: [found],
});

const RECORDS: readonly DkimCase[] = [
  record('3.6.1: a key without v= and k= is RSA', RSA.record.replace('v=DKIM1; k=rsa; ', ''), 'pass'),
  record('3.6.1: another version does not count', RSA.record.replace('DKIM1', 'DKIM2'), 'unusable-key'),
  record('3.6.1: v= must come first', `k=rsa; v=DKIM1; ${RSA.record.slice(RSA.record.indexOf('p='))}`, 'unusable-key'),
  record('3.6.1: a revoked key does not count', 'v=DKIM1; p=', 'unusable-key'),
  record('3.6.1: t=y is as good as unsigned', `${RSA.record}; t=y`, 'testing'),
  record('3.6.1: t=y among other flags too', `${RSA.record}; t=s:y`, 'testing'),
  record('3.6.1: h= without sha256 does not allow it', `${RSA.record}; h=sha1`, 'unusable-key'),
  record('3.6.1: s= without email is for something else', `${RSA.record}; s=tlsrpt`, 'unusable-key'),
  record('3.6.1: s=* is for everything', `${RSA.record}; s=*`, 'pass'),
  record('3.2: a tag twice makes the record unusable', `${RSA.record}; k=rsa`, 'unusable-key'),
  record('3.6.1: what is not base64 is no key', 'v=DKIM1; k=rsa; p=not/a*key', 'unusable-key'),
  {
    says: 'RFC 6376 6.1.2: without a key record there is nothing to check',
    letter: () => signed(LETTER, { selector: 'gone' }),
    found: ['no-key'],
  },
  {
    says: 'RFC 6376 6.1.2: a name server in trouble is a temporary error',
    letter: () => signed(LETTER, { selector: 'slow' }),
    zone: { 'SERVFAIL slow._domainkey.shop.test': [] },
    found: ['dns'],
  },
];

const identity = (says: string, value: string, flags: string, found: 'pass' | SignatureFlaw): DkimCase => ({
  says: `RFC 6376 ${says}`,
  letter: () => signed(LETTER, { identity: value }),
  record: RSA.record + flags,
  found: [found],
});

const TAGS: readonly DkimCase[] = [
  identity('3.5: i= may be a subdomain', '@mail.shop.test', '', 'pass'),
  identity('3.5: i= outside d= is a permanent error', '@shop.other.test', '', 'identity'),
  {
    says: 'RFC 6376 3.5: i= may not be above d=',
    letter: () => signed(LETTER, { signingDomain: 'mail.shop.test', identity: '@shop.test' }),
    found: ['identity'],
  },
  identity('3.5: i= that only ends like d= is outside', '@evilshop.test', '', 'identity'),
  identity('3.6.1: t=s forbids a subdomain in i=', '@mail.shop.test', '; t=s', 'identity'),
  identity('3.6.1: t=s allows the domain itself', 'ann@shop.test', '; t=s', 'pass'),
  {
    says: 'AU-02: l= does not count, though it covers the body',
    letter: () => signed(LETTER, { maxBodyLength: 1000 }),
    found: ['body-length'],
  },
  { says: 'AU-02: l=0 does not count', letter: () => signed(LETTER, { maxBodyLength: 0 }), found: ['body-length'] },
  {
    says: 'AU-02: text behind l= does not count',
    letter: async () => `${await signed(LETTER, { maxBodyLength: 5 })}added\r\n`,
    found: ['body-length'],
  },
  {
    says: 'RFC 6376 3.5: a signature is good until x=',
    letter: () => signed(LETTER, { expires: new Date(NOW + DAY_MS) }),
    found: ['pass'],
  },
  {
    says: 'RFC 6376 3.5: and not behind it',
    letter: () => signed(LETTER, { signTime: new Date(NOW - 2 * DAY_MS), expires: new Date(NOW - DAY_MS) }),
    found: ['expired'],
  },
  {
    says: 'RFC 6376 3.5: x= before t= is a syntax error',
    letter: async () => (await signed(LETTER, { expires: new Date(NOW + DAY_MS) })).replace(/ x=\d+/, ' x=12345'),
    found: ['expired'],
  },
  {
    says: 'RFC 6376 5.4: From must be signed',
    letter: async () => (await signed()).replace(/( h=[^;]*?)From/, '$1Sender'),
    found: ['from-unsigned'],
  },
  {
    says: 'RFC 6376 3.5: another version is a permanent error',
    letter: async () => (await signed()).replace('v=1;', 'v=2;'),
    found: ['unreadable'],
  },
  {
    says: 'RFC 6376 3.5: another way to look up keys is a permanent error',
    letter: async () => (await signed()).replace('q=dns/txt', 'q=http/key'),
    found: ['unreadable'],
  },
  {
    says: 'RFC 6376 3.2: a tag twice is a permanent error',
    letter: async () => (await signed()).replace('v=1;', 'v=1; v=1;'),
    found: ['unreadable'],
  },
  {
    says: 'RFC 6376 3.3: an unknown algorithm is ignored',
    letter: async () => (await signed()).replace('a=rsa-sha256', 'a=rsa-sha9'),
    found: ['unreadable'],
  },
  {
    says: 'AU-05: a quote in d= makes it no domain',
    letter: async () => (await signed()).replace('d=shop.test', "d=shop.test'a.attack.test"),
    found: ['unreadable'],
  },
  {
    says: 'AU-05: a NUL in the selector makes it none',
    letter: async () => (await signed()).replace(' s=s;', ' s=attack.test\u0000;'),
    found: ['unreadable'],
  },
  {
    says: 'full-width letters in d= make it no domain',
    letter: async () => (await signed()).replace('d=shop.test', 'd=\uff53hop.test'),
    found: ['unreadable'],
  },
];

const changed = (
  says: string,
  canonicalization: string,
  change: (text: string) => string,
  found: 'pass' | SignatureFlaw,
) => ({
  says: `RFC 6376 ${says}`,
  letter: async () => change(await signed(LETTER, { canonicalization })),
  found: [found],
});
const spacedBody = (text: string) => text.replace('It left today.', 'It  left today. ');
const spacedHeader = (text: string) => text.replace('Subject: Your order', 'SUBJECT:  Your  order ');

const CHANGES: readonly DkimCase[] = [
  changed(
    '3.7: another word in the body',
    'relaxed/relaxed',
    (text) => text.replace('today', 'Friday'),
    'body-changed',
  ),
  changed(
    '3.7: another word in a signed field',
    'relaxed/relaxed',
    (text) => text.replace('Your order', 'Your refund'),
    'wrong-signature',
  ),
  changed(
    '3.7: a field that is not signed may be added',
    'relaxed/relaxed',
    (text) => `X-Seen: yes\r\n${text}`,
    'pass',
  ),
  changed('3.4.4: relaxed bodies may change in white space', 'relaxed/relaxed', spacedBody, 'pass'),
  changed('3.4.3: simple bodies may not', 'relaxed/simple', spacedBody, 'body-changed'),
  changed('3.4.3: empty lines at the end do not count', 'simple/simple', (text) => `${text}\r\n\r\n`, 'pass'),
  changed('3.4.2: relaxed fields may change in case and white space', 'relaxed/simple', spacedHeader, 'pass'),
  changed('3.4.1: simple fields may not', 'simple/simple', spacedHeader, 'wrong-signature'),
  changed(
    '8.15: a second Subject above the signed one',
    'relaxed/relaxed',
    (text) => `Subject: Win\r\n${text}`,
    'field-added',
  ),
  changed(
    '8.15: a second From above the signed one',
    'relaxed/relaxed',
    (text) => `From: e@evil.test\r\n${text}`,
    'field-added',
  ),
  changed(
    '8.15: a second Content-Type above the signed one',
    'relaxed/relaxed',
    (text) => `Content-Type: text/html\r\n${text}`,
    'field-added',
  ),
  {
    says: 'RFC 6376 5.4.2: fields that are all signed may stand twice',
    letter: () => signed(`Received: x\r\nReceived: y\r\n${LETTER}`),
    found: ['pass'],
  },
];

const SEVERAL: readonly DkimCase[] = [
  { says: 'RFC 6376 4: a message without a signature has none', letter: async () => LETTER, found: [] },
  {
    says: 'RFC 6376 4.2: two signatures count each',
    letter: async () => signed(await signed(), { key: ED25519, algorithm: 'ed25519-sha256', selector: 'e' }),
    zone: { [SECOND_KEY]: [[ED25519.record]] },
    found: ['pass', 'pass'],
  },
  {
    says: 'RFC 6376 6.1: a broken one above does not spoil the good one',
    letter: async () => signed(await signed(), { selector: 'gone' }),
    found: ['no-key', 'pass'],
  },
  {
    says: 'RFC 8463 5: a key that is not known beside one that is',
    letter: async () => signed(await signed(), { key: ED25519, algorithm: 'ed25519-sha256', selector: 'e' }),
    found: ['no-key', 'pass'],
  },
  {
    says: 'eight signatures are looked at',
    letter: () => many(8),
    found: [...times(7, () => 'no-key' as const), 'pass'],
  },
  { says: 'a ninth is not, whatever it is', letter: () => many(9), found: times(8, () => 'no-key' as const) },
  {
    says: 'RFC 6376 3.5: the signature of another domain counts as its own',
    letter: () => signed(from('e@evil.test')),
    found: ['pass'],
  },
];

/** `count` signatures, all but the lowest with a selector that does not exist. */
async function many(count: number): Promise<string> {
  let letter = await signed();
  for (let made = 1; made < count; made++) letter = await signed(letter, { selector: `gone${made}` });
  return letter;
}

export const DKIM_CASES: readonly DkimCase[] = [...KEYS, ...RECORDS, ...TAGS, ...CHANGES, ...SEVERAL];
