/**
 * gate: how many messages are on their way to one domain, or one address, at once, so that whoever answers a letter a minute does not
 * take every place that the worker has (security.md OU-10).
 *
 * Who finds all places taken waits a moment: a busy host that works gives one back within it. When nobody left in that time it is
 * slow, and until somebody does everybody else is put off without waiting.
 */
interface Queue {
  inside: number;
  isSlow: boolean;
  readonly waiting: (() => void)[];
}

export class Gate {
  readonly #places: number;
  readonly #patienceMs: number;
  readonly #queues = new Map<string, Queue>();

  constructor(places: number, patienceMs: number) {
    this.#places = places;
    this.#patienceMs = patienceMs;
  }

  /** A place, given back by disposing of it, or `undefined` when it is slow or `cut` aborts. */
  async enter(name: string, cut: AbortSignal): Promise<Disposable | undefined> {
    const queue = this.#queues.get(name) ?? { inside: 0, isSlow: false, waiting: [] };
    this.#queues.set(name, queue);
    if (queue.inside < this.#places) queue.inside += 1;
    else if (queue.isSlow || cut.aborted || !(await this.#wait(queue, cut))) return undefined;
    return { [Symbol.dispose]: () => this.#leave(name, queue) };
  }

  async #wait(queue: Queue, cut: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const enter = () => resolve(true);
    const giveUp = () => {
      if (!queue.waiting.includes(enter)) return;
      queue.waiting.splice(queue.waiting.indexOf(enter), 1);
      resolve(false);
    };
    const timer = setTimeout(() => {
      queue.isSlow = true;
      giveUp();
    }, this.#patienceMs);
    cut.addEventListener('abort', giveUp, { once: true });
    queue.waiting.push(enter);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      cut.removeEventListener('abort', giveUp);
    }
  }

  /** Whoever waits gets the place itself, so nobody who comes later takes it away. */
  #leave(name: string, queue: Queue): void {
    queue.isSlow = false;
    const next = queue.waiting.shift();
    if (next !== undefined) return next();
    queue.inside -= 1;
    if (queue.inside === 0) this.#queues.delete(name);
  }
}
