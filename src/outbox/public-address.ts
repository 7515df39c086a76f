/**
 * public-address: may mail be sent to this address? A buyer's domain may name any address it likes as its exchanger, also one
 * inside our own network (security.md 3.10, OU-01).
 */
import { BlockList, isIP } from 'node:net';

const PRIVATE_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

const PRIVATE_V6 = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const;

// Two lists: in one, the rule for mapped addresses (::ffff:0:0/96) would also match every IPv4 address.
const notPublic = { 4: new BlockList(), 6: new BlockList() };
for (const [network, prefix] of PRIVATE_V4) notPublic[4].addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of PRIVATE_V6) notPublic[6].addSubnet(network, prefix, 'ipv6');

/** Addresses that embed an IPv4 address (mapped, NAT64, 6to4) count as private whatever they embed: no exchanger needs them. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic[4].check(address, 'ipv4');
  return family === 6 && !notPublic[6].check(address, 'ipv6');
}
