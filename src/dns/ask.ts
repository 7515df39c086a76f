/**
 * ask: one question to name servers, over UDP, and over TCP when the answer does not fit.
 *
 * In:  servers, a name, a type.    Out: a packet that answers just this question. Throws when none comes in time.
 * Each question has a port and an id of its own: whoever forges an answer must guess both (RFC 5452 9.2).
 */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIP, isIPv6 } from 'node:net';
import { SECOND } from '../core/time.ts';
import { BadPacket, isAnswerTo, isTruncated, question, type Type } from './packet.ts';

export const ASK_TIMEOUT_MS = 5 * SECOND;
const ROUNDS = 2;

interface Server {
  readonly host: string;
  readonly port: number;
}

/** `servers` as `address:port` or as `node:dns` lists them, at least one: each is asked in turn, twice. */
export async function askServers(
  servers: readonly string[],
  name: string,
  type: Type,
  timeoutMs = ASK_TIMEOUT_MS,
): Promise<Buffer> {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const server of servers.map(serverOf)) {
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

function serverOf(text: string): Server {
  if (isIP(text) !== 0) return { host: text, port: 53 };
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text);
  return { host: match?.[1] ?? match?.[2] ?? text, port: Number(match?.[3] ?? 53) };
}

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
