/**
 * limits: how many requests a key, an address and a guesser may make within a minute.
 *
 * A request with a key that has been right from its address before counts for the key alone, so whoever shares an address with a
 * stranger, or a proxy with the world, goes on working while that one is turned away. All others count for their address (an IPv6 client
 * for its /64). Wrong keys are counted by themselves: when they are too many, no key is looked at but those that were right from there, so
 * the answer tells a guesser nothing. In memory of this process, bounded, forgotten at a restart.
 * Standards: RFC 6585 4 (429), draft-ietf-httpapi-ratelimit-headers-10 (RateLimit, RateLimit-Policy).
 */
import type { Request, RequestHandler, Response } from 'express';
import { RelayError } from '../core/errors.ts';
import { sourceOf } from '../core/networks.ts';
import { MINUTE, SECOND, type Clock } from '../core/time.ts';
import { bearerHash } from './bearer.ts';
import { secondsOf } from './problem.ts';
import { Windows } from './windows.ts';

export interface RequestLimits {
  readonly perKey: number;
  readonly perAdminKey: number;
  readonly perPeer: number;
  readonly wrongKeysPerPeer: number;
}

type Counter = 'key' | 'admin-key' | 'peer';

const REGULARS_AT_MOST = 10_000;

export class HttpLimits {
  readonly #windows: Readonly<Record<Counter | 'wrong', Windows>>;
  /** Keys with the addresses from which they were right. */
  readonly #regulars = new Set<string>();

  constructor({ perKey, perAdminKey, perPeer, wrongKeysPerPeer }: RequestLimits, clock: Clock) {
    const perMinute = (atMost: number): Windows => new Windows(clock, MINUTE, atMost);
    this.#windows = {
      'key': perMinute(perKey),
      'admin-key': perMinute(perAdminKey),
      'peer': perMinute(perPeer),
      'wrong': perMinute(wrongKeysPerPeer),
    };
  }

  /** Counts one request and says in its answer how many are left. Throws `request.tooMany`. */
  count(counter: Counter, who: string, response: Response): void {
    const windows = this.#windows[counter];
    const { isOver, remaining, resetsInMs } = windows.count(who);
    response.set('RateLimit-Policy', `"${counter}";q=${windows.atMost};w=${MINUTE / SECOND}`);
    response.set('RateLimit', `"${counter}";r=${remaining};t=${Math.ceil(resetsInMs / SECOND)}`);
    if (isOver) throw new RelayError('request.tooMany', { retryAfterMs: resetsInMs });
  }

  /** Throws `auth.tooMany` where no key is looked at. */
  beforeLooking(keyHash: string, source: string): void {
    const retryAfterMs = this.#windows.wrong.fullForMs(source);
    if (retryAfterMs > 0 && !this.isRegular(keyHash, source)) throw new RelayError('auth.tooMany', { retryAfterMs });
  }

  /**
   * The key is none, or none any more. Counted now and not before it was looked at: a shop's servers that all come at once with the
   * right key would be guessers until the first is known. What a guesser gains by it are the guesses that are under way, of 2^256.
   */
  wasWrong(keyHash: string, source: string): void {
    this.#regulars.delete(pairOf(keyHash, source));
    this.#windows.wrong.count(source);
  }

  wasRight(keyHash: string, source: string): void {
    const pair = pairOf(keyHash, source);
    this.#regulars.delete(pair);
    const [oldest] = this.#regulars;
    if (this.#regulars.size >= REGULARS_AT_MOST && oldest !== undefined) this.#regulars.delete(oldest);
    this.#regulars.add(pair);
  }

  isRegular(keyHash: string, source: string): boolean {
    return this.#regulars.has(pairOf(keyHash, source));
  }
}

const pairOf = (keyHash: string, source: string): string => `${keyHash} ${source}`;

/** For pages that persons read: `refuse` writes the answer to those that are too many; its status and the time to wait are set. */
export function countReaders(windows: Windows, refuse: (request: Request, response: Response) => void): RequestHandler {
  return (request, response, next) => {
    const { isOver, resetsInMs } = windows.count(sourceOf(request.ip ?? ''));
    if (!isOver) return next();
    response.status(429).set('Retry-After', secondsOf(resetsInMs));
    refuse(request, response);
  };
}

/** Before everything else that a stranger can ask for. */
export function countPeers(limits: HttpLimits): RequestHandler {
  return (request, response, next) => {
    const source = sourceOf(request.ip ?? '');
    const keyHash = bearerHash(request);
    if (keyHash === undefined || !limits.isRegular(keyHash, source)) limits.count('peer', source, response);
    next();
  };
}
