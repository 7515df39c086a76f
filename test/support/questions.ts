/**
 * questions: a world of test/support/production.ts in which mail comes from addresses that nobody registered, and the buyer is asked.
 */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { assertNoCanary, assertNoCanaryInFolder } from './canary.ts';
import { BUYER, SHOP, startProduction, type How, type Production } from './production.ts';
import { readWithPython, type ReadMail } from './second-parser.ts';
import type { SinkMessage } from './sink.ts';
import type { Reply } from './smtp-client.ts';
import type { STORES } from './stores.ts';

/** Where the buyer, or a stranger, writes from. */
const ELSEWHERE = 'canary.work@elsewhere.example';
/** What a stranger would have us write to the buyer. */
export const SUBJECT = 'Canarysubject 4711';
export const CANARIES = [BUYER, SHOP, ELSEWHERE];

export interface CaseView {
  readonly id: string;
  readonly status: string;
  readonly orderId: string;
  readonly messageId: string;
  readonly confirmedAt: string | null;
  readonly decision: { readonly outcome: string; readonly by: string } | null;
}

export interface Arrived {
  readonly message: SinkMessage;
  readonly mail: ReadMail;
}

export interface Asking extends AsyncDisposable {
  readonly world: Production;
  /** A new order of the shop and the buyer; answers the alias that the buyer writes to. */
  order(orderId: string, locale?: string): Promise<string>;
  write(alias: string, text: string, how?: How & { readonly headers?: readonly string[] }): Promise<Reply>;
  /** The next mail that left, whoever it is for. */
  next(): Promise<Arrived>;
  /** The next mail, which must be the question to the registered buyer. */
  question(): Promise<Arrived & { readonly link: string }>;
  /** Nothing has left, and nothing is on its way: what the registered buyer writes to `alias` is the next. */
  nothingElse(alias: string): Promise<void>;
  cases(orderId: string): Promise<readonly CaseView[]>;
  /** Is the sealed original of this message still kept? */
  keepsOriginal(messageId: string): Promise<boolean>;
}

const SIGNED: How = { domain: 'elsewhere.example' };
export const UNSIGNED: How = {};

export async function startAsking(
  kind: (typeof STORES)[number],
  env: Readonly<Record<string, string>> = {},
): Promise<Asking> {
  const world = await startProduction(kind, env);
  let seen = 0;
  const next = async (): Promise<Arrived> => {
    const message = (await world.sink.waitFor(seen + 1))[seen];
    assert.ok(message !== undefined);
    seen += 1;
    assertNoCanary('a mail', message.bytes, CANARIES);
    return { message, mail: readWithPython(message.bytes) };
  };
  const api = async (method: string, path: string, body?: unknown): Promise<string> => {
    const answer = await world.relay.api(method, path, body);
    assert.ok(answer.status < 300, answer.text);
    return answer.text;
  };
  return {
    world,
    async order(orderId, locale) {
      const buyer = { id: 'kim', address: BUYER, ...(locale === undefined ? {} : { locale }) };
      const order: { readonly aliases: { readonly seller: string } } = JSON.parse(
        await api('PUT', `/v1/orders/${orderId}`, { sellerId: 'nord', buyer }),
      );
      return order.aliases.seller;
    },
    write: (to, text, { headers = [], ...how } = SIGNED) =>
      world.send({ from: ELSEWHERE, path: 'x@away.example', to, subject: SUBJECT, text, headers }, how),
    next,
    async question() {
      const { message, mail } = await next();
      assert.deepEqual([message.to, message.from], [[BUYER], ''], 'to the registered address, and nobody answers it');
      assertNoCanary('the question', message.bytes, [SUBJECT]);
      const links = mail.text.match(/https?:\/\/\S+/g) ?? [];
      assert.equal(links.length, 1, mail.text);
      return { message, mail, link: links[0] ?? '' };
    },
    async nothingElse(alias) {
      const reply = await world.send({ from: BUYER, to: alias, text: 'The next.' }, { domain: 'kim-home.example' });
      assert.match(reply.text, /^250 2\.0\.0 queued/);
      assert.match((await next()).mail.text, /^The next\./);
      assert.equal(world.sink.messages.length, seen);
    },
    async cases(orderId) {
      const { data }: { readonly data: readonly CaseView[] } = JSON.parse(await api('GET', '/v1/cases?limit=200'));
      return data.filter((found) => found.orderId === orderId);
    },
    keepsOriginal: (messageId) => keepsOriginal(world, messageId),
    async [Symbol.asyncDispose]() {
      const { store, relay } = world;
      assertNoCanary('what the process printed', relay.printed(), [...CANARIES, SUBJECT]);
      const folders = [store.folder, store.redisFolder].filter((folder) => folder !== undefined);
      for (const folder of folders) await assertNoCanaryInFolder(folder, [...CANARIES, SUBJECT]);
      await world[Symbol.asyncDispose]();
    },
  };
}

async function keepsOriginal({ store }: Production, messageId: string): Promise<boolean> {
  if (store.dataUrl === undefined) {
    using db = new DatabaseSync(join(store.folder, 'data', 'veilpost.db'), { readOnly: true });
    const rows = db.prepare("SELECT 1 FROM bodies WHERE message_id = ? AND kind = 'original'").all(messageId);
    return rows.length > 0;
  }
  const redis = new Redis(store.dataUrl);
  const found = await redis.exists(`{vp:mail}:body:${messageId}:original`);
  await redis.quit();
  return found === 1;
}

/** Answers the page as its form does. */
export function answer(link: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(link, { method: 'POST', body: new URLSearchParams(fields) });
}
