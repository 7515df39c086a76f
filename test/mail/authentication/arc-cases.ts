/**
 * arc-cases: RFC 8617, one row a sentence.
 *
 * Unless a row says otherwise, list.test forwards a letter of shop.test that passed there, and is the one sealer on our list. The key
 * record of every sealer is at `a._domainkey.<domain>`.
 */
import type { ArcFinding } from '../../../src/mail/authentication/result.ts';
import type { Zone } from '../../support/name-server.ts';
import { ED25519, REPORT, RSA, rsaKey, sealed, signed } from './letters.ts';

export interface ArcCase {
  readonly says: string;
  readonly letter: () => Promise<string>;
  readonly record?: string;
  readonly zone?: Zone;
  readonly sealers?: readonly string[];
  readonly is: ArcFinding['result'];
  /** Passes, and yet is not believed. */
  readonly isDoubted?: true;
}

const RSA_512 = rsaKey(512);

/** Sealed by each of `domains`, one after the other. */
async function chain(...domains: readonly string[]): Promise<string> {
  let letter = await signed();
  for (const [index, signingDomain] of domains.entries()) {
    letter = await sealed(letter, { signingDomain, cv: index === 0 ? 'none' : 'pass' });
  }
  return letter;
}

const VALID: readonly ArcCase[] = [
  { says: '5.2: a message without a chain has none', letter: () => signed(), is: 'none' },
  { says: '5.2: a chain of one passes', letter: () => chain('list.test'), is: 'pass' },
  { says: '5.2: a chain of three passes', letter: () => chain('one.test', 'two.test', 'list.test'), is: 'pass' },
  { says: '5.2: one host may seal twice', letter: () => chain('list.test', 'list.test'), is: 'pass' },
  {
    says: 'RFC 8463: a seal with Ed25519 passes',
    letter: async () => sealed(await signed(), { key: ED25519 }),
    record: ED25519.record,
    is: 'pass',
  },
  {
    says: '5.2: only the newest signature must match: a list may change what it forwards',
    letter: async () => sealed((await chain('one.test')).replace('today', 'on Friday'), { cv: 'pass' }),
    is: 'pass',
  },
  { says: 'names on the list are in any case in the seal', letter: () => chain('LIST.test'), is: 'pass' },
  {
    says: '7.2: a sealer that is not on the list is not looked at',
    letter: () => chain('list.test'),
    sealers: ['other.test'],
    is: 'ignored',
  },
  {
    says: '7.2: only the newest sealer counts: who comes after one on the list can change everything',
    letter: () => chain('list.test', 'evil.test'),
    is: 'ignored',
  },
  { says: '7.2: with an empty list nobody is looked at', letter: () => chain('list.test'), sealers: [], is: 'ignored' },
  { says: '7.2: a subdomain of a sealer is somebody else', letter: () => chain('evil.list.test'), is: 'ignored' },
];

const broken = (
  says: string,
  change: (letter: string) => string,
  hosts: readonly string[] = ['list.test'],
): ArcCase => ({
  says,
  letter: async () => change(await chain(...hosts)),
  is: 'fail',
});
const TWO = ['one.test', 'list.test'] as const;
/** The fields of one ARC set, or all but one of them. */
const without = (field: string, instance: number) => (letter: string) =>
  letter.replace(new RegExp(`^${field}: i=${instance};[^]*?\\r\\n(?![ \\t])`, 'm'), '');

const BROKEN: readonly ArcCase[] = [
  broken('5.2: another word in the body breaks it', (text) => text.replace('today', 'on Friday')),
  broken('5.2: another word in a signed field breaks it', (text) => text.replace('Your order', 'Your refund')),
  broken('5.2: another word in the report breaks it', (text) => text.replace('spf=pass', 'spf=fail')),
  broken(
    '5.2: another word in an older report breaks it',
    (text) => text.replace(/(i=1;[^]*?)spf=pass/, '$1spf=fail'),
    TWO,
  ),
  broken('5.2: a seal without its report breaks it', without('ARC-Authentication-Results', 1)),
  broken('5.2: a seal without its signature breaks it', without('ARC-Message-Signature', 1)),
  broken('5.2: a signature without its seal breaks it', without('ARC-Seal', 1)),
  broken(
    '5.2: a set that is missing breaks it',
    (text) =>
      ['ARC-Seal', 'ARC-Message-Signature', 'ARC-Authentication-Results'].reduce(
        (rest, field) => without(field, 1)(rest),
        text,
      ),
    TWO,
  ),
  broken('5.2: a field twice breaks it', (text) =>
    text.replace(/^(ARC-Authentication-Results: [^]*?\r\n)(?![ \t])/m, '$1$1'),
  ),
  broken('4.2.1: an instance of 0 breaks it', (text) => text.replaceAll('i=1;', 'i=0;')),
  broken('4.2.1: an instance of 51 breaks it', (text) => text.replaceAll('i=1;', 'i=51;')),
  broken('4.1.3: h= in a seal breaks it', (text) => text.replace('cv=none;', 'cv=none; h=from;')),
  broken('4.1.3: a seal needs an algorithm', (text) => text.replace(/^(ARC-Seal: i=1;) a=rsa-sha256;/m, '$1')),
  broken('4.1.3: rsa-sha1 is no algorithm of ARC', (text) =>
    text.replace(/^(ARC-Seal: i=1; a=)rsa-sha256/m, '$1rsa-sha1'),
  ),
  broken('4.1.3: an unknown cv breaks it', (text) => text.replace('cv=none', 'cv=good')),
  {
    says: '5.1.1: cv=pass in the first set breaks it',
    letter: async () => sealed(await signed(), { cv: 'pass' }),
    is: 'fail',
  },
  {
    says: '5.2: cv=fail in the newest set breaks it',
    letter: async () => sealed(await chain('one.test'), { cv: 'fail' }),
    is: 'fail',
  },
  {
    says: '5.1.1: cv=none in the second set breaks it',
    letter: async () => sealed(await chain('one.test'), { cv: 'none' }),
    is: 'fail',
  },
];

const KEYS: readonly ArcCase[] = [
  {
    says: 'RFC 8301: a key of 512 bits breaks it',
    letter: async () => sealed(await signed(), { key: RSA_512 }),
    record: RSA_512.record,
    is: 'fail',
  },
  {
    says: 'the key of somebody else breaks it',
    letter: () => chain('list.test'),
    record: rsaKey(1024).record,
    is: 'fail',
  },
  { says: 'a revoked key breaks it', letter: () => chain('list.test'), record: 'v=DKIM1; p=', is: 'fail' },
  {
    says: 'a key that is not there breaks it',
    letter: async () => sealed(await signed(), { selector: 'gone' }),
    is: 'fail',
  },
  {
    says: 'a key that cannot be looked up is a temporary error',
    letter: () => chain('list.test'),
    zone: { 'SERVFAIL a._domainkey.list.test': [] },
    is: 'temperror',
  },
  {
    says: 'an older key that cannot be looked up too',
    letter: () => chain(...TWO),
    zone: { 'SERVFAIL a._domainkey.one.test': [] },
    is: 'temperror',
  },
  {
    says: 'RFC 6376 3.6.1: a key with t=y passes and is not believed',
    letter: () => chain('list.test'),
    record: `${RSA.record}; t=y`,
    is: 'pass',
    isDoubted: true,
  },
];

export const ARC_CASES: readonly ArcCase[] = [...VALID, ...BROKEN, ...KEYS];

/** What REPORT says. */
export const REPORTED: ArcFinding['report'] = {
  spf: { result: 'pass', domain: 'shop.test' },
  dkim: [{ result: 'pass', domain: 'shop.test' }],
  dmarc: { result: 'pass', domain: 'shop.test' },
};

export const HOSTILE_REPORTS: readonly (readonly [string, string, ArcFinding['report']])[] = [
  ['all is told', REPORT, REPORTED],
  ['nothing is told', 'list.test; none', { spf: undefined, dkim: [], dmarc: undefined }],
  [
    'a result that nobody knows is left out',
    'list.test; dmarc=great header.from=shop.test; spf=PASS! smtp.mailfrom=shop.test',
    { spf: undefined, dkim: [], dmarc: undefined },
  ],
  [
    'what is not a domain is left out',
    'list.test; dmarc=pass header.from="<script>"; dkim=pass header.d="a b"',
    { spf: undefined, dkim: [{ result: 'pass', domain: undefined }], dmarc: { result: 'pass', domain: undefined } },
  ],
  [
    'names that mean something to JavaScript mean nothing',
    'list.test; dmarc=pass header.__proto__.from=shop.test; constructor=pass; spf=fail smtp.mailfrom.x=shop.test',
    { spf: { result: 'fail', domain: undefined }, dkim: [], dmarc: { result: 'pass', domain: undefined } },
  ],
];
