/**
 * likeness: the fingerprint by which the same words are known again, so that a loop can be told from a conversation.
 *
 * In:  a message as parsed.    Out: a keyed fingerprint: what was written lies nowhere in the clear.
 * Answering programs quote what they answer, and put their own word and a colon before its subject; neither counts. Files do: a
 * person sends ten pictures with nothing but a signature under each. Linear in the size; never fails.
 */
import { createHash } from 'node:crypto';
import type { Fingerprint } from '../core/sealed.ts';
import type { Vault } from '../vault/seal.ts';
import { leaves, type FilePart, type Message } from './message.ts';
import { ownWords } from './own-words.ts';

export function likenessOf({ subject, body }: Message, vault: Vault): Fingerprint {
  const words = `${subject.slice(subject.lastIndexOf(':') + 1)}\n${ownWords(body)}`;
  const files = [...leaves(body)].filter((leaf) => leaf.kind === 'file').map(fileLikeness);
  return vault.fingerprintOf('words', [words.replace(/\s+/g, ' ').trim().toLowerCase(), ...files].join('\0'));
}

const fileLikeness = ({ filename = '', content }: FilePart): string =>
  `${filename}\0${createHash('sha256').update(content).digest('hex')}`;
