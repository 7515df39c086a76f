/**
 * dkim-record: the DNS record of a DKIM key (RFC 6376 3.6.1), and whether what is in DNS is that record. Pure; never fails.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { DkimAlgorithm } from './keys.ts';

/** `key` may be the private one. RFC 8463 4.2: an Ed25519 key is its bare 32 octets, without the SPKI in front. */
export function dkimRecord(algorithm: DkimAlgorithm, key: KeyObject | string): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const [type, octets] = algorithm === 'rsa-sha256' ? ['rsa', spki] : ['ed25519', spki.subarray(-32)];
  return `v=DKIM1; k=${type}; p=${octets.toString('base64')}`;
}

/**
 * Would a receiver find our key in `found`? Tags may stand in another order and with other white space; a receiver treats `t=y` as
 * unsigned, and an `h=` or `s=` that leaves us out as no key.
 */
export function isSameKey(wanted: string, found: string): boolean {
  const [ours, theirs] = [tagsOf(wanted), tagsOf(found)];
  const lists = (tag: string, words: readonly string[]) => {
    const value = theirs.get(tag);
    return value === undefined || value.split(':').some((word) => words.includes(word));
  };
  return (
    theirs.get('p') === ours.get('p') &&
    (theirs.get('k') ?? 'rsa') === ours.get('k') &&
    (theirs.get('v') ?? 'DKIM1') === 'DKIM1' &&
    lists('h', ['sha256']) &&
    lists('s', ['*', 'email']) &&
    theirs.get('t')?.split(':').includes('y') !== true
  );
}

function tagsOf(record: string): ReadonlyMap<string, string> {
  const tags = record.split(';').map((tag) => {
    const [name = '', ...value] = tag.split('=');
    return [name.trim(), value.join('=').replace(/\s/g, '')] as const;
  });
  return new Map(tags);
}
