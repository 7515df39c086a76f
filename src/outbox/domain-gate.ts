/**
 * domain-gate: how many messages are on their way to one domain at once, so that a domain that answers a letter a minute does not
 * take every place that the worker has (security.md OU-10).
 *
 * Who finds all places taken waits a moment: a busy domain that works gives one back within it. When nobody left in that time the
 * domain is slow, and until somebody does everybody else is put off without waiting.
 */
export class DomainGate {
  readonly #places: number;
  readonly #patienceMs: number;
  readonly #domains = new Map<string, Domain>();

  constructor(places: number, patienceMs: number) {
    this.#places = places;
    this.#patienceMs = patienceMs;
  }

  /** A place, given back by disposing of it, or `undefined` when the domain is slow or `cut` aborts. */
  async enter(name: string, cut: AbortSignal): Promise<Disposable | undefined> {
    const domain = this.#domains.get(name) ?? { inside: 0, isSlow: false, waiting: [] };
    this.#domains.set(name, domain);
    if (domain.inside < this.#places) domain.inside += 1;
    else if (domain.isSlow || cut.aborted || !(await this.#wait(domain, cut))) return undefined;
    return { [Symbol.dispose]: () => this.#leave(name, domain) };
  }

  async #wait(domain: Domain, cut: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const enter = () => resolve(true);
    const giveUp = () => {
      if (!domain.waiting.includes(enter)) return;
      domain.waiting.splice(domain.waiting.indexOf(enter), 1);
      resolve(false);
    };
    const timer = setTimeout(() => {
      domain.isSlow = true;
      giveUp();
    }, this.#patienceMs);
    cut.addEventListener('abort', giveUp, { once: true });
    domain.waiting.push(enter);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      cut.removeEventListener('abort', giveUp);
    }
  }

  /** Whoever waits gets the place itself, so nobody who comes later takes it away. */
  #leave(name: string, domain: Domain): void {
    domain.isSlow = false;
    const next = domain.waiting.shift();
    if (next !== undefined) return next();
    domain.inside -= 1;
    if (domain.inside === 0) this.#domains.delete(name);
  }
}

interface Domain {
  inside: number;
  isSlow: boolean;
  readonly waiting: (() => void)[];
}
