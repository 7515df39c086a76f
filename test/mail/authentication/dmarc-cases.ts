/**
 * dmarc-cases: RFC 9989, one row a sentence.
 */
import { FAILS, passes, REJECT, type DmarcCase } from './dmarc-case.ts';
import { WALK } from './dmarc-walk-cases.ts';
import { from, LETTER, signed } from './letters.ts';

const ALIGNMENT: readonly DmarcCase[] = [
  { says: '4.4.1: a signature of the author domain is aligned', sign: ['shop.test'], dmarc: REJECT, ...passes('dkim') },
  { says: '4.4.1: one of a subdomain is, relaxed', sign: ['mail.shop.test'], dmarc: REJECT, ...passes('dkim') },
  {
    says: '4.4.1: one of the domain above is, relaxed',
    author: 'ann@eu.shop.test',
    sign: ['shop.test'],
    dmarc: REJECT,
    ...passes('dkim'),
  },
  {
    says: '4.4.1: one of a sister is, relaxed',
    author: 'ann@eu.shop.test',
    sign: ['us.shop.test'],
    dmarc: REJECT,
    ...passes('dkim'),
  },
  {
    says: '4.4.1: one of a subdomain is not, strict',
    sign: ['mail.shop.test'],
    dmarc: { 'shop.test': 'p=reject; adkim=s' },
    ...FAILS,
  },
  {
    says: '4.4.1: one of the author domain is, strict',
    sign: ['shop.test'],
    dmarc: { 'shop.test': 'p=reject; adkim=s' },
    ...passes('dkim'),
  },
  { says: '4.4.1: one of another domain is not', sign: ['evil.test'], dmarc: REJECT, ...FAILS },
  { says: '4.4.1: one of a domain that ends alike is not', sign: ['evilshop.test'], dmarc: REJECT, ...FAILS },
  { says: '4.4.2: SPF of the author domain is aligned', path: 'ann@shop.test', dmarc: REJECT, ...passes('spf') },
  { says: '4.4.2: SPF of a subdomain is, relaxed', path: 'b1@bounce.shop.test', dmarc: REJECT, ...passes('spf') },
  {
    says: '4.4.2: SPF of a subdomain is not, strict',
    path: 'b1@bounce.shop.test',
    dmarc: { 'shop.test': 'p=reject; aspf=s' },
    ...FAILS,
  },
  { says: '4.4.2: SPF of another domain is not', path: 'ann@evil.test', dmarc: REJECT, ...FAILS },
  {
    says: '4.4.2: strict for keys is not strict for SPF',
    path: 'b1@bounce.shop.test',
    dmarc: { 'shop.test': 'p=reject; adkim=s' },
    ...passes('spf'),
  },
  {
    says: 'of both, the signature is named',
    path: 'ann@shop.test',
    sign: ['shop.test'],
    dmarc: REJECT,
    ...passes('dkim'),
  },
  {
    says: 'one aligned signature among others is enough',
    sign: ['evil.test', 'shop.test', 'other.test'],
    dmarc: REJECT,
    ...passes('dkim'),
  },
  {
    says: '4.4.2: for the null path HELO is the identity',
    path: '',
    helo: 'shop.test',
    dmarc: REJECT,
    ...passes('spf'),
  },
  {
    says: '4.4.2: HELO of a subdomain is aligned, relaxed',
    path: '',
    helo: 'mx.shop.test',
    dmarc: REJECT,
    ...passes('spf'),
  },
  {
    says: '4.4.2: HELO is nothing when there is a path',
    path: 'ann@evil.test',
    helo: 'shop.test',
    dmarc: REJECT,
    ...FAILS,
  },
  {
    says: 'RFC 5890: U-labels in From are the A-labels of the signature',
    author: 'ann@b\u00fccher.test',
    sign: ['xn--bcher-kva.test'],
    dmarc: { 'xn--bcher-kva.test': 'p=reject' },
    ...passes('dkim'),
  },
];

const POLICY: readonly DmarcCase[] = [
  { says: '4.7 p: nothing proved fails, and the domain wants it rejected', dmarc: REJECT, ...FAILS },
  { says: '4.7 p: or put aside', dmarc: { 'shop.test': 'p=quarantine' }, is: 'fail', policy: 'quarantine' },
  { says: '4.7 p: or nothing', dmarc: { 'shop.test': 'p=none' }, is: 'fail', policy: 'none' },
  {
    says: '4.7 t=y: reject becomes quarantine',
    dmarc: { 'shop.test': 'p=reject; t=y' },
    is: 'fail',
    policy: 'quarantine',
  },
  { says: '4.7 t=y: quarantine becomes none', dmarc: { 'shop.test': 'p=quarantine; t=y' }, is: 'fail', policy: 'none' },
  { says: '4.7 t=n: is like nothing', dmarc: { 'shop.test': 'p=reject; t=n' }, ...FAILS },
  { says: 'A.6: pct is history', dmarc: { 'shop.test': 'p=reject; pct=0' }, ...FAILS },
  {
    says: '4.7 sp: is for subdomains',
    author: 'ann@eu.shop.test',
    zone: { 'A eu.shop.test': ['192.0.2.1'] },
    dmarc: { 'shop.test': 'p=none; sp=reject' },
    ...FAILS,
  },
  {
    says: '4.7 sp: is not for the domain itself',
    dmarc: { 'shop.test': 'p=none; sp=reject' },
    is: 'fail',
    policy: 'none',
  },
  { says: '4.7 sp: without it p is for subdomains', author: 'ann@eu.shop.test', dmarc: REJECT, ...FAILS },
  {
    says: '4.7 np: is for what does not exist',
    author: 'ann@ghost.shop.test',
    dmarc: { 'shop.test': 'p=none; sp=none; np=reject' },
    ...FAILS,
  },
  {
    says: '4.7 np: is not for what exists',
    author: 'ann@eu.shop.test',
    zone: { 'MX eu.shop.test': [{ priority: 1, exchange: 'mx.test' }] },
    dmarc: { 'shop.test': 'p=none; np=reject' },
    is: 'fail',
    policy: 'none',
  },
  {
    says: '4.7 np: a name above another exists',
    author: 'ann@eu.shop.test',
    zone: { 'A www.eu.shop.test': ['192.0.2.1'] },
    dmarc: { 'shop.test': 'p=none; np=reject' },
    is: 'fail',
    policy: 'none',
  },
  {
    says: '4.7 np: without it sp is for what does not exist',
    author: 'ann@ghost.shop.test',
    dmarc: { 'shop.test': 'p=none; sp=reject' },
    ...FAILS,
  },
  {
    says: '4.7 np: when it is not known which one is meant, neither is',
    author: 'ann@ghost.shop.test',
    zone: { 'SERVFAIL ghost.shop.test': [] },
    dmarc: { 'shop.test': 'p=none; np=reject' },
    is: 'temperror',
  },
];

const AUTHORS: readonly DmarcCase[] = [
  {
    says: '5.3.1: authors of two domains fail',
    author: 'ann@shop.test, e@evil.test',
    sign: ['evil.test', 'shop.test'],
    dmarc: REJECT,
    is: 'fail',
  },
  {
    says: '5.3.1: two authors of one domain are one author domain',
    author: 'ann@shop.test, bob@shop.test',
    sign: ['shop.test'],
    dmarc: REJECT,
    ...passes('dkim'),
  },
  {
    says: '5.3.1: two From fields fail',
    letter: async () => `From: e@evil.test\r\n${await signed()}`,
    dmarc: REJECT,
    is: 'fail',
  },
  {
    says: '5.3.1: without From there is nobody to ask',
    letter: async () => LETTER.replace(/^From: .*\r\n/m, ''),
    is: 'permerror',
  },
  { says: '5.3.1: an empty From is nobody', author: '', is: 'permerror' },
  {
    says: 'RFC 6854: an author in a group is an author',
    author: 'Shop: ann@shop.test;',
    sign: ['shop.test'],
    dmarc: REJECT,
    ...passes('dkim'),
  },
  {
    says: 'AD-02: authors in angle brackets are two',
    author: '<ann@shop.test>, <e@evil.test>',
    path: 'e@evil.test',
    dmarc: REJECT,
    is: 'fail',
  },
  {
    says: 'AD-06: a comment in the domain does not glue it together',
    author: 'ann@shop.test(x)evil.test',
    path: 'e@evil.test',
    dmarc: REJECT,
    ...FAILS,
  },
  {
    says: 'AD-13: full-width letters that read as another domain fail',
    author: 'ann@\uff53hop.test',
    path: 'e@evil.test',
    dmarc: REJECT,
    is: 'fail',
  },
];

const NOT_COUNTED: readonly DmarcCase[] = [
  {
    says: 'AU-02: a signature with l= proves nothing',
    letter: () => signed(LETTER, { maxBodyLength: 1000 }),
    dmarc: REJECT,
    ...FAILS,
  },
  {
    says: 'RFC 8301: rsa-sha1 proves nothing',
    letter: () => signed(LETTER, { algorithm: 'rsa-sha1' }),
    dmarc: REJECT,
    ...FAILS,
  },
  {
    says: 'AU-03: a signature under a second Subject proves nothing',
    letter: async () => `Subject: Win\r\n${await signed()}`,
    dmarc: REJECT,
    ...FAILS,
  },
  {
    says: 'AU-06: what a header claims proves nothing',
    letter: async () =>
      `Authentication-Results: relay.test; dmarc=pass header.from=shop.test; dkim=pass header.d=shop.test\r\nReceived-SPF: pass\r\nReturn-Path: <ann@shop.test>\r\nARC-Authentication-Results: i=1; relay.test; dmarc=pass\r\n${LETTER}`,
    dmarc: REJECT,
    ...FAILS,
  },
];

const SLOW_KEY = { 'SERVFAIL s._domainkey.shop.test': [] };

const TROUBLE: readonly DmarcCase[] = [
  {
    says: 'a policy that cannot be looked up is a temporary error',
    sign: ['shop.test'],
    zone: { 'SERVFAIL _dmarc.shop.test': [] },
    is: 'temperror',
  },
  {
    says: 'a walk that breaks off before a record is a temporary error',
    author: 'ann@eu.shop.test',
    zone: { 'SERVFAIL _dmarc.shop.test': [] },
    is: 'temperror',
  },
  {
    says: 'trouble above does not matter to what is equal',
    sign: ['shop.test'],
    dmarc: REJECT,
    zone: { 'SERVFAIL _dmarc.test': [] },
    ...passes('dkim'),
  },
  {
    says: 'trouble above matters to what may be related',
    sign: ['mail.shop.test'],
    dmarc: REJECT,
    zone: { 'SERVFAIL _dmarc.test': [] },
    is: 'temperror',
  },
  {
    says: 'trouble above does not matter where nothing is proved',
    dmarc: REJECT,
    zone: { 'SERVFAIL _dmarc.test': [] },
    ...FAILS,
  },
  {
    says: 'an aligned key that cannot be looked up is no failure yet',
    sign: ['shop.test'],
    dmarc: REJECT,
    zone: SLOW_KEY,
    is: 'temperror',
    policy: 'reject',
  },
  {
    says: 'a key of another domain that cannot be looked up changes nothing',
    sign: ['evil.test'],
    dmarc: REJECT,
    zone: { 'SERVFAIL s._domainkey.evil.test': [] },
    ...FAILS,
  },
  {
    says: 'a key that cannot be looked up does not spoil aligned SPF',
    sign: ['shop.test'],
    path: 'ann@shop.test',
    dmarc: REJECT,
    zone: SLOW_KEY,
    ...passes('spf'),
  },
  {
    says: 'aligned SPF in trouble is no failure yet',
    path: 'ann@shop.test',
    dmarc: REJECT,
    zone: { 'SERVFAIL shop.test': [] },
    is: 'temperror',
    policy: 'reject',
  },
  {
    says: 'SPF of another domain in trouble changes nothing',
    path: 'e@evil.test',
    dmarc: REJECT,
    zone: { 'SERVFAIL evil.test': [] },
    ...FAILS,
  },
];

export const DMARC_CASES: readonly DmarcCase[] = [
  ...ALIGNMENT,
  ...POLICY,
  ...WALK,
  ...AUTHORS,
  ...NOT_COUNTED,
  ...TROUBLE,
];

export async function letterOf({ letter, author = 'ann@shop.test', sign = [] }: DmarcCase): Promise<string> {
  if (letter !== undefined) return await letter();
  let text = from(author);
  for (const domain of sign) text = await signed(text, { signingDomain: domain });
  return text;
}
