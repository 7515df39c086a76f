/**
 * content: what a message's record keeps sealed: its subject, and the verdict with the words that the rules found.
 */
import type { Verdict } from '../policy/rule.ts';
import type { MessageRecord } from '../store/records.ts';
import type { Vault } from '../vault/seal.ts';

export interface MessageContent {
  readonly subject: string;
  readonly verdict: Verdict;
}

export function openContent(message: MessageRecord, vault: Vault): MessageContent {
  return vault.openJson(message.content, `content/${message.id}`);
}
