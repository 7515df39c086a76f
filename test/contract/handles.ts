/**
 * handles: two handles on the same data, as two threads or two processes have them. What one writes the other must see.
 */
import type { Store } from '../../src/store/store.ts';

export interface Handles extends AsyncDisposable {
  readonly one: Store;
  readonly other: Store;
}

/** How a store is opened for the suite. */
export type Open = () => Promise<Handles>;

/** Closes `other` first: it may use the writer of `one`. `clean` removes the data. */
export function handlesOn(one: Store, other: Store, clean: () => PromiseLike<void>): Handles {
  return {
    one,
    other,
    async [Symbol.asyncDispose]() {
      await other[Symbol.asyncDispose]();
      await one[Symbol.asyncDispose]();
      await clean();
    },
  };
}
