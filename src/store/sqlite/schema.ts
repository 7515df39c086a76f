/**
 * schema: the tables. A record is JSON text beside the columns that it is found by; statuses and times that change are columns
 * only, and win over what the JSON says.
 */
import type { DatabaseSync } from 'node:sqlite';

const VERSION = 5;

const TABLES = `
  CREATE TABLE sellers (seller_id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE senders (sender TEXT NOT NULL, seller_id TEXT NOT NULL, PRIMARY KEY (sender, seller_id)) WITHOUT ROWID;
  CREATE TABLE credentials (user_hash TEXT PRIMARY KEY, seller_id TEXT NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE api_keys (key_hash TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE orders (seq INTEGER PRIMARY KEY, order_id TEXT NOT NULL UNIQUE, record TEXT NOT NULL);
  CREATE TABLE aliases (local TEXT PRIMARY KEY, party TEXT NOT NULL, order_id TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL, seller_id TEXT NOT NULL,
    status TEXT NOT NULL, record TEXT NOT NULL
  );
  CREATE INDEX messages_by_order ON messages (order_id, seq);
  CREATE TABLE bodies (message_id TEXT NOT NULL, kind TEXT NOT NULL, bytes BLOB NOT NULL, UNIQUE (message_id, kind));
  CREATE TABLE threads (seq INTEGER PRIMARY KEY, order_id TEXT NOT NULL, record TEXT NOT NULL);
  CREATE INDEX threads_by_order ON threads (order_id, seq);
  CREATE TABLE bypasses (seq INTEGER PRIMARY KEY, record TEXT NOT NULL);

  CREATE TABLE cases (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, message_id TEXT NOT NULL, status TEXT NOT NULL, deadline INTEGER,
    record TEXT NOT NULL
  );
  CREATE INDEX cases_due ON cases (deadline) WHERE status = 'open';

  CREATE TABLE outbox (
    id TEXT PRIMARY KEY, message_id TEXT NOT NULL, kind TEXT NOT NULL, due_at INTEGER NOT NULL, attempt INTEGER NOT NULL,
    lease TEXT, record TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX outbox_due ON outbox (due_at);
  CREATE INDEX outbox_leased ON outbox (lease) WHERE lease IS NOT NULL;

  CREATE TABLE inboxes (seq INTEGER PRIMARY KEY, inbox TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL);
  CREATE INDEX inboxes_by_inbox ON inboxes (inbox, seq);
`;

/** New in format 2: what is counted for each party of an order. */
const TALLIES = `
  CREATE TABLE tallies (order_id TEXT NOT NULL, sender TEXT NOT NULL, sign TEXT NOT NULL, at INTEGER NOT NULL, message_id TEXT NOT NULL);
  CREATE INDEX tallies_by_order ON tallies (order_id, sender, sign, at);
`;

/** New in format 3: the fingerprint of what was written, by which a loop repeats itself. */
const TALLIED_TEXT = 'ALTER TABLE tallies ADD COLUMN text TEXT;';

/** New in format 4: from where else the buyer of an order writes. */
const ACCEPTED =
  'CREATE TABLE accepted (order_id TEXT NOT NULL, author TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (order_id, author)) WITHOUT ROWID;';

/** New in format 5: what domains want of the encryption of their mail (MTA-STS). */
const STS_POLICIES = `
  CREATE TABLE sts_policies (domain TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX sts_policies_by_expiry ON sts_policies (expires_at);
`;

/** New in format 5: how much a seller sells and sends, and how long its buyers wait. Orders that are there already are counted. */
const STANDING = `
  CREATE TABLE order_days (seller_id TEXT NOT NULL, day INTEGER NOT NULL, orders INTEGER NOT NULL, PRIMARY KEY (seller_id, day)) WITHOUT ROWID;
  CREATE INDEX order_days_by_day ON order_days (day);
  INSERT INTO order_days
    SELECT json_extract(record, '$.sellerId'), json_extract(record, '$.placedAt') / 86400000, count(*) FROM orders GROUP BY 1, 2;
  CREATE TABLE meters (
    meter TEXT NOT NULL, seller_id TEXT NOT NULL, reading INTEGER NOT NULL, messages INTEGER NOT NULL,
    PRIMARY KEY (meter, seller_id, reading)
  ) WITHOUT ROWID;
  CREATE INDEX meters_by_reading ON meters (meter, reading);
  CREATE TABLE clocks (
    order_id TEXT PRIMARY KEY, seller_id TEXT NOT NULL, asked_at INTEGER NOT NULL, runs_from INTEGER NOT NULL,
    stopped_at INTEGER, holds INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX clocks_by_seller ON clocks (seller_id, asked_at);
  CREATE TABLE responses (seller_id TEXT NOT NULL, at INTEGER NOT NULL, milliseconds INTEGER NOT NULL);
  CREATE INDEX responses_by_seller ON responses (seller_id, at);
`;

/** New in format 5: by which a message is known when it comes again. */
const SIGHTINGS = `
  CREATE TABLE sightings (
    mark TEXT NOT NULL, alias TEXT NOT NULL, is_confirmed INTEGER NOT NULL, message_id TEXT NOT NULL, ends_at INTEGER NOT NULL,
    PRIMARY KEY (mark, alias)
  ) WITHOUT ROWID;
  CREATE INDEX sightings_by_end ON sightings (ends_at);
`;

/** New in format 5: the cases that wait for each question to a buyer, and what a buyer is shown of an accepted address. */
const WAITING = `
  CREATE TABLE waiting (order_id TEXT NOT NULL, asks TEXT NOT NULL, case_id TEXT NOT NULL, PRIMARY KEY (order_id, asks, case_id)) WITHOUT ROWID;
  ALTER TABLE accepted ADD COLUMN masked BLOB;
`;

/** Sets the connection up and creates the tables of a new database. Throws on a database of a newer Veilpost. */
export function prepareDatabase(db: DatabaseSync): void {
  // FULL: a commit is on disk when it returns (the 250 depends on it). The busy limit covers other processes' commits.
  db.exec(
    'PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;',
  );
  if (versionOf(db) === VERSION) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    createTables(db);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function createTables(db: DatabaseSync): void {
  // Asked again inside the transaction: another process may have been first.
  const version = versionOf(db);
  if (version === VERSION) return;
  if (version > VERSION) {
    throw new Error(
      `data.url: the database was written by another version of Veilpost (format ${version}, this one reads ${VERSION}); use that version`,
    );
  }
  if (version === 0) db.exec(TABLES);
  if (version < 2) db.exec(TALLIES);
  if (version < 3) db.exec(TALLIED_TEXT);
  if (version < 4) db.exec(ACCEPTED);
  if (version < 5) db.exec(STS_POLICIES + STANDING + SIGHTINGS + WAITING);
  db.exec(`PRAGMA user_version = ${VERSION}`);
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}
