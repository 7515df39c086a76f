/**
 * writer: the one thread that writes. Whatever arrives while a commit is running goes into the next commit together (group
 * commit), so the price of reaching the disk is shared by all that wait for it.
 *
 * Each write has its own savepoint: one that fails leaves nothing and does not sink the others. Answers leave after the COMMIT.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { prepareDatabase } from './schema.ts';
import { perform, type WriteReply, type WriteRequest } from './writes.ts';

/** A commit holds others up, so it ends before it grows long. */
const GROUP_AT_MOST = 200;

/** From the thread that started this one: another thread's line, or the end. */
export type Order = { readonly line: MessagePort } | 'close';

interface Waiting {
  readonly request: WriteRequest;
  readonly answer: (reply: WriteReply) => void;
}

const { folder } = workerData as { readonly folder: string };
const db = new DatabaseSync(join(folder, 'veilpost.db'));
prepareDatabase(db);
// Prepared once: each message takes three writes, and each write both of these.
const begin = db.prepare('SAVEPOINT write');
const keep = db.prepare('RELEASE write');

let waiting: Waiting[] = [];
let isScheduled = false;

function take(request: WriteRequest, answer: Waiting['answer']): void {
  waiting.push({ request, answer });
  if (isScheduled) return;
  isScheduled = true;
  // After the messages that have already arrived were read.
  setImmediate(commitGroups);
}

function commitGroups(): void {
  isScheduled = false;
  while (waiting.length > 0) {
    const group = waiting.slice(0, GROUP_AT_MOST);
    waiting = waiting.slice(GROUP_AT_MOST);
    const replies = commit(group.map((entry) => entry.request));
    for (const [index, { answer, request }] of group.entries()) {
      answer(replies[index] ?? { number: request.number, error: 'no answer' });
    }
  }
}

function commit(requests: readonly WriteRequest[]): readonly WriteReply[] {
  try {
    db.exec('BEGIN IMMEDIATE');
    const replies = requests.map(attempt);
    db.exec('COMMIT');
    return replies;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    return requests.map(({ number }) => ({ number, error: textOf(error) }));
  }
}

function attempt(request: WriteRequest): WriteReply {
  begin.run();
  try {
    const result = perform(db, request);
    keep.run();
    return { number: request.number, result };
  } catch (error) {
    // A full disk may have ended the transaction by itself; then the COMMIT fails, and all are told.
    if (!db.isTransaction) throw error;
    db.exec('ROLLBACK TO write; RELEASE write');
    return { number: request.number, error: textOf(error) };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}

function serve(line: MessagePort): void {
  line.on('message', (request: WriteRequest) => take(request, (reply) => line.postMessage(reply)));
}

parentPort?.on('message', (order: Order) => {
  if (order !== 'close') {
    serve(order.line);
    return;
  }
  commitGroups();
  db.close();
  parentPort?.close();
  process.exit(0);
});
parentPort?.postMessage('ready');
