/**
 * bearer: the API key that a request shows (RFC 6750 2.1), as its hash: nobody needs the key itself.
 */
import type { Request } from 'express';
import { hashApiKey } from '../orders/credentials.ts';

/** `undefined` where there is none, or what is there can be none. */
export function bearerHash(request: Request): string | undefined {
  const [, token] = /^Bearer ([\w-]{1,200})$/i.exec(request.get('authorization') ?? '') ?? [];
  return token === undefined ? undefined : hashApiKey(token);
}
