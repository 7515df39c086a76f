/**
 * auth: API keys as bearer tokens (RFC 6750), and what each may do.
 *
 * A key is looked up by its SHA-256: it holds 256 random bits, so the look-up tells nothing and needs no slow hash.
 */
import type { Request, RequestHandler, Response } from 'express';
import { RelayError } from '../core/errors.ts';
import { sourceOf } from '../core/networks.ts';
import type { ApiKeyRecord, Scope } from '../store/records.ts';
import { bearerHash } from './bearer.ts';
import type { HttpLimits } from './limits.ts';
import type { Readable } from './parts.ts';

export interface AuthParts {
  readonly store: Pick<Readable, 'findApiKey'>;
  readonly limits: HttpLimits;
}

const keys = new WeakMap<Response, ApiKeyRecord>();

/** Lets a request pass whose key has `scope`, or `admin`. Fails with auth.required, auth.failed, auth.tooMany, auth.scope, request.tooMany. */
export function needs(scope: Scope, parts: AuthParts): RequestHandler {
  return async (request, response, next) => {
    const key = await keyIn(request, parts);
    const isAdmin = key.scopes.includes('admin');
    parts.limits.count(isAdmin ? 'admin-key' : 'key', key.keyId, response);
    if (!isAdmin && !key.scopes.includes(scope)) throw new RelayError('auth.scope');
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

async function keyIn(request: Request, { store, limits }: AuthParts): Promise<ApiKeyRecord> {
  const keyHash = bearerHash(request);
  if (keyHash === undefined) throw new RelayError('auth.required');
  const source = sourceOf(request.ip ?? '');
  limits.beforeLooking(keyHash, source);
  const key = await store.findApiKey(keyHash);
  if (key === undefined) {
    limits.wasWrong(keyHash, source);
    throw new RelayError('auth.failed');
  }
  limits.wasRight(keyHash, source);
  return key;
}
