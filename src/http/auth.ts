/**
 * auth: API keys as bearer tokens (RFC 6750), and what each may do.
 *
 * A key is looked up by its SHA-256: it holds 256 random bits, so the look-up tells nothing and needs no slow hash.
 */
import type { Request, RequestHandler, Response } from 'express';
import { RelayError } from '../core/errors.ts';
import { hashApiKey } from '../orders/credentials.ts';
import type { ApiKeyRecord, Scope } from '../store/records.ts';
import type { Readable } from './parts.ts';

const keys = new WeakMap<Response, ApiKeyRecord>();

/** Lets a request pass whose key has `scope`, or `admin`. Fails with auth.required, auth.failed, auth.scope. */
export function needs(scope: Scope, store: Pick<Readable, 'findApiKey'>): RequestHandler {
  return async (request, response, next) => {
    const key = await store.findApiKey(hashApiKey(tokenOf(request)));
    if (key === undefined) throw new RelayError('auth.failed');
    if (!key.scopes.includes('admin') && !key.scopes.includes(scope)) throw new RelayError('auth.scope');
    keys.set(response, key);
    next();
  };
}

/** The key that `needs` let through. */
export function keyOf(response: Response): ApiKeyRecord {
  const key = keys.get(response);
  if (key === undefined) throw new RelayError('auth.required');
  return key;
}

function tokenOf(request: Request): string {
  const match = /^Bearer ([\w-]{1,200})$/i.exec(request.get('authorization') ?? '');
  if (match?.[1] === undefined) throw new RelayError('auth.required');
  return match[1];
}
