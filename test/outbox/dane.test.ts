/**
 * DANE from the signed record to the certificate, with a name server that says what a validating one would (RFC 7672).
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Tlsa } from '../../src/dns/resolver.ts';
import { systemResolver } from '../../src/dns/system.ts';
import { validatingResolver } from '../../src/dns/validating.ts';
import { makeAuthority, tlsaOf, type Certified } from '../support/certificates.ts';
import { startNameServer, type Zone } from '../support/name-server.ts';
import { startSink } from '../support/sink.ts';
import { codesOf, never, shipment, toMx } from './far-side.ts';
import { policyText, startPolicyHost } from './policy-host.ts';

const authority = makeAuthority();
const stranger = makeAuthority();
after(() => {
  authority[Symbol.dispose]();
  stranger[Symbol.dispose]();
});
const web = authority.certify('mta-sts.buyer.example');
const mx = authority.certify('mx.buyer.example');
const misnamed = authority.certify('elsewhere.example');
const expired = authority.certify('mx.buyer.example', -1);
const foreign = stranger.certify('mx.buyer.example');
const TLSA_NAME = 'TLSA _25._tcp.mx.buyer.example';

interface Setting {
  readonly records: readonly Tlsa[];
  /** Of the mail server; `undefined` for one without STARTTLS. */
  readonly certified?: Certified | undefined;
  readonly isSecure?: (question: string) => boolean;
  readonly zone?: Zone;
  readonly policy?: string;
}

async function sent({ records, certified, isSecure = () => true, zone = {}, policy }: Setting) {
  await using sink = await startSink(certified === undefined ? {} : { tls: certified });
  await using policyHost = await startPolicyHost(web, policy ?? '');
  await using names = await startNameServer(
    {
      'MX buyer.example': [{ priority: 1, exchange: 'mx.buyer.example' }],
      'A mx.buyer.example': ['127.0.0.1'],
      [TLSA_NAME]: records,
      ...(policy === undefined ? {} : { 'TXT _mta-sts.buyer.example': [['v=STSv1; id=1;']] }),
      'A mta-sts.buyer.example': ['127.0.0.1'],
      ...zone,
    },
    isSecure,
  );
  const counted: string[] = [];
  const server = `127.0.0.1:${names.port}`;
  await using transport = toMx(sink, systemResolver([server]), {
    validating: validatingResolver([server], 500),
    policyPort: policyHost.port,
    trusted: authority.pem,
    countTls: (kind, result) => counted.push(`${kind} ${result}`),
  });
  const codes = codesOf(await transport.send(shipment('x'), never));
  return { codes, counted, wasEncrypted: sink.messages[0]?.wasEncrypted, connections: sink.connections.total };
}

const DELAYED = 'temporary 451 4.7.5';

for (const selector of [0, 1]) {
  for (const matching of [0, 1, 2]) {
    test(`a host's own certificate is known by a record 3 ${selector} ${matching}, and another one is not`, async () => {
      const records = [tlsaOf(mx.cert, 3, selector, matching)];
      assert.equal((await sent({ records, certified: mx })).codes, 'delivered');
      const other = await sent({ records, certified: foreign });
      assert.deepEqual([other.codes, other.counted], [DELAYED, ['tlsa certificate-not-trusted']]);
    });

    test(`an authority is known by a record 2 ${selector} ${matching}, and another one is not`, async () => {
      const records = [tlsaOf(authority.pem, 2, selector, matching)];
      assert.equal((await sent({ records, certified: mx })).codes, 'delivered');
      const other = await sent({ records, certified: foreign });
      assert.deepEqual([other.codes, other.counted], [DELAYED, ['tlsa certificate-not-trusted']]);
    });
  }
}

test('a record 3 asks neither for a name nor for a date', async () => {
  for (const certified of [misnamed, expired]) {
    assert.equal((await sent({ records: [tlsaOf(certified.cert, 3, 1, 1)], certified })).codes, 'delivered');
  }
});

test('a record 2 asks for the name and for the date', async () => {
  const records = [tlsaOf(authority.pem, 2, 0, 1)];
  const named = await sent({ records, certified: misnamed });
  assert.deepEqual([named.codes, named.counted], [DELAYED, ['tlsa certificate-host-mismatch']]);
  const dated = await sent({ records, certified: expired });
  assert.deepEqual([dated.codes, dated.counted], [DELAYED, ['tlsa certificate-expired']]);
});

test('an authority that is put behind a certificate it never signed vouches for nothing', async () => {
  const [own = ''] = foreign.cert.split('-----END CERTIFICATE-----');
  const forged = { key: foreign.key, cert: `${own}-----END CERTIFICATE-----\n${authority.pem}` };
  assert.equal((await sent({ records: [tlsaOf(authority.pem, 2, 0, 1)], certified: forged })).codes, DELAYED);
});

test('one of several records is enough, as while a certificate is changed', async () => {
  const records = [tlsaOf(foreign.cert, 3, 1, 1), tlsaOf(mx.cert, 3, 1, 1)];
  assert.equal((await sent({ records, certified: mx })).codes, 'delivered');
});

test('a host with a record and without STARTTLS gets no mail', async () => {
  const far = await sent({ records: [tlsaOf(mx.cert, 3, 1, 1)] });
  assert.deepEqual([far.codes, far.counted], [DELAYED, ['tlsa starttls-not-supported']]);
});

for (const [name, record] of [
  ['of usage 0', { ...tlsaOf(mx.cert, 3, 1, 1), usage: 0 }],
  ['of usage 1', { ...tlsaOf(mx.cert, 3, 1, 1), usage: 1 }],
  ['of an unknown selector', { ...tlsaOf(mx.cert, 3, 1, 1), selector: 2 }],
  ['of an unknown matching', { ...tlsaOf(mx.cert, 3, 1, 1), matching: 3 }],
  ['with half a digest', { ...tlsaOf(mx.cert, 3, 1, 1), data: Buffer.alloc(16) }],
] as const) {
  test(`a record ${name} cannot be used: TLS with any certificate, and no mail without`, async () => {
    const far = await sent({ records: [record], certified: foreign });
    assert.deepEqual(
      [far.codes, far.wasEncrypted, far.counted],
      ['delivered', true, ['tlsa tlsa-invalid', 'tlsa success']],
    );
    assert.equal((await sent({ records: [record] })).codes, DELAYED);
  });
}

test('a record that cannot be looked up, or whose signature does not hold, leaves the host out', async () => {
  const zone = { 'SERVFAIL _25._tcp.mx.buyer.example': [] };
  const far = await sent({ records: [], certified: mx, zone });
  assert.deepEqual([far.codes, far.counted, far.connections], [DELAYED, ['tlsa dnssec-invalid'], 0]);
});

for (const insecure of ['MX buyer.example', 'A mx.buyer.example', TLSA_NAME]) {
  test(`where "${insecure}" is not secure, records count for nothing`, async () => {
    const isSecure = (question: string) => question !== insecure;
    const far = await sent({ records: [tlsaOf(mx.cert, 3, 1, 1)], certified: foreign, isSecure });
    assert.deepEqual([far.codes, far.counted], ['delivered', ['no-policy-found success']]);
  });
}

test('a host that is an alias has its record at the end of the alias', async () => {
  const far = await sent({
    records: [],
    certified: foreign,
    zone: {
      'CNAME mx.buyer.example': ['real.example'],
      'A mx.buyer.example': [],
      'A real.example': ['127.0.0.1'],
      'TLSA _25._tcp.real.example': [tlsaOf(mx.cert, 3, 1, 1)],
    },
  });
  assert.equal(far.codes, DELAYED);
});

const ALIASED: Zone = {
  'CNAME mx.buyer.example': ['real.example'],
  'A mx.buyer.example': [],
  'A real.example': ['127.0.0.1'],
};

test('of a host that is an alias, the end of the alias is asked for its certificate, and each of both names is good', async () => {
  const records = [tlsaOf(authority.pem, 2, 0, 1)];
  for (const name of ['real.example', 'mx.buyer.example', 'buyer.example']) {
    const asked: string[] = [];
    const certified = {
      ...authority.certify(name),
      SNICallback(servername: string, done: (error: null) => void) {
        asked.push(servername);
        done(null);
      },
    };
    const far = await sent({ records: [], certified, zone: { ...ALIASED, 'TLSA _25._tcp.real.example': records } });
    assert.deepEqual([far.codes, asked], ['delivered', ['real.example']]);
  }
});

test('with no record at the end of the alias, the one at the host itself counts', async () => {
  const far = await sent({ records: [tlsaOf(mx.cert, 3, 1, 1)], certified: foreign, zone: ALIASED });
  assert.deepEqual([far.codes, far.counted], [DELAYED, ['tlsa certificate-not-trusted']]);
});

test('a signed alias that leads to where nothing is signed has its record at its own name', async () => {
  const setting = { records: [tlsaOf(mx.cert, 3, 1, 1)], zone: ALIASED };
  const isSecure = (question: string) => !/^(?:A|AAAA) mx\.buyer|real\.example/.test(question);
  assert.equal((await sent({ ...setting, certified: mx, isSecure })).codes, 'delivered');
  assert.equal((await sent({ ...setting, certified: foreign, isSecure })).codes, DELAYED);
  const nothing = await sent({ ...setting, certified: foreign, isSecure: (question) => question.startsWith('MX ') });
  assert.deepEqual([nothing.codes, nothing.counted], ['delivered', ['no-policy-found success']]);
});

test('a domain that is an alias itself may be named by its certificate at either end', async () => {
  const zone: Zone = {
    'CNAME buyer.example': ['buyers.example'],
    'MX buyer.example': [],
    'MX buyers.example': [{ priority: 1, exchange: 'mx.buyer.example' }],
  };
  const records = [tlsaOf(authority.pem, 2, 0, 1)];
  for (const name of ['buyer.example', 'buyers.example']) {
    assert.equal((await sent({ records, certified: authority.certify(name), zone })).codes, 'delivered');
  }
  assert.equal((await sent({ records, certified: misnamed, zone })).codes, DELAYED);
});

test('records that cannot be used do not set aside a policy that is enforced (MTA-STS)', async () => {
  const records = [{ ...tlsaOf(mx.cert, 3, 1, 1), usage: 1 }];
  const policy = policyText('enforce', ['mx.buyer.example']);
  assert.equal((await sent({ records, certified: mx, policy })).codes, 'delivered');
  assert.equal((await sent({ records, certified: foreign, policy })).codes, DELAYED);
  const tested = await sent({ records, policy: policyText('testing', ['mx.buyer.example']) });
  assert.equal(tested.codes, DELAYED, 'no plain text all the same');
});

test('a host whose alias cannot be looked up is left out', async () => {
  const zone = { ...ALIASED, 'SERVFAIL mx.buyer.example': ['CNAME'] };
  const isSecure = (question: string) => question.startsWith('MX ');
  assert.equal((await sent({ records: [], certified: mx, zone, isSecure })).codes, DELAYED);
});

test('DANE wins over MTA-STS: its match is enough, and its mismatch is final whatever the other says', async () => {
  const records = [tlsaOf(foreign.cert, 3, 1, 1)];
  const elsewhere = policyText('enforce', ['other.example']);
  assert.equal((await sent({ records, certified: foreign, policy: elsewhere })).codes, 'delivered');
  const named = policyText('enforce', ['mx.buyer.example']);
  assert.equal((await sent({ records, certified: mx, policy: named })).codes, DELAYED);
});

test('without a record MTA-STS is followed', async () => {
  const policy = policyText('enforce', ['mx.buyer.example']);
  assert.equal((await sent({ records: [], certified: mx, policy })).codes, 'delivered');
  assert.equal((await sent({ records: [], certified: foreign, policy })).codes, DELAYED);
});
