/**
 * store: the port on SQLite, for one node. Reads run here on a connection of this thread; writes go to the writer thread.
 *
 * Several threads of a process share one writer (`shareWriter`); several processes may open the same folder, and SQLite's own lock
 * orders their commits.
 */
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { MessagePort } from 'node:worker_threads';
import type { Store } from '../store.ts';
import * as read from './read.ts';
import * as standing from './standing.ts';
import { prepareDatabase } from './schema.ts';
import { startWriter, WriterLine, type Writer } from './writer-line.ts';

export interface SqliteStore extends Store {
  /** A line to this store's writer, for `openSqliteStore` in another thread of this process. */
  shareWriter(): MessagePort;
}

/** `writer` is another store's line; without it this store starts a writer thread of its own. The folder is created (0700). */
export async function openSqliteStore(options: {
  readonly folder: string;
  readonly writer: MessagePort | undefined;
}): Promise<SqliteStore> {
  await makeFolder(options.folder);
  const writer = options.writer === undefined ? await startWriter(options.folder) : undefined;
  const line = new WriterLine(options.writer ?? lineOf(writer));
  writer?.onEnd((error) => line.break(error));
  const db = new DatabaseSync(join(options.folder, 'veilpost.db'));
  prepareDatabase(db);
  return storeOn(db, line, writer);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(`data.url: cannot write to the folder ${folder}: let this user own it, or name another`, {
      cause: error,
    });
  }
}

function lineOf(writer: Writer | undefined): MessagePort {
  if (writer === undefined) throw new Error('store: there is no writer');
  return writer.line();
}

/** Reads answer at once but as promises, like everything of the port: a store on the network has the same shape. */
const later = <T>(look: () => T): Promise<T> => Promise.resolve().then(look);

function storeOn(db: DatabaseSync, line: WriterLine, writer: Writer | undefined): SqliteStore {
  return {
    ping: () => later(() => void read.nextDue(db)),
    putSeller: (seller) => line.write('putSeller', seller),
    findSeller: (sellerId) => later(() => read.findSeller(db, sellerId)),
    findSellersBySender: (sender) => later(() => read.findSellersBySender(db, sender)),
    putCredential: (credential) => line.write('putCredential', credential),
    findCredential: (userHash) => later(() => read.findCredential(db, userHash)),
    putApiKey: (key) => line.write('putApiKey', key),
    findApiKey: (keyHash) => later(() => read.findApiKey(db, keyHash)),
    registerOrder: (order, at) => line.write('registerOrder', { order, at }),
    countOrders: (sellerId, now) => later(() => standing.countOrders(db, sellerId, now)),
    findOrder: (orderId) => later(() => read.findOrder(db, orderId)),
    listOrders: (page) => later(() => read.listOrders(db, page)),
    findAlias: (local) => later(() => read.findAlias(db, local)),

    acceptMail: (acceptance) => line.write('acceptMail', acceptance),
    readMeters: (sellerId, now) => later(() => standing.readMeters(db, sellerId, now)),
    responseTimes: (sellerId, now) => later(() => standing.responseTimes(db, sellerId, now)),
    findMessage: (id) => later(() => read.findMessage(db, id)),
    listMessages: (filter, page) => later(() => read.listMessages(db, filter, page)),
    readBody: (id, kind) => later(() => read.readBody(db, id, kind)),
    findThreads: (orderId) => later(() => read.findThreads(db, orderId)),
    countTallies: (request) => later(() => read.countTallies(db, request)),
    recordBounce: (id, notices) => line.write('recordBounce', { id, notices }),
    recordBypass: (bypass) => line.write('recordBypass', bypass),
    findSightings: (mark, now) => later(() => read.findSightings(db, mark, now)),
    listBypasses: (page) => later(() => read.listBypasses(db, page)),

    findCase: (id) => later(() => read.findCase(db, id)),
    listCases: (filter, page) => later(() => read.listCases(db, filter, page)),
    decideCase: (settlement) => line.write('decideCase', settlement),
    confirmCase: (confirmation) => line.write('confirmCase', confirmation),
    findWaiting: (orderId, asks) => later(() => read.findWaiting(db, orderId, asks)),
    listAccepted: (orderId) => later(() => read.listAccepted(db, orderId)),
    removeAccepted: (orderId, author) => line.write('removeAccepted', { orderId, author }),
    isAccepted: (orderId, author) => later(() => read.isAccepted(db, orderId, author)),
    dueCases: (now, limit) => later(() => read.dueCases(db, now, limit)),

    leaseOutbox: (request) => line.write('leaseOutbox', request),
    renewOutbox: (lease, until) => line.write('renewOutbox', { lease, until }),
    settleOutbox: (id, lease, settlement) => line.write('settleOutbox', { id, lease, settlement }),
    nextDue: () => later(() => read.nextDue(db)),

    keepStsPolicy: (policy, now) => line.write('keepStsPolicy', { policy, now }),
    findStsPolicy: (domain) => later(() => read.findStsPolicy(db, domain)),

    fileInbox: (mail) => line.write('fileInbox', mail),
    listInbox: (inbox, limit) => later(() => read.listInbox(db, inbox, limit)),
    findInbox: (inbox, id) => later(() => read.findInbox(db, inbox, id)),

    shareWriter() {
      if (writer === undefined) throw new Error('store: this store uses the writer of another thread');
      return writer.line();
    },
    async [Symbol.asyncDispose]() {
      await line.drained();
      await writer?.close();
      db.close();
    },
  };
}
