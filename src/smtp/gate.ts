/**
 * gate: who may open one more connection.
 *
 * Counted by address, by neighbourhood (core/networks.ts) and in all, over all SMTP doors of the process. A fifth of all is kept for those
 * that have signed in, on this connection or before from the same address: strangers can fill the rest and no more, so sellers go on
 * working while somebody holds every connection that a stranger can get. In memory, bounded, forgotten at a restart.
 */
import { networkOf, plainAddress } from '../core/networks.ts';

export interface GateLimits {
  readonly perAddress: number;
  readonly perNetwork: number;
  readonly inAll: number;
}

const KEPT_FOR_REGULARS = 0.2;
const REGULARS_AT_MOST = 10_000;

/** One open connection. */
export interface Place {
  /** Its client has shown who it is: it is no stranger any more, now and when it comes back. */
  signedIn(): void;
  /** To be called when the connection is over; more than once is once. */
  leave(): void;
}

export class Gate {
  readonly #limits: GateLimits;
  readonly #byAddress = new Map<string, number>();
  readonly #byNetwork = new Map<string, number>();
  readonly #regulars = new Set<string>();
  #all = 0;
  #strangers = 0;
  #refused = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** `undefined` when it is one too many; then nothing was counted. */
  enter(remoteAddress: string): Place | undefined {
    const address = plainAddress(remoteAddress);
    const network = networkOf(address);
    if (!this.#hasRoom(address, network)) {
      this.#refused += 1;
      return undefined;
    }
    add(this.#byAddress, address, 1);
    add(this.#byNetwork, network, 1);
    this.#all += 1;
    return this.#place(address, network);
  }

  /** How many were turned away since this was asked last. */
  takeRefused(): number {
    const refused = this.#refused;
    this.#refused = 0;
    return refused;
  }

  #hasRoom(address: string, network: string): boolean {
    const { perAddress, perNetwork, inAll } = this.#limits;
    if ((this.#byAddress.get(address) ?? 0) >= perAddress) return false;
    if ((this.#byNetwork.get(network) ?? 0) >= perNetwork) return false;
    if (this.#all >= inAll) return false;
    return this.#regulars.has(address) || this.#strangers < inAll - Math.floor(inAll * KEPT_FOR_REGULARS);
  }

  #place(address: string, network: string): Place {
    let isStranger = !this.#regulars.has(address);
    let isOpen = true;
    if (isStranger) this.#strangers += 1;
    const noStranger = () => {
      if (isStranger) this.#strangers -= 1;
      isStranger = false;
    };
    return {
      signedIn: () => {
        if (isOpen) noStranger();
        this.#remember(address);
      },
      leave: () => {
        if (!isOpen) return;
        isOpen = false;
        noStranger();
        add(this.#byAddress, address, -1);
        add(this.#byNetwork, network, -1);
        this.#all -= 1;
      },
    };
  }

  #remember(address: string): void {
    this.#regulars.delete(address);
    const [oldest] = this.#regulars;
    if (this.#regulars.size >= REGULARS_AT_MOST && oldest !== undefined) this.#regulars.delete(oldest);
    this.#regulars.add(address);
  }
}

function add(counts: Map<string, number>, key: string, difference: number): void {
  const count = (counts.get(key) ?? 0) + difference;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
