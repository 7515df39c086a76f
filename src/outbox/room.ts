/**
 * room: how many octets of mail are in hand at once. Many small messages go out side by side, large ones after one another.
 */

export class Room {
  #free: number;
  readonly #whole: number;
  readonly #waiting: { readonly size: number; readonly enter: () => void }[] = [];

  /** `octets` that may be in hand; what is larger than all of it has it to itself. */
  constructor(octets: number) {
    this.#whole = octets;
    this.#free = octets;
  }

  /** Waits for its turn; give the room back by disposing of what comes. First come, first served: a large one is not passed for ever. */
  async take(octets: number): Promise<Disposable> {
    const size = Math.min(octets, this.#whole);
    if (this.#waiting.length > 0 || size > this.#free) {
      await new Promise<void>((enter) => this.#waiting.push({ size, enter }));
    } else this.#free -= size;
    return { [Symbol.dispose]: () => this.#leave(size) };
  }

  #leave(size: number): void {
    this.#free += size;
    for (let next = this.#waiting[0]; next !== undefined && next.size <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.size;
      next.enter();
    }
  }
}
