/**
 * anomaly: evidence for what the parser could not read in one way only, or not at all. It points at the message, not at a place in it.
 */
import type { Evidence, PolicyClass } from './rule.ts';

interface Explained {
  readonly class: PolicyClass;
  readonly why: string;
  readonly fix: string;
}

const MALFORMED: Explained = {
  class: 'malformed',
  why: 'The message is built in a way that mail programs read differently.',
  fix: 'Send it again from an ordinary mail program, as plain text if possible.',
};

/** What nobody here can look into waits for a person; every other anomaly is a matter of how the message was built. */
const UNSCANNABLE: Readonly<Record<string, Explained>> = {
  'encrypted': {
    class: 'unscannable',
    why: 'Part of the message is encrypted, so its content cannot be read.',
    fix: 'Send the same content unencrypted.',
  },
  'read-elsewhere': {
    class: 'unscannable',
    why: 'The message is only a link to a text that is kept on another server, so its content cannot be read.',
    fix: 'Send the text itself, unencrypted.',
  },
  'unreadable-file': {
    class: 'unscannable',
    why: 'A file in the message cannot be looked into: it is damaged, protected by a password, or of a kind that is not known here.',
    fix: 'Send it as PDF, as a picture or as plain text, without a password.',
  },
  'address-in-file': {
    class: 'unscannable',
    why: 'A file in the message holds the e-mail address of one of the parties, and it cannot be taken out of this kind of file.',
    fix: 'Take the address out of the file and send it again; the other party can reply without it.',
  },
  'too-heavy': {
    class: 'unscannable',
    why: 'The message holds more text than can be read before it is passed on, or takes too long to read.',
    fix: 'Send less at a time: a shorter text, smaller or simpler files, several messages.',
  },
};

/** One entry for each kind. */
export function anomalyEvidence(anomalies: readonly string[]): readonly Evidence[] {
  return [...new Set(anomalies)].map((anomaly) => ({
    rule: anomaly,
    field: 'text',
    start: 0,
    end: 0,
    excerpt: '',
    ...(UNSCANNABLE[anomaly] ?? MALFORMED),
    policy: 'veilpost-content',
  }));
}
