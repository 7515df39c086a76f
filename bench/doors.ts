/**
 * doors: honest senders at a door of the running relay, by themselves and while others hold connections and talk slowly.
 *
 * The crowd is 500 connections that say nothing and 200 that say an octet of a command now and then, from fourteen networks of 127/8,
 * as many as each may have; then the same from one network. Time is that of one message, from MAIL to the answer to its data.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { registerPair } from '../test/support/registered.ts';
import { startRelayProcess } from '../test/support/relay-process.ts';
import { connectSmtp } from '../test/support/smtp-client.ts';
import { openScenarioStore } from '../test/support/stores.ts';

export interface DoorFigures {
  readonly crowd: string;
  readonly held: number;
  readonly turnedAway: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly refused: number;
}

const MESSAGES = 300;
const SENDERS = 5;
const IDLE = 500;
const SLOW = 200;
const PER_NETWORK = 50;

export async function benchDoors(template: string): Promise<readonly DoorFigures[]> {
  await using store = await openScenarioStore('SQLite');
  // Limits as they are by default; the helper raises them for other tests.
  const env = { VEILPOST_SMTP__MAX_CONNECTIONS_PER_PEER: '20', VEILPOST_SMTP__MAX_CONNECTIONS_PER_NETWORK: '50' };
  await using relay = await startRelayProcess({ folder: store.folder, route: 'sandbox', env });
  // Each from an order of its own: an alias takes a hundred messages an hour.
  const pairs = await registerMany(relay, 25);
  const { mx } = relay.ports;
  const figures = [];
  await honest(mx, template, pairs.slice(0, 5)); // warm
  figures.push({ crowd: 'nobody else', held: 0, turnedAway: 0, ...(await honest(mx, template, pairs.slice(5, 10))) });
  for (const [crowd, networks, from] of [
    ['500 idle and 200 slow, from 14 networks', 14, 10],
    ['500 idle and 200 slow, from one network', 1, 15],
  ] as const) {
    const held = await crowdOf(mx, networks);
    const drip = setInterval(() => {
      for (const socket of held.sockets.slice(0, SLOW)) socket.write('N');
    }, 1000);
    const times = await honest(mx, template, pairs.slice(from, from + 5));
    clearInterval(drip);
    for (const socket of held.sockets) socket.destroy();
    figures.push({ crowd, held: held.sockets.length, turnedAway: held.turnedAway, ...times });
  }
  return figures;
}

type Pair = Awaited<ReturnType<typeof registerPair>>;

async function registerMany(relay: Parameters<typeof registerPair>[0], count: number): Promise<readonly Pair[]> {
  const pairs = [];
  for (let index = 0; index < count; index++) pairs.push(await registerPair(relay));
  return pairs;
}

async function crowdOf(port: number, networks: number): Promise<{ sockets: readonly Socket[]; turnedAway: number }> {
  const opened = Array.from({ length: IDLE + SLOW }, async (_, index) => {
    const network = Math.floor(index / PER_NETWORK) % networks;
    const socket = connect({ port, host: '127.0.0.1', localAddress: `127.66.${network}.${1 + (index % PER_NETWORK)}` });
    socket.on('error', () => undefined);
    const [first]: unknown[] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return String(first).startsWith('220') ? socket : undefined;
  });
  const sockets = (await Promise.all(opened)).filter((socket) => socket !== undefined);
  return { sockets, turnedAway: IDLE + SLOW - sockets.length };
}

async function honest(port: number, template: string, pairs: readonly Pair[]) {
  const times: number[] = [];
  let refused = 0;
  const sender = async (pair: Pair, number: number) => {
    await using client = await connectSmtp(port, `127.0.${number}.1`);
    await client.say('EHLO load.bench.test');
    for (let index = 0; index < MESSAGES / SENDERS; index++) {
      const begun = performance.now();
      await client.say(`MAIL FROM:<${pair.seller}>`);
      await client.say(`RCPT TO:<${pair.aliases.buyer}>`);
      await client.say('DATA');
      client.write(
        template
          .replaceAll('{FROM}', pair.seller)
          .replaceAll('{TO}', pair.aliases.buyer)
          .replaceAll('{N}', `${number}${index}`),
      );
      if ((await client.say('\r\n.')).code !== 250) refused += 1;
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(pairs.map((pair, index) => sender(pair, index)));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
  return { medianMs: at(0.5), p99Ms: at(0.99), refused };
}
