/**
 * mutate: a hook for `node --import`: one of our modules is loaded with a mistake in it, as somebody might make one tomorrow.
 *
 * VEILPOST_TEST_MUTATION is JSON: the end of the module's path, a stretch of its source that must be there once, and what stands there
 * instead.
 */
import { registerHooks } from 'node:module';

interface Mutation {
  readonly module: string;
  readonly from: string;
  readonly to: string;
}

const mutation: Mutation = JSON.parse(process.env.VEILPOST_TEST_MUTATION ?? '{}');

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(mutation.module)) return loaded;
    const source = Buffer.from(loaded.source as Uint8Array).toString('utf8');
    const pieces = source.split(mutation.from);
    if (pieces.length !== 2) throw new Error(`${mutation.module} has ${pieces.length - 1} of: ${mutation.from}`);
    return { ...loaded, source: pieces.join(mutation.to) };
  },
});
