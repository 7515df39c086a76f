/**
 * anomaly: evidence for what the parser could not read in one way only. It points at the message, not at a place in it.
 */
import type { Evidence } from './rule.ts';

/** One entry for each kind; `encrypted` is unscannable, everything else malformed. */
export function anomalyEvidence(anomalies: readonly string[]): readonly Evidence[] {
  return [...new Set(anomalies)].map((anomaly) => ({
    rule: anomaly,
    class: anomaly === 'encrypted' ? 'unscannable' : 'malformed',
    field: 'text',
    start: 0,
    end: 0,
    excerpt: '',
    why:
      anomaly === 'encrypted'
        ? 'Part of the message is encrypted, so its content cannot be read.'
        : 'The message is built in a way that mail programs read differently.',
    fix:
      anomaly === 'encrypted'
        ? 'Send the same content unencrypted.'
        : 'Send it again from an ordinary mail program, as plain text if possible.',
    policy: 'veilpost-content',
  }));
}
