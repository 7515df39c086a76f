/**
 * write-sts: what domains want of the encryption of their mail. One operation inside a running transaction.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../../core/time.ts';
import { encodeRecord } from '../encode.ts';
import type { StsPolicyRecord } from '../records.ts';
import { run } from './statements.ts';

export function keepStsPolicy(
  db: DatabaseSync,
  { policy, now }: { readonly policy: StsPolicyRecord; readonly now: Instant },
): void {
  run(db, 'DELETE FROM sts_policies WHERE expires_at <= ?', now);
  run(
    db,
    `INSERT INTO sts_policies VALUES (?, ?, ?) ON CONFLICT (domain)
     DO UPDATE SET expires_at = excluded.expires_at, record = excluded.record`,
    policy.domain,
    policy.expiresAt,
    encodeRecord(policy),
  );
}
