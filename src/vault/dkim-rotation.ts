/**
 * dkim-rotation: the life of a DKIM key, as changes of the list in the key file: next -> active -> retiring -> gone.
 *
 * Two keys of each algorithm are published while one of them signs, so that a change never meets a resolver that has not seen the new
 * record yet (RFC 6376 3.1). Pure but for the keys it makes. Fails with a plain `Error` that says what to do.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { randomLetters } from '../core/ids.ts';
import { HOUR, rfc3339, type Instant } from '../core/time.ts';
import type { DkimAlgorithm, DkimState } from './keys.ts';

export interface DkimEntry {
  readonly selector: string;
  readonly algorithm: DkimAlgorithm;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  readonly state: DkimState;
  /** RFC 3339, when it was made and when its state began; `undefined` for keys from before there were states. */
  readonly created: string | undefined;
  readonly since: string | undefined;
}

/**
 * A signature is good for 72 hours (`x=`), and what was signed a moment before the change may reach its reader as late as that: a record
 * that is gone by then turns good mail into mail that fails.
 */
const RETIRES_AFTER_MS = 72 * HOUR;

export function newPair(state: DkimState, now: Instant): readonly DkimEntry[] {
  const stamp = randomLetters(6);
  const times = { state, created: rfc3339(now), since: rfc3339(now) };
  const [rsa, ed25519] = [generateKeyPairSync('rsa', { modulusLength: 2048 }), generateKeyPairSync('ed25519')];
  return [
    { selector: `vp-${stamp}-r`, algorithm: 'rsa-sha256', privateKey: pemOf(rsa.privateKey), ...times },
    { selector: `vp-${stamp}-e`, algorithm: 'ed25519-sha256', privateKey: pemOf(ed25519.privateKey), ...times },
  ];
}

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** One pair waits at a time: a second `rotate` by mistake would leave records in DNS that nobody knows of. */
export function rotated(entries: readonly DkimEntry[], now: Instant): readonly DkimEntry[] {
  const waiting = entries.filter(({ state }) => state === 'next').map(({ selector }) => selector);
  if (waiting.length > 0) {
    throw new Error(
      `there are next keys already: ${waiting.join(', ')}. Publish them ("veilpost dns") and run "veilpost keys activate ${waiting.join(' ')}", or take them out with "veilpost keys retire"`,
    );
  }
  return [...entries, ...newPair('next', now)];
}

/** The keys named sign from now on; those of the same algorithms that signed until now retire. A retiring key may come back. */
export function activated(
  entries: readonly DkimEntry[],
  selectors: readonly string[],
  now: Instant,
): readonly DkimEntry[] {
  const chosen = selectors.map((selector) => entryOf(entries, selector));
  const algorithms = chosen.map(({ algorithm }) => algorithm);
  const twice = algorithms.find((algorithm, index) => algorithms.indexOf(algorithm) !== index);
  // One signature of each kind: a second one costs as much and proves no more.
  if (twice !== undefined) throw new Error(`two of these keys are for ${twice}; one key of each algorithm signs`);
  return entries.map((entry) => {
    if (chosen.includes(entry)) return enter(entry, 'active', now);
    return entry.state === 'active' && algorithms.includes(entry.algorithm) ? enter(entry, 'retiring', now) : entry;
  });
}

const enter = (entry: DkimEntry, state: DkimState, now: Instant): DkimEntry =>
  entry.state === state ? entry : { ...entry, state, since: rfc3339(now) };

/** Without the key; its record may go from DNS then. `isForced` does not wait until no mail signed with it can be on its way. */
export function retired(
  entries: readonly DkimEntry[],
  selector: string,
  { now, isForced }: { readonly now: Instant; readonly isForced: boolean },
): readonly DkimEntry[] {
  const entry = entryOf(entries, selector);
  if (entry.state === 'active') {
    throw new Error(`${selector} signs the mail of now: activate another key of ${entry.algorithm} first`);
  }
  const until = entry.state === 'retiring' ? Date.parse(entry.since ?? '') + RETIRES_AFTER_MS : 0;
  if (now < until && !isForced) {
    throw new Error(
      `mail signed with ${selector} may be on its way until ${rfc3339(until)}: retire it then, or now with --force`,
    );
  }
  return entries.filter((other) => other !== entry);
}

function entryOf(entries: readonly DkimEntry[], selector: string): DkimEntry {
  const found = entries.find((entry) => entry.selector === selector);
  if (found === undefined) throw new Error(`there is no key ${selector}; "veilpost keys list" shows all of them`);
  return found;
}
