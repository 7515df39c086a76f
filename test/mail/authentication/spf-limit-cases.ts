/**
 * spf-limit-cases: macros (RFC 7208 7) and limits (4.6.4) of SPF, at the limit and one over.
 */
import type { Zone } from '../../support/name-server.ts';
import { LOCAL, REVERSE, V6, type SpfCase } from './spf-case.ts';
import { pieces, texts, times } from './zones.ts';

/** 7: the name that a macro must become has an address, so that `exists` matches. */
const macro = (says: string, spec: string, name: string, question: Partial<SpfCase> = {}): SpfCase => ({
  says: `7: ${says}`,
  record: `v=spf1 exists:${spec} -all`,
  zone: { [`A ${name}`]: ['127.0.0.2'], ...question.zone },
  ...(question.ip === undefined ? {} : { ip: question.ip }),
  ...(question.from === undefined ? {} : { from: question.from }),
  result: 'pass',
});

export const MACROS: readonly SpfCase[] = [
  macro('%{l} is the local part', '%{l}.x.test', 'ann.x.test'),
  macro('%{o} is the domain of the sender', '%{o}.x.test', 'shop.test.x.test'),
  macro('%{d} is the current domain', '%{d2}.x.test', 'shop.test.x.test'),
  macro('%{i} is the address', '%{i}.x.test', '192.0.2.1.x.test'),
  macro('%{ir} is the address backwards', '%{ir}.%{v}.x.test', '1.2.0.192.in-addr.x.test'),
  macro(
    '%{i} of IPv6 is a name of nibbles',
    '%{i}.x.test',
    `${[...'20010db8000000000000000000000001'].join('.')}.x.test`,
    { ip: V6 },
  ),
  macro('%{v} of IPv6 is ip6', '%{v}.x.test', 'ip6.x.test', { ip: V6 }),
  macro('a letter in capitals is escaped as in a URL', '%{L}.x.test', 'ann%2bnews.x.test', {
    from: 'ann+news@shop.test',
  }),
  macro('%{l} of a quoted local part is asked with its quotes', '%{l}.x.test', '"ann b".x.test', {
    from: '"ann b"@shop.test',
  }),
  macro(
    'of a name over 253 octets labels on the left are cut off',
    `%{l}.${'%{o}.'.repeat(26)}x.test`,
    `test.${'shop.test.'.repeat(24)}x.test`,
  ),
  macro('%{h} is HELO', '%{h}', 'mail.shop.test'),
  macro('%{l1r-} takes apart at dashes', '%{l1r-}.x.test', 'ann.x.test', { from: 'ann-list@shop.test' }),
  macro('%{p} is the name that leads back', '%{p}.x.test', 'mail.shop.test.x.test', {
    zone: { [REVERSE]: ['mail.shop.test'], 'A mail.shop.test': ['192.0.2.1'] },
  }),
  macro('%{l} of a bounce address is asked as it is', '%{l}.x.test', 'bounce+1=kim.x.test', {
    from: 'bounce+1=kim@shop.test',
  }),
  macro('%%, %_ and %- are characters of a name', 'a%%b%_c%-d.x.test', 'a%b c%20d.x.test'),
  macro('%{p} is unknown without one', '%{p}.x.test', 'unknown.x.test'),
  {
    says: '7.1: %{c} has no place outside an explanation',
    record: 'v=spf1 exists:%{c}.x.test -all',
    result: 'permerror',
  },
  { says: '7.1: a lone % is a permanent error', record: 'v=spf1 exists:%x.test -all', result: 'permerror' },
  {
    says: '7.1: an unknown letter is a permanent error',
    record: 'v=spf1 exists:%{q}.x.test -all',
    result: 'permerror',
  },
];

const terms = (count: number, term: (number: number) => string): string => times(count, term).join(' ');
const exchangers = (count: number): Zone => ({
  'MX shop.test': times(count, (number) => ({ priority: number, exchange: `mx${number}.test` })),
  ...Object.fromEntries(times(count, (number) => [`A mx${number}.test`, ['198.51.100.1']])),
});
const hosts = (count: number): Zone =>
  Object.fromEntries(times(count, (number) => [`A h${number}.test`, ['198.51.100.1']]));
/** shop.test includes i1.test, that one i2.test, and so on. */
const chain = (length: number): Zone => ({
  'TXT shop.test': [pieces('v=spf1 include:i1.test -all')],
  ...texts(
    Object.fromEntries(
      times(length, (number) => [
        `i${number}.test`,
        number === length ? 'v=spf1 +all' : `v=spf1 include:i${number + 1}.test -all`,
      ]),
    ),
  ),
});

export const LIMITS: readonly SpfCase[] = [
  {
    says: '4.6.4: ten terms that look up are allowed',
    record: `v=spf1 ${terms(10, (n) => `a:h${n}.test`)} +all`,
    zone: hosts(10),
    result: 'pass',
  },
  {
    says: '4.6.4: eleven are a permanent error',
    record: `v=spf1 ${terms(11, (n) => `a:h${n}.test`)} +all`,
    zone: hosts(11),
    result: 'permerror',
  },
  { says: '4.6.4: ten includes within each other are allowed', zone: chain(10), result: 'pass' },
  { says: '4.6.4: eleven are a permanent error, wherever they stand', zone: chain(11), result: 'permerror' },
  {
    says: '4.6.4: redirect counts',
    record: `v=spf1 ${terms(10, (n) => `a:h${n}.test`)} redirect=inner.test`,
    zone: { ...hosts(10), ...texts({ 'inner.test': 'v=spf1 +all' }) },
    result: 'permerror',
  },
  {
    says: '4.6.4: ip4 does not count',
    record: `v=spf1 ${terms(20, (n) => `ip4:198.51.100.${n}`)} +all`,
    result: 'pass',
  },
  {
    says: '4.6.4: what matches before the limit counts',
    record: `v=spf1 ${terms(9, (n) => `a:h${n}.test`)} a ${terms(5, (n) => `a:h${n}.test`)} -all`,
    zone: { ...hosts(9), ...LOCAL },
    result: 'pass',
  },
  { says: '4.6.4: two void look-ups are allowed', record: 'v=spf1 a:no1.test a:no2.test +all', result: 'pass' },
  {
    says: '4.6.4: three are a permanent error',
    record: 'v=spf1 a:no1.test a:no2.test a:no3.test +all',
    result: 'permerror',
  },
  {
    says: '4.6.4: a name without an address of the kind asked for is void',
    ip: V6,
    record: `v=spf1 ${terms(3, (n) => `a:h${n}.test`)} +all`,
    zone: hosts(3),
    result: 'permerror',
  },
  { says: '4.6.4: ten exchangers are allowed', record: 'v=spf1 mx +all', zone: exchangers(10), result: 'pass' },
  {
    says: '4.6.4: eleven exchangers are a permanent error',
    record: 'v=spf1 mx +all',
    zone: exchangers(11),
    result: 'permerror',
  },
  {
    says: '4.6.4: of twelve reverse names ten are looked at',
    record: 'v=spf1 ptr:shop.test ?all',
    zone: {
      [REVERSE]: times(12, (n) => `h${n}.shop.test`),
      ...Object.fromEntries(times(12, (n) => [`A h${n}.shop.test`, ['192.0.2.1']])),
    },
    result: 'pass',
  },
  {
    says: '4.6.4: the eleventh reverse name is not looked at',
    record: 'v=spf1 ptr:shop.test ?all',
    zone: {
      [REVERSE]: [...times(10, (n) => `h${n}.other.test`), 'mail.shop.test'],
      ...Object.fromEntries(times(10, (n) => [`A h${n}.other.test`, ['192.0.2.1']])),
      'A mail.shop.test': ['192.0.2.1'],
    },
    result: 'neutral',
  },
];
