/**
 * scenario: a relay, the mail server behind it, one order, and the search for canaries in all that came out.
 *
 * On Redis there are always two relays on one store: sellers write to one, buyers to the other, the API is asked of each in turn,
 * and whoever is first delivers.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { assertNoCanary, assertNoCanaryInFolder } from './canary.ts';
import { registerPair, type Registered } from './registered.ts';
import { startRelayProcess, type RelayProcess } from './relay-process.ts';
import { headerValues, readWithPython, type ReadMail } from './second-parser.ts';
import { startSink, type Sink, type SinkMessage } from './sink.ts';
import { sendRaw, type Reply } from './smtp-client.ts';
import { openScenarioStore, type ScenarioStore, type STORES } from './stores.ts';

export interface Scenario extends AsyncDisposable {
  /** The first relay; its API calls go to both in turn, and what it printed is what both printed. */
  readonly relay: RelayProcess;
  /** Each of the relays by itself: one on SQLite, two on Redis. */
  readonly relays: readonly RelayProcess[];
  readonly sink: Sink;
  readonly store: ScenarioStore;
  readonly pair: Registered;
  /** The seller writes to the buyer's alias, or the buyer to the seller's, over the MX door. */
  sellerWrites(data: string | Uint8Array): Promise<Reply>;
  buyerWrites(data: string | Uint8Array): Promise<Reply>;
  /** The next message that the mail server got, for the person named; the other person's address can be read nowhere in it. */
  arrival(
    count: number,
    reader: 'buyer' | 'seller',
  ): Promise<{ readonly message: SinkMessage; readonly mail: ReadMail }>;
  /** The newest for the person named when `count` messages have come: for when a notice to the other one comes beside it. */
  newestFor(reader: 'buyer' | 'seller', count: number): Promise<ReadMail>;
}

/** How the second relay names itself to other servers. */
export const SECOND_HOST = 'mail-2.relay.test';

export async function startScenario(
  kind: (typeof STORES)[number],
  env: Readonly<Record<string, string>> = {},
): Promise<Scenario> {
  await using undo = new AsyncDisposableStack();
  const store = undo.use(await openScenarioStore(kind));
  const sink = undo.use(await startSink());
  const apiKey = `vk_test_${randomBytes(32).toString('base64url')}`;
  const route = `smtp://127.0.0.1:${sink.port}`;
  const setup = {
    folder: store.folder,
    apiKey,
    route,
    env,
    ...(store.dataUrl === undefined ? {} : { dataUrl: store.dataUrl }),
  };
  const first = undo.use(await startRelayProcess(setup));
  const second =
    store.dataUrl === undefined
      ? first
      : undo.use(await startRelayProcess({ ...setup, env: { ...env, VEILPOST_DOMAINS__HOST: SECOND_HOST } }));
  const relay = first === second ? first : asOne(first, second);
  const pair = await registerPair(relay);
  const running = undo.move();
  const read = (message: SinkMessage | undefined, reader: 'buyer' | 'seller', count: number) => {
    assert.ok(message !== undefined);
    assert.deepEqual(message.to, [pair[reader]], 'the envelope carries the real address, and it alone');
    assertNoCanary(`message ${count}`, message.bytes, pair.canaries);
    return { message, mail: readWithPython(message.bytes) };
  };
  return {
    relay,
    relays: [...new Set([first, second])],
    sink,
    store,
    pair,
    sellerWrites: (data) => sendRaw(first.ports.mx, { from: pair.seller, to: [pair.aliases.buyer], data }),
    buyerWrites: (data) => sendRaw(second.ports.mx, { from: pair.buyer, to: [pair.aliases.seller], data }),
    async arrival(count, reader) {
      return read((await sink.waitFor(count))[count - 1], reader, count);
    },
    async newestFor(reader, count) {
      const messages = (await sink.waitFor(count)).slice(0, count);
      for (const { bytes } of messages.slice(-2)) assertNoCanary('one of the last two messages', bytes, pair.canaries);
      return read(
        messages.findLast(({ to }) => to.includes(pair[reader])),
        reader,
        count,
      ).mail;
    },
    async [Symbol.asyncDispose]() {
      assertNoCanary('what the process printed', relay.printed(), pair.canaries);
      await running.disposeAsync();
    },
  };
}

function asOne(first: RelayProcess, second: RelayProcess): RelayProcess {
  let calls = 0;
  return {
    ...first,
    printed: () => first.printed() + second.printed(),
    api: (method, path, body) => (calls++ % 2 === 0 ? first : second).api(method, path, body),
  };
}

/** Exactly one value of a header. */
export function oneHeader(mail: ReadMail, name: string): string {
  const values = headerValues(mail, name);
  assert.equal(values.length, 1, `${name}: ${values.length} of them`);
  return values[0] ?? '';
}

/** Reads every byte that the relay keeps: its folder, and on Redis the append-only file. Call it while the relay runs. */
export async function assertNothingReadableAtRest({ store, pair }: Scenario): Promise<void> {
  const seen = await assertNoCanaryInFolder(store.folder, pair.canaries);
  assert.ok(seen.files >= 1, 'there were files to read');
  if (store.redisFolder === undefined) assert.ok(seen.bytes > 10_000, `only ${seen.bytes} bytes were read`);
  else assert.ok((await assertNoCanaryInFolder(store.redisFolder, pair.canaries)).bytes > 10_000);
}
