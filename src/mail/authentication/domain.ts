/**
 * domain: names out of remote texts, taken only when there is one way to read them.
 */
import { parseDomain } from '../../core/address.ts';

/**
 * `text` as a lower-case domain of A-labels, or `undefined`. What UTS 46 would change is no domain here: mailauth looked up
 * the spelling before that change, so `d=` in full-width letters would be checked as one domain and be read as another.
 */
export function plainDomain(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const domain = text.toLowerCase();
  return parseDomain(domain) === domain ? domain : undefined;
}
