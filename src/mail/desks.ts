/**
 * desks: addresses on our domains that are no aliases: `postmaster@` and `abuse@`, for whoever runs the relay, and `lint@`, where a seller
 * asks what the rules say of a message.
 *
 * Nothing is kept here. A message is handed over to the operator's mailbox, or its answer to the seller, while its sender waits for the
 * answer to the data: what cannot be handed over is put off with 451, so nothing is lost and there is nothing to bounce. What goes out
 * has the null reverse path, goes to one mailbox that the operator or the marketplace named, and is never passed on to a party.
 * Standards: RFC 5321 4.5.1 (postmaster, also without a domain), RFC 2142 (abuse). Attacks: security.md CM-28, BO-05.
 * Fails with: desk.away, desk.tooMany, desk.tooLarge, message.loop; of `lint@` alias.unknown and sender.* as an alias does.
 */
import { parseMailbox } from '../core/address.ts';
import { RelayError } from '../core/errors.ts';
import type { Events } from '../core/events.ts';
import { mintMessageId } from '../core/ids.ts';
import { sourceOf } from '../core/networks.ts';
import type { RealAddress } from '../core/real-address.ts';
import { Recently } from '../core/recently.ts';
import { readSpooled } from '../core/spool.ts';
import { HOUR, MINUTE, type Clock } from '../core/time.ts';
import type { Transport } from '../outbox/transport.ts';
import type { DkimKey } from '../vault/keys.ts';
import { findWriter, mayAsk, type AskerParts } from './asker.ts';
import { forwarded } from './forward.ts';
import type { Policy } from './judge.ts';
import { composeLintAnswer } from './lint-answer.ts';
import { lintMessage, readAsked } from './lint.ts';
import { sign } from './sign.ts';
import type { Claim, Received } from './types.ts';

export type Desk = 'operator' | 'lint';

/** One recipient that is a desk, and the reverse path with which it was named. */
export interface AtDesk {
  readonly desk: Desk;
  readonly reversePath: RealAddress | undefined;
}

export interface Desks {
  /** `undefined` for what is no desk. */
  find(recipient: string): Desk | undefined;
  /** Throws where nothing in the message could change the answer. */
  admit(desk: Desk, reversePath: RealAddress | undefined, claim: Claim): Promise<AtDesk>;
  /** The text of the 250: what had to be sent was handed over. */
  take(at: AtDesk, received: Received, claim: Claim): Promise<string>;
}

export interface DeskParts extends AskerParts {
  readonly events: Events;
  readonly transport: Transport;
  readonly dkim: () => readonly DkimKey[];
  readonly hostName: string;
  /** `undefined`: the operator has not said where. */
  readonly operatorMailbox: RealAddress | undefined;
  readonly policy: Policy;
  readonly rulesUrl: string;
}

const ROLES: Readonly<Record<string, Desk>> = { postmaster: 'operator', abuse: 'operator', lint: 'lint' };
/** Reports of abuse carry the whole message that they are about. */
const LARGEST = 5_000_000;
/** The rules read it here, on the thread that serves everybody: so many octets cost some tens of milliseconds. */
const LARGEST_SHOWN = 64_000;
const PER_SOURCE = 20;
const PER_SELLER = 30;
/** To the operator. Sellers are known, and each has an allowance of its own: strangers must not close `lint@` for them. */
const IN_ALL = 200;
const AT_ONCE = 8;
const HANDED_OVER_WITHIN_MS = 2 * MINUTE;

export function createDesks(parts: DeskParts): Desks {
  const rooms = { operator: new Room(parts.clock, IN_ALL), lint: new Room(parts.clock, Infinity) };
  return {
    find: (recipient) => deskOf(recipient, [...parts.aliasDomains, parts.hostName]),
    async admit(desk, reversePath, claim) {
      if (desk === 'operator' && parts.operatorMailbox === undefined) throw new RelayError('desk.away');
      if (desk === 'lint') await mayAsk(reversePath, claim, parts);
      return { desk, reversePath };
    },
    async take({ desk, reversePath }, received, claim) {
      const raw = openedWithin(desk === 'operator' ? LARGEST : LARGEST_SHOWN, received);
      const text = await (desk === 'operator'
        ? passOn(raw, claim, rooms.operator, parts)
        : answer(raw, reversePath, claim, rooms.lint, parts));
      parts.events.deskTook({ desk, door: claim.door });
      return text;
    },
  };
}

function deskOf(recipient: string, domains: readonly string[]): Desk | undefined {
  if (/^postmaster$/i.test(recipient)) return 'operator';
  const mailbox = parseMailbox(recipient);
  if (mailbox === undefined || !domains.includes(mailbox.domain)) return undefined;
  const role = mailbox.local.toLowerCase();
  return Object.hasOwn(ROLES, role) ? ROLES[role] : undefined;
}

/** Asked before it is read: a spool may hold much more. */
function openedWithin(atMost: number, received: Received): Uint8Array {
  const isInMemory = received instanceof Uint8Array;
  if ((isInMemory ? received.length : received.size) > atMost) throw new RelayError('desk.tooLarge');
  return isInMemory ? received : readSpooled(received);
}

// --- the operator --------------------------------------------------------------------------------------------------------

async function passOn(raw: Uint8Array, claim: Claim, room: Room, parts: DeskParts): Promise<string> {
  const { operatorMailbox, clock, hostName } = parts;
  if (operatorMailbox === undefined) throw new RelayError('desk.away');
  const source = claim.peer?.ip;
  const bytes = forwarded(raw, { source, hostName, now: clock.now() });
  const place = room.count(source === undefined ? `seller ${claim.seller}` : sourceOf(source), PER_SOURCE);
  await handOver(operatorMailbox, bytes, { room, place }, parts);
  return '2.0.0 passed on to the operator';
}

// --- a seller who asks ---------------------------------------------------------------------------------------------------

async function answer(
  raw: Uint8Array,
  reversePath: RealAddress | undefined,
  claim: Claim,
  room: Room,
  parts: DeskParts,
): Promise<string> {
  const { clock, aliasDomains, dkim, policy } = parts;
  const asked = readAsked(raw);
  // Before it is judged: the rules cost more than all else here, and a stranger may not have them run.
  const { seller, mailbox } = await findWriter(raw, asked.from, reversePath, claim, parts);
  // An answer to an answering machine would be answered (RFC 3834 2).
  if (asked.origin !== 'person' && asked.origin !== 'program') return '2.0.0 noted';
  const place = room.count(`asks ${seller}`, PER_SELLER);
  const verdict = lintMessage(asked, policy);
  const now = clock.now();
  const [domain] = aliasDomains;
  const letter = composeLintAnswer({ ...parts, asked, verdict, domain, id: mintMessageId(), now });
  await handOver(mailbox, sign(letter, { keys: dkim(), domain, now }), { room, place }, parts);
  return `2.0.0 judged: ${verdict.action}; the answer is on its way and nothing was passed on`;
}

// --- both ----------------------------------------------------------------------------------------------------------------

/** A message that was counted. */
interface Place {
  /** It could not be handed over, and will come again. */
  giveBack(): void;
}

/** How many an hour, and how many at once, at one desk: whoever fills this keeps others waiting, and loses them nothing. */
class Room {
  readonly #recently: Recently;
  readonly #inAll: number;
  #underway = 0;

  constructor(clock: Clock, inAll: number) {
    this.#inAll = inAll;
    this.#recently = new Recently(clock, HOUR, Math.min(inAll, IN_ALL));
  }

  /** Throws `desk.tooMany`; then nothing was counted. */
  count(who: string, atMost: number): Place {
    if (this.#recently.of(who).length >= atMost || this.#recently.of('all').length >= this.#inAll) {
      throw new RelayError('desk.tooMany');
    }
    const counted = [who, 'all'];
    for (const key of counted) this.#recently.note(key);
    return {
      giveBack: () => {
        for (const key of counted) this.#recently.takeBack(key);
      },
    };
  }

  /** Throws `desk.away` when too many are under way. */
  enter(): Disposable {
    if (this.#underway >= AT_ONCE) throw new RelayError('desk.away');
    this.#underway += 1;
    return { [Symbol.dispose]: () => void (this.#underway -= 1) };
  }
}

/** A mailbox that does not take it is our own trouble, whatever its server said: its words go no further. */
async function handOver(
  recipient: RealAddress,
  bytes: Uint8Array,
  { room, place }: { readonly room: Room; readonly place: Place },
  parts: DeskParts,
): Promise<void> {
  try {
    using _entered = room.enter();
    const shipment = { messageId: mintMessageId(), reversePath: '', recipient, bytes };
    const { kind } = await parts.transport.send(shipment, AbortSignal.timeout(HANDED_OVER_WITHIN_MS));
    if (kind !== 'delivered') throw new RelayError('desk.away');
  } catch (error) {
    place.giveBack();
    throw error;
  }
}
