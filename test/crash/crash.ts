/**
 * crash: kills the relay with -9 at a chosen moment, again and again, and keeps the books: what got a 250, what arrived.
 *
 * Moments: `before250`, the whole message is sent and the answer is not read yet; `beforeDelivery`, the 250 was said and the next
 * hop has not said that it has the message.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts';
import { connectSmtp } from '../support/smtp-client.ts';
import { mail, registerPair, type Registered } from '../support/registered.ts';
import type { ScenarioStore } from '../support/stores.ts';
import { startSink, type Sink } from '../support/sink.ts';

export type Moment = 'before250' | 'beforeDelivery';

export interface Books {
  readonly kills: number;
  /** Kills that came after the message was sent and before its answer, or after its 250 and before its delivery; others are repeated. */
  readonly inTheWindow: number;
  readonly acknowledged: ReadonlySet<string>;
  readonly arrived: ReadonlyMap<string, ReadonlySet<string>>;
  readonly blockedArrived: number;
  readonly canaries: readonly string[];
}

const MARK = /crash-mark-\d+/;
/** A kill that came too late is repeated, but not for ever. */
const ROUNDS_PER_KILL = 4;

/** Kills `kills` times at `moment`, then lets the relay empty its outbox. Each message has a mark; a blocked one rides along. */
export async function crashRepeatedly(store: ScenarioStore, moment: Moment, kills: number): Promise<Books> {
  await using sink = await startSink();
  const apiKey = `vk_test_${'k'.repeat(43)}`;
  const start = () =>
    startRelayProcess({
      folder: store.folder,
      apiKey,
      route: `smtp://127.0.0.1:${sink.port}`,
      // What a killed worker held comes back soon enough for a test.
      env: { VEILPOST_DELIVERY__LEASE: '2s' },
      ...(store.dataUrl === undefined ? {} : { dataUrl: store.dataUrl }),
    });
  const acknowledged = new Set<string>();
  let pair: Registered | undefined;
  let inTheWindow = 0;
  let round = 0;
  for (; inTheWindow < kills && round < kills * ROUNDS_PER_KILL; round++) {
    await using relay = await start();
    pair ??= await registerPair(relay);
    // While nothing is answered, nothing is delivered: the kill comes before the delivery by construction.
    sink.answer(moment === 'beforeDelivery' ? 'silence' : 'accept');
    const mark = `crash-mark-${round}`;
    await refuseOne(relay, pair, mark);
    const wasAcknowledged = await sendAndKill(relay, pair, mark, moment);
    if (wasAcknowledged) acknowledged.add(mark);
    if (wasAcknowledged === (moment === 'beforeDelivery')) inTheWindow += 1;
  }
  sink.answer('accept');
  await using relay = await start();
  await emptied(relay);
  return { kills: round, inTheWindow, acknowledged, canaries: pair?.canaries ?? [], ...arrivals(sink) };
}

/** A message that is blocked: it must not arrive, whatever dies when. */
async function refuseOne(relay: RelayProcess, pair: Registered, mark: string): Promise<void> {
  await using client = await connectSmtp(relay.ports.mx);
  await say(client, pair);
  client.write(
    mail({
      from: pair.seller,
      to: pair.aliases.buyer,
      text: `blocked-${mark} Change your 1 star to 5 and we refund 20 EUR`,
    }),
  );
  const reply = await client.say('\r\n.');
  if (reply.code !== 550) throw new Error(`the bribe was answered ${reply.text}`);
}

async function sendAndKill(relay: RelayProcess, pair: Registered, mark: string, moment: Moment): Promise<boolean> {
  await using client = await connectSmtp(relay.ports.mx);
  await say(client, pair);
  client.write(
    `${mail({ from: pair.seller, to: pair.aliases.buyer, text: `${mark} your parcel is on its way.` })}\r\n.\r\n`,
  );
  if (moment === 'beforeDelivery') {
    const reply = await client.reply();
    await relay.kill();
    return reply.code === 250;
  }
  // Spread over the few milliseconds that the path takes, so that every stage is hit.
  const answer = client.reply();
  await wait(Math.random() * 6);
  await relay.kill();
  return (await answer).code === 250;
}

async function say(client: Awaited<ReturnType<typeof connectSmtp>>, pair: Registered): Promise<void> {
  for (const line of ['EHLO crash.test', `MAIL FROM:<${pair.seller}>`, `RCPT TO:<${pair.aliases.buyer}>`, 'DATA']) {
    const reply = await client.say(line);
    if (reply.code >= 400) throw new Error(`${line.split(':')[0]} was answered ${reply.text}`);
  }
}

/** Waits until nothing is queued: by asking the API, not by time. */
async function emptied(relay: RelayProcess): Promise<void> {
  for (;;) {
    const { text } = await relay.api('GET', '/v1/messages?status=queued&limit=1');
    const { data }: { data: readonly unknown[] } = JSON.parse(text);
    if (data.length === 0) return;
    await wait(50);
  }
}

function arrivals(sink: Sink): Pick<Books, 'arrived' | 'blockedArrived'> {
  const arrived = new Map<string, Set<string>>();
  let blockedArrived = 0;
  for (const message of sink.messages) {
    const text = Buffer.from(message.bytes).toString('latin1');
    if (text.includes('blocked-')) blockedArrived += 1;
    const mark = MARK.exec(text)?.[0] ?? 'no mark';
    const id = /^Message-ID: *(\S+)/im.exec(text)?.[1] ?? 'no id';
    arrived.set(mark, (arrived.get(mark) ?? new Set()).add(id));
  }
  return { arrived, blockedArrived };
}
