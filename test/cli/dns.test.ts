/** `veilpost dns`: what it prints is what its check wants to see. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOperator } from './operator.ts';

test('what it prints can be pasted as it is, and then it finds everything', async () => {
  await using operator = await startOperator();
  await operator.veilpost('keys', 'rotate');
  const before = await operator.veilpost('dns', '--check');
  assert.equal(before.code, 1);
  assert.match(
    before.out,
    /^MX {4}ord\.market\.example: missing\n {6}ord\.market\.example\. 3600 IN MX 10 mail\.market\.example\.\n/m,
  );
  assert.match(before.out, /^A {5}mail\.market\.example: missing/m);

  const { code, out, err } = await operator.veilpost('dns');
  assert.deepEqual([code, err], [0, '']);
  assert.ok(out.split('\n').every((line) => line === '' || line.startsWith(';') || / IN (?:MX|TXT) /.test(line)));
  assert.equal(out.match(/^vp-\w+-[re]\._domainkey\./gm)?.length, 4, 'the next keys too');
  assert.match(out, /^_dmarc\.ord\.market\.example\. 3600 IN TXT "v=DMARC1; p=reject; adkim=s"$/m);
  assert.match(out, /^; _mta-sts\.ord\.market\.example\./m);
  assert.match(out, /^; _smtp\._tls\.ord\.market\.example\./m);
  for (const [, piece = ''] of out.matchAll(/"([^"]*)"/g)) assert.ok(piece.length <= 255);

  operator.publish(out);
  operator.zone['A mail.market.example'] = ['192.0.2.10'];
  const after = await operator.veilpost('dns', '--check');
  assert.equal(after.code, 0, after.out);
  assert.ok(
    after.out
      .trim()
      .split('\n')
      .every((line) => line.endsWith(': found')),
    after.out,
  );
});

test('another policy may be meant, another key or exchanger is not, and no answer is no finding', async () => {
  await using operator = await startOperator();
  operator.publish((await operator.veilpost('dns')).out);
  operator.zone['A mail.market.example'] = ['192.0.2.10'];
  operator.zone['TXT ord.market.example'] = [['v=spf1 ip4:192.0.2.10 -all'], ['some-site-verification=1']];
  operator.zone['TXT _dmarc.ord.market.example'] = [['v=DMARC1; p=none']];
  const meant = await operator.veilpost('dns', '--check');
  assert.equal(meant.code, 0, meant.out);
  assert.equal(meant.out.match(/found, with other words: right if you meant them/g)?.length, 2);

  operator.zone['TXT ord.market.example'] = [['v=spf1 ip4:192.0.2.10 -all'], ['v=spf1 -all']];
  operator.zone['MX ord.market.example'] = [
    { priority: 10, exchange: 'mail.market.example' },
    { priority: 20, exchange: 'mx.elsewhere.example' },
  ];
  operator.zone['SERVFAIL _dmarc.ord.market.example'] = [];
  const { code, out } = await operator.veilpost('dns', '--check');
  assert.equal(code, 1);
  assert.match(out, /^SPF {3}ord\.market\.example: different/m);
  assert.match(out, /^MX {4}ord\.market\.example: different/m);
  assert.match(out, /^DMARC _dmarc\.ord\.market\.example: no answer/m);
});

test('words that are none end with 2', async () => {
  await using operator = await startOperator();
  for (const words of [['--chekc'], ['print']]) assert.equal((await operator.veilpost('dns', ...words)).code, 2);
});
