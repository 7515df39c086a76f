import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublicAddress } from '../../src/outbox/public-address.ts';

const NOT_PUBLIC: Readonly<Record<string, readonly string[]>> = {
  'this network': ['0.0.0.0', '0.1.2.3'],
  'private': ['10.0.0.0', '10.1.2.3', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  'carrier NAT': ['100.64.0.0', '100.64.0.1', '100.127.255.255'],
  'loopback': ['127.0.0.1', '127.255.255.254', '::1'],
  'link-local, where clouds keep their secrets': ['169.254.0.1', '169.254.169.254', 'fe80::1', 'febf::1', 'fe80::1%1'],
  'protocols and documentation': ['192.0.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  'benchmarks': ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  'multicast': ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  'reserved and broadcast': ['240.0.0.1', '255.255.255.255', '4000::1', '8000::1', 'e000::1', '100::1'],
  'unspecified': ['::'],
  'unique local and site-local': ['fc00::1', 'fd00::1', 'fdff:ffff::1', 'fec0::1'],
  'IPv4 in IPv6': ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1', '::7f00:1'],
  'NAT64': ['64:ff9b::7f00:1', '64:ff9b::10.0.0.1', '64:ff9b:1::1', '64:ff9b:1:ffff::a00:1'],
  '6to4': ['2002:7f00:1::', '2002:a00:1::1', '192.88.99.1'],
  'Teredo': ['2001::1', '2001:0:7f00:1::'],
  'no address': ['localhost', '', '8.8.8', '8.8.8.8.8', '0x7f.1', '2130706433', '::g', '127.1', '010.0.0.1'],
};

for (const [kind, addresses] of Object.entries(NOT_PUBLIC)) {
  for (const address of addresses) {
    test(`"${address}" is not public: ${kind}`, () => {
      assert.equal(isPublicAddress(address), false);
    });
  }
}

for (const address of [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.1',
  '126.255.255.255',
  '128.0.0.1',
  '169.253.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.255.255',
  '192.169.0.0',
  '223.255.255.255',
  '2606:4700::1111',
  '2001:4860:4860::8888',
  '2a00:1450::1',
]) {
  test(`${address} is public`, () => {
    assert.equal(isPublicAddress(address), true);
  });
}
