/**
 * spf-cases: what RFC 7208 says, one row a sentence. Written from the text of the RFC, by section.
 */
import type { SpfResult } from '../../../src/mail/authentication/result.ts';
import type { Zone } from '../../support/name-server.ts';
import { LOCAL, REVERSE, V6, type SpfCase } from './spf-case.ts';
import { LIMITS, MACROS } from './spf-limit-cases.ts';
import { texts } from './zones.ts';

const RESULTS: readonly SpfCase[] = [
  { says: '2.6.1: a domain without a record says nothing', texts: { 'shop.test': 'other text' }, result: 'none' },
  { says: '2.6.1: a domain that does not exist says nothing', result: 'none' },
  { says: '2.6.2: ?all is neutral', record: 'v=spf1 ?all', result: 'neutral' },
  { says: '4.7: a record that matches nothing is neutral', record: 'v=spf1 ip4:192.0.2.9', result: 'neutral' },
  { says: '4.7: an empty record is neutral', record: 'v=spf1', result: 'neutral' },
  { says: '2.6.3: +all passes', record: 'v=spf1 +all', result: 'pass' },
  { says: '4.6.2: no qualifier means pass', record: 'v=spf1 all', result: 'pass' },
  { says: '2.6.4: -all fails', record: 'v=spf1 -all', result: 'fail' },
  { says: '2.6.5: ~all is a soft fail', record: 'v=spf1 ~all', result: 'softfail' },
  {
    says: '2.6.6: a name server in trouble is a temporary error',
    zone: { 'SERVFAIL shop.test': [] },
    result: 'temperror',
  },
  {
    says: '2.6.7: a mechanism that nobody knows is a permanent error',
    record: 'v=spf1 bad:x -all',
    result: 'permerror',
  },
];

const RECORDS: readonly SpfCase[] = [
  {
    says: '4.5: two records are a permanent error',
    zone: { 'TXT shop.test': [['v=spf1 +all'], ['v=spf1 -all']] },
    result: 'permerror',
  },
  { says: '4.5: a record of another version is none', record: 'v=spf10 +all', result: 'none' },
  { says: '4.5: white space before the version makes it another text', record: ' v=spf1 +all', result: 'none' },
  {
    says: '3.3: strings are joined without a space',
    zone: { 'TXT shop.test': [['v=spf1 ip4:192.0', '.2.1 -all']] },
    result: 'pass',
  },
  {
    says: '3.3: a text without strings beside the record is another text',
    zone: { 'TXT shop.test': [['v=spf1 ip4:192.0.2.1 -all'], []] },
    result: 'pass',
  },
  { says: '3.1: a record of type SPF (99) is none', zone: { 'SPF shop.test': [] }, result: 'none' },
  {
    says: '4.6.1: a line end between terms is no space',
    record: 'v=spf1 ip4:192.0.2.1\n ~all',
    result: 'permerror',
  },
  {
    says: '3.1: an octet that is not ASCII is a permanent error',
    zone: { 'TXT shop.test': [[Buffer.from('v=spf1 \u0080all', 'latin1')]] },
    result: 'permerror',
  },
  {
    says: '3.2: the record is found behind an alias',
    zone: { 'CNAME shop.test': ['spf.host.test'], 'TXT spf.host.test': [['v=spf1 +all']] },
    result: 'pass',
  },
  { says: '6.2: exp without a domain is a permanent error', record: 'v=spf1 +all exp=', result: 'permerror' },
  {
    says: '6: two explanations are a permanent error',
    record: 'v=spf1 +all exp=a.test exp=b.test',
    result: 'permerror',
  },
  { says: '4.6.1: names are read in any case', record: 'V=SPF1 IP4:192.0.2.1 -ALL', result: 'pass' },
  {
    says: '4.6: an error behind the term that matches is a permanent error all the same',
    record: 'v=spf1 +all ip4:300.0.0.1',
    result: 'permerror',
  },
  { says: '4.6: an unknown modifier is ignored', record: 'v=spf1 moo=cow -all', result: 'fail' },
  {
    says: '6: two redirects are a permanent error',
    record: 'v=spf1 redirect=a.test redirect=b.test',
    result: 'permerror',
  },
  { says: '4.3: a domain of one label says nothing', from: 'ann@shop', texts: { shop: 'v=spf1 +all' }, result: 'none' },
  { says: '4.3: a label of 64 octets says nothing', from: `ann@${'a'.repeat(64)}.test`, result: 'none' },
  {
    says: '5.1: what stands behind all is never looked at',
    record: 'v=spf1 -all include:missing.test',
    result: 'fail',
  },
];

const MECHANISMS: readonly SpfCase[] = [
  { says: '5.6: ip4 matches its own address', record: 'v=spf1 ip4:192.0.2.1 -all', result: 'pass' },
  { says: '5.6: ip4 matches a network', record: 'v=spf1 ip4:192.0.2.0/24 -all', result: 'pass' },
  { says: '5.6: ip4 does not match another network', record: 'v=spf1 ip4:198.51.100.0/24 -all', result: 'fail' },
  { says: '5.6: a prefix over 32 is a permanent error', record: 'v=spf1 ip4:192.0.2.1/33 -all', result: 'permerror' },
  { says: '5.6: ip6 matches a network', ip: V6, record: 'v=spf1 ip6:2001:db8::/32 -all', result: 'pass' },
  { says: '5.6: ip4 never matches an IPv6 client', ip: V6, record: 'v=spf1 ip4:0.0.0.0/0 -all', result: 'fail' },
  {
    says: '5: an IPv4 client in IPv6 clothes is an IPv4 client',
    ip: '::ffff:192.0.2.1',
    record: 'v=spf1 ip4:192.0.2.1 -all',
    result: 'pass',
  },
  { says: '5.3: a without a domain is the sender', record: 'v=spf1 a -all', zone: LOCAL, result: 'pass' },
  { says: '5.3: a with a domain is that domain', record: 'v=spf1 a:other.test -all', zone: LOCAL, result: 'fail' },
  { says: '5.3: a with a prefix is the network', record: 'v=spf1 a:other.test/24 -all', zone: LOCAL, result: 'pass' },
  {
    says: '5.3: a looks up AAAA for an IPv6 client',
    ip: V6,
    record: 'v=spf1 a -all',
    zone: { 'AAAA shop.test': [V6] },
    result: 'pass',
  },
  {
    says: '5.3: a takes its IPv6 prefix behind two slashes',
    ip: '2001:db8::9',
    record: 'v=spf1 a//64 -all',
    zone: { 'AAAA shop.test': [V6] },
    result: 'pass',
  },
  {
    says: '5.4: mx matches the address of an exchanger',
    record: 'v=spf1 mx -all',
    zone: { 'MX shop.test': [{ priority: 1, exchange: 'mx.shop.test' }], 'A mx.shop.test': ['192.0.2.1'] },
    result: 'pass',
  },
  {
    says: '5.4: mx does not fall back to the address of the domain',
    record: 'v=spf1 mx -all',
    zone: LOCAL,
    result: 'fail',
  },
  {
    says: '5.5: ptr matches a name that leads back',
    record: 'v=spf1 ptr -all',
    zone: { [REVERSE]: ['mail.shop.test'], 'A mail.shop.test': ['192.0.2.1'] },
    result: 'pass',
  },
  {
    says: '5.5: ptr does not match a name that leads elsewhere',
    record: 'v=spf1 ptr -all',
    zone: { [REVERSE]: ['mail.shop.test'], 'A mail.shop.test': ['192.0.2.9'] },
    result: 'fail',
  },
  {
    says: '5.5: ptr does not match a name of another domain',
    record: 'v=spf1 ptr -all',
    zone: { [REVERSE]: ['other.test'], 'A other.test': ['192.0.2.1'] },
    result: 'fail',
  },
  {
    says: '5.5: an error of the reverse look-up means that ptr does not match',
    record: 'v=spf1 ptr -all',
    zone: { 'SERVFAIL 1.2.0.192.in-addr.arpa': [] },
    result: 'fail',
  },
  {
    says: '5.7: exists matches any address',
    record: 'v=spf1 exists:yes.test -all',
    zone: { 'A yes.test': ['127.0.0.2'] },
    result: 'pass',
  },
  {
    says: '5.7: exists looks up A for an IPv6 client too',
    ip: V6,
    record: 'v=spf1 exists:yes.test -all',
    zone: { 'A yes.test': ['127.0.0.2'] },
    result: 'pass',
  },
  { says: '5.7: exists does not match what is not there', record: 'v=spf1 exists:no.test -all', result: 'fail' },
  {
    says: '5: an error of an address look-up is a temporary error',
    record: 'v=spf1 a:slow.test -all',
    zone: { 'SERVFAIL slow.test': [] },
    result: 'temperror',
  },
  {
    says: '5.3: a follows a CNAME',
    record: 'v=spf1 a:www.test -all',
    zone: { 'CNAME www.test': ['host.test'], 'A host.test': ['192.0.2.1'] },
    result: 'pass',
  },
  {
    says: 'a CNAME that leads to itself is a name without an address',
    record: 'v=spf1 a:www.test -all',
    zone: { 'CNAME www.test': ['www.test'] },
    result: 'fail',
  },
];

/** 5.2: what an included record results in, and what becomes of it. */
const include = (says: string, inner: string, result: SpfResult): SpfCase => ({
  says: `5.2: ${says}`,
  record: 'v=spf1 include:inner.test ?all',
  texts: { 'inner.test': inner },
  result,
});

const INCLUDES: readonly SpfCase[] = [
  include('an included pass matches', 'v=spf1 +all', 'pass'),
  include('an included fail does not match', 'v=spf1 -all', 'neutral'),
  include('an included soft fail does not match', 'v=spf1 ~all', 'neutral'),
  include('an included neutral does not match', 'v=spf1 ?all', 'neutral'),
  include('an included permanent error is one', 'v=spf1 bad:x', 'permerror'),
  include('an included domain without a record is a permanent error', 'no record', 'permerror'),
  {
    says: '5.2: an included temporary error is one',
    record: 'v=spf1 include:inner.test -all',
    zone: { 'SERVFAIL inner.test': [] },
    result: 'temperror',
  },
  {
    says: '5.2: the qualifier of the include decides',
    record: 'v=spf1 -include:inner.test +all',
    texts: { 'inner.test': 'v=spf1 +all' },
    result: 'fail',
  },
  {
    says: '6.1: redirect takes the result of the other record',
    record: 'v=spf1 redirect=inner.test',
    texts: { 'inner.test': 'v=spf1 ~all' },
    result: 'softfail',
  },
  {
    says: '6.1: redirect to a domain without a record is a permanent error',
    record: 'v=spf1 redirect=inner.test',
    result: 'permerror',
  },
  {
    says: '6.1: redirect is not looked at beside all',
    record: 'v=spf1 redirect=inner.test ~all',
    texts: { 'inner.test': 'v=spf1 +all' },
    result: 'softfail',
  },
  {
    says: '6.1: redirect into trouble is a temporary error',
    record: 'v=spf1 redirect=inner.test',
    zone: { 'SERVFAIL inner.test': [] },
    result: 'temperror',
  },
  {
    says: '6.2: exp does not change the result',
    record: 'v=spf1 -all exp=why.test',
    texts: { 'why.test': 'See %{i}' },
    result: 'fail',
  },
];

const IDENTITIES: readonly SpfCase[] = [
  {
    says: '2.4: for the null path the name in HELO is asked',
    from: '',
    texts: { 'mail.shop.test': 'v=spf1 ip4:192.0.2.1 -all' },
    result: 'pass',
  },
  {
    says: '2.4: a HELO that is forged fails for the null path',
    from: '',
    ip: '192.0.2.9',
    texts: { 'mail.shop.test': 'v=spf1 ip4:192.0.2.1 -all' },
    result: 'fail',
  },
  { says: '4.3: an address literal in HELO says nothing', from: '', helo: '[192.0.2.1]', result: 'none' },
  {
    says: '4.3: postmaster stands for a missing local part',
    from: '',
    zone: { 'TXT mail.shop.test': [['v=spf1 exists:%{l}.x.test -all']], 'A postmaster.x.test': ['127.0.0.2'] },
    result: 'pass',
  },
  { says: '4.3: the domain is read in any case', from: 'ann@SHOP.test', record: 'v=spf1 +all', result: 'pass' },
  {
    says: 'RFC 8616 4: a domain of U-labels is asked by its A-labels',
    from: 'ann@b\u00fccher.test',
    texts: { 'xn--bcher-kva.test': 'v=spf1 +all' },
    result: 'pass',
  },
  {
    says: 'RFC 8616 4: a term with a local part that is not ASCII does not match',
    from: '\u00e4nn@shop.test',
    record: 'v=spf1 exists:%{l}.x.test +all',
    result: 'pass',
  },
  {
    says: '4.1: what is not an address is a temporary error',
    ip: 'nowhere',
    record: 'v=spf1 +all',
    result: 'temperror',
  },
];

export const SPF_CASES: readonly SpfCase[] = [
  ...RESULTS,
  ...RECORDS,
  ...MECHANISMS,
  ...INCLUDES,
  ...MACROS,
  ...LIMITS,
  ...IDENTITIES,
];

export function zoneOf({ record, texts: others = {}, zone = {} }: SpfCase): Zone {
  return { ...texts(record === undefined ? others : { 'shop.test': record, ...others }), ...zone };
}
