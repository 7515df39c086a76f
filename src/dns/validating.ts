/**
 * validating: look-ups at name servers that check DNSSEC, with their word on whether it held (the AD bit, which `node:dns` keeps to
 * itself). For operators who say `dns.validates`: the word is worth as much as the way to the name server, which belongs on this
 * machine or behind a wall (RFC 7672 1.1: the resolver is trusted).
 *
 * Throws when no server answers in time, or the answer is SERVFAIL: not known at present.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { connect, isIPv6 } from 'node:net';
import { SECOND } from '../core/time.ts';
import { BadPacket, isAnswerTo, isTruncated, question, readAddresses, readMx, readTlsa, type Type } from './packet.ts';
import type { RouteResolver } from './resolver.ts';

const TIMEOUT_MS = 5 * SECOND;
const ROUNDS = 2;

interface Server {
  readonly host: string;
  readonly port: number;
}

/** `servers` as `address:port`, at least one. */
export function validatingResolver(servers: readonly string[], timeoutMs = TIMEOUT_MS): RouteResolver {
  const all = servers.map(serverOf);
  const ask = (name: string, type: Type) => askAny(all, name, type, timeoutMs);
  return {
    mx: async (domain) => readMx(await ask(domain, 'MX')),
    tlsa: async (name) => readTlsa(await ask(name, 'TLSA')),
    async addresses(host) {
      const [four, six] = await Promise.all([ask(host, 'A'), ask(host, 'AAAA')]);
      const [a, aaaa] = [readAddresses(four, 'A'), readAddresses(six, 'AAAA')];
      // Aliases that lead to two places in two answers vouch for neither.
      const isSecure = a.isSecure && aaaa.isSecure && a.name === aaaa.name;
      return { records: [...a.records, ...aaaa.records], isSecure, name: a.name };
    },
  };
}

function serverOf(text: string): Server {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text);
  return { host: match?.[1] ?? match?.[2] ?? text, port: Number(match?.[3] ?? 53) };
}

async function askAny(servers: readonly Server[], name: string, type: Type, timeoutMs: number): Promise<Buffer> {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const server of servers) {
      const asked = question(randomInt(65536), name, type);
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const packet = await overUdp(server, asked, signal);
        return isTruncated(packet) ? await overTcp(server, asked, signal) : packet;
      } catch {
        // The next server, or the next round.
      }
    }
  }
  throw new BadPacket('no name server answered');
}

/** A port of its own for each question: whoever forges an answer must guess that too (RFC 5452 9.2). */
async function overUdp({ host, port }: Server, asked: Buffer, signal: AbortSignal): Promise<Buffer> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    socket.connect(port, host);
    await once(socket, 'connect', { signal });
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    socket.on('error', reject);
    socket.on('message', (packet) => {
      if (isAnswerTo(packet, asked)) resolve(packet);
    });
    signal.addEventListener('abort', () => reject(new BadPacket('not in time')), { once: true });
    socket.send(asked);
    return await promise;
  } finally {
    socket.close();
  }
}

/** RFC 7766 8: two octets of length in front of each message. */
async function overTcp({ host, port }: Server, asked: Buffer, signal: AbortSignal): Promise<Buffer> {
  const socket = connect({ host, port, signal });
  try {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(asked.length);
    socket.write(Buffer.concat([head, asked]));
    let got = Buffer.alloc(0);
    for await (const chunk of socket) {
      got = Buffer.concat([got, chunk as Buffer]);
      if (got.length < 2 || got.length < 2 + got.readUInt16BE(0)) continue;
      const packet = got.subarray(2, 2 + got.readUInt16BE(0));
      if (isAnswerTo(packet, asked)) return packet;
      break;
    }
    throw new BadPacket('the connection ended');
  } finally {
    socket.destroy();
  }
}
