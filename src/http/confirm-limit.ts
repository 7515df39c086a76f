/**
 * confirm-limit: how often one address may ask for the pages of buyers. One middleware, so that another limit can stand in its place.
 *
 * A guess at a link costs a keyed hash and no look-up, so this guards the process and not the secret. Behind a reverse proxy on the same
 * network the last entry of X-Forwarded-For counts, which that proxy wrote: else all buyers would share one budget. Of IPv6 a network of
 * 64 bits is one asker. What is remembered is bounded; who asks from ten thousand addresses makes it forget, and is counted anew.
 */
import { isIP } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import { MINUTE, SECOND, type Clock } from '../core/time.ts';

const WINDOW_MS = 1 * MINUTE;
const ADDRESSES_AT_MOST = 10_000;

/** `atMost` requests in a minute of each address; `refuse` writes the answer to those that are too many, status and wait are set. */
export function confirmLimit(
  { clock, atMost }: { readonly clock: Clock; readonly atMost: number },
  refuse: (request: Request, response: Response) => void,
): RequestHandler {
  let begun = clock.now();
  const counts = new Map<string, number>();
  return (request, response, next) => {
    const now = clock.now();
    if (now - begun >= WINDOW_MS || counts.size >= ADDRESSES_AT_MOST) {
      begun = now;
      counts.clear();
    }
    const asker = askerOf(request);
    const count = (counts.get(asker) ?? 0) + 1;
    counts.set(asker, count);
    if (count <= atMost) return next();
    response.status(429).set('Retry-After', String(Math.ceil((begun + WINDOW_MS - now) / SECOND)));
    refuse(request, response);
  };
}

const NEAR = /^(?:::1$|f[cd]|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/i;
const MAPPED = /^::ffff:(?=\d+\.)/i;

function askerOf({ socket, headers }: Request): string {
  const peer = (socket.remoteAddress ?? '').replace(MAPPED, '');
  const forwarded = String(headers['x-forwarded-for'] ?? '');
  const last = forwarded
    .slice(forwarded.lastIndexOf(',') + 1)
    .trim()
    .replace(MAPPED, '');
  const asker = NEAR.test(peer) && isIP(last) !== 0 ? last : peer;
  return isIP(asker) === 6 ? networkOf(asker) : asker;
}

/** The first four groups; `::` stands for as many zeroes as are missing. */
function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const [first, last] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const missing = tail === undefined ? 0 : 8 - (first?.length ?? 0) - (last?.length ?? 0);
  const groups = [...(first ?? []), ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...(last ?? [])];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
