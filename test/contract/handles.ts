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
