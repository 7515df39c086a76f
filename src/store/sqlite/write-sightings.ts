/**
 * write-sightings: what a message is known by when it comes again. Each exported function runs inside a transaction.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Sighting } from '../records.ts';
import { findSightings } from './read.ts';
import { run } from './statements.ts';

/** Has somebody been first? Of one acceptance all are asked before any is kept. */
export function isSeen(db: DatabaseSync, sightings: readonly Sighting[]): boolean {
  return sightings.some(({ mark, alias, isConfirmed, isExclusive, at }) =>
    findSightings(db, mark, at).some((known) =>
      known.alias === alias ? known.isConfirmed || !isConfirmed : isExclusive,
    ),
  );
}

/** Takes those with it that count no longer: no job has to come round for them. */
export function insertSightings(db: DatabaseSync, sightings: readonly Sighting[]): void {
  const [first] = sightings;
  if (first !== undefined) run(db, 'DELETE FROM sightings WHERE ends_at <= ?', first.at);
  for (const { mark, alias, isConfirmed, messageId, endsAt } of sightings) {
    run(
      db,
      'INSERT OR REPLACE INTO sightings (mark, alias, is_confirmed, message_id, ends_at) VALUES (?, ?, ?, ?, ?)',
      mark,
      alias,
      isConfirmed ? 1 : 0,
      messageId,
      endsAt,
    );
  }
}
