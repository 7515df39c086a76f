/**
 * deadlines: a hold that nobody decided in time gets the outcome that the marketplace declared.
 *
 * Several processes may run this at once: the store decides each case once, and whoever comes second goes on.
 */
import type { Events } from '../core/events.ts';
import { codeOf } from '../core/errors.ts';
import { SECOND, type Clock } from '../core/time.ts';
import { decideCase } from '../cases/decide.ts';
import type { PathParts } from '../mail/path.ts';
import type { CaseRecord } from '../store/records.ts';

const EVERY_MS = 5 * SECOND;
const AT_ONCE = 100;

export interface DeadlineParts {
  readonly path: PathParts;
  readonly clock: Clock;
  readonly events: Events;
  readonly outcome: 'return' | 'release';
}

export function startDeadlines(parts: DeadlineParts): AsyncDisposable {
  const stop = new AbortController();
  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        await decideDue(parts);
      } catch (error) {
        parts.events.unexpected('jobs.deadlines', error);
      }
      await parts.clock.wait(EVERY_MS, stop.signal);
    }
  }
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** Decides every case whose deadline has passed; answers how many it decided. */
async function decideDue(parts: DeadlineParts): Promise<number> {
  const due = await parts.path.store.dueCases(parts.clock.now(), AT_ONCE);
  let decided = 0;
  for (const found of due) if (await decideByDeadline(found, parts)) decided += 1;
  return decided;
}

async function decideByDeadline(found: CaseRecord, parts: DeadlineParts): Promise<boolean> {
  const decide = (outcome: 'return' | 'release') =>
    decideCase(
      { caseId: found.id, outcome, reason: 'deadline', note: undefined, by: 'deadline', acceptsAuthor: false },
      parts.path,
    );
  try {
    await decide(parts.outcome);
    return true;
  } catch (error) {
    if (codeOf(error) === 'case.decided') return false;
    // Nor can a deadline release what verify does not let out, whose author is told, or what nobody has confirmed: it is thrown away.
    if (codeOf(error) === 'delivery.failed') return await decide('return').then(() => true);
    throw error;
  }
}
