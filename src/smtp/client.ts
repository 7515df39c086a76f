/**
 * client: what one session has shown of the other end, in the words of the mail path.
 */
import { isIP } from 'node:net';
import type { SMTPServerSession } from 'smtp-server';
import { RelayError } from '../core/errors.ts';
import { parseSellerId, type SellerId } from '../core/ids.ts';
import { plainAddress } from '../core/networks.ts';
import { RealAddress } from '../core/real-address.ts';
import type { Claim, Peer } from '../mail/types.ts';
import type { SmtpDoor } from './server.ts';

export function claimOf(session: SMTPServerSession, { door, sandboxLoopback }: SmtpDoor): Claim {
  return {
    door,
    seller: sellerOf(session),
    apiKey: undefined,
    isSandboxLoopback: sandboxLoopback && isLoopback(session.remoteAddress),
    peer: door === 'mx' ? peerOf(session) : undefined,
    reason: undefined,
  };
}

/** SPF looks at addresses as they are written in DNS: a peer over IPv4 is one over IPv4, whatever socket took it. */
const peerOf = ({ remoteAddress, hostNameAppearsAs }: SMTPServerSession): Peer => ({
  ip: plainAddress(remoteAddress),
  helo: hostNameAppearsAs,
});

/** `user` is what `signIn` gave; smtp-server makes it `false` when TLS begins. */
export function sellerOf(session: SMTPServerSession): SellerId | undefined {
  const user: unknown = session.user;
  return typeof user === 'string' ? parseSellerId(user) : undefined;
}

/** '' is the null reverse path (RFC 5321 4.5.5). Throws `sender.invalid`. */
export function reversePathOf(address: string): RealAddress | undefined {
  if (address === '') return undefined;
  try {
    return RealAddress.parse(address);
  } catch (error) {
    throw new RelayError('sender.invalid', { cause: error });
  }
}

function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && (address === '::1' || /^(?:::ffff:)?127\./.test(address));
}
