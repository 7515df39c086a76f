/**
 * public-address: may mail be sent to this address? A buyer's domain may name any address it likes as its exchanger, also one
 * inside our own network (security.md 3.10, OU-01).
 */
import { BlockList, isIP } from 'node:net';

/** IANA's registry of special IPv4 addresses (RFC 6890), and everything from 224.0.0.0 on: multicast and reserved. */
const PRIVATE_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

/**
 * Only 2000::/3 is given out (RFC 4291 2.4). The rest goes as a whole: unspecified, loopback, mapped and NAT64 addresses lie in
 * ::/3, unique local, link-local and multicast ones in 8000::/1.
 */
const PRIVATE_V6 = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  // Inside of 2000::/3: protocols such as Teredo, documentation, 6to4.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

// Two lists: in one, a rule that holds the mapped addresses (::ffff:0:0/96) would also match every IPv4 address.
const notPublic = { 4: new BlockList(), 6: new BlockList() };
for (const [network, prefix] of PRIVATE_V4) notPublic[4].addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of PRIVATE_V6) notPublic[6].addSubnet(network, prefix, 'ipv6');

/** Addresses that embed an IPv4 address (mapped, NAT64, 6to4) count as private whatever they embed: no exchanger needs them. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic[4].check(address, 'ipv4');
  return family === 6 && !notPublic[6].check(address, 'ipv6');
}
