/**
 * networks: which addresses belong together when a client is counted.
 *
 * Whoever has one IPv6 address has the 2^64 beside it, and IPv4 addresses are handed out in neighbouring blocks: so beside the
 * address its /24, or its /64, is counted too.
 */
import { isIPv6 } from 'node:net';

/** An IPv4 peer of a socket that takes both is written as IPv4. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
}

/** The /24 of an IPv4 address, the /64 of an IPv6 address. */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  return isIPv6(plain) ? `${firstHalf(plain)}::/64` : `${plain.split('.').slice(0, 3).join('.')}.0/24`;
}

/** Who is meant where one client is counted: its IPv4 address, or the whole /64, in which a client may change at will. */
export function sourceOf(address: string): string {
  const plain = plainAddress(address);
  return isIPv6(plain) ? networkOf(plain) : plain;
}

/** The first four groups, without leading zeros. `::` stands for as many groups of zeros as are missing (RFC 4291 2.2). */
function firstHalf(address: string): string {
  const [before = '', after] = address.replace(/%.*$/, '').split('::');
  const head = groupsOf(before);
  const tail = after === undefined ? [] : groupsOf(after);
  const groups = [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** A dotted end, as of `64:ff9b::192.0.2.1`, is two groups; what they hold is of no matter here. */
const groupsOf = (text: string): string[] => (text === '' ? [] : text.replace(/\d+(?:\.\d+){3}$/, '0:0').split(':'));
