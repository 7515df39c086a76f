/** inboxes: the mailboxes of the sandbox, of any store. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Handles } from './handles.ts';
import { fingerprint, inboxMail } from './rows.ts';
import { same } from './same.ts';

export function inboxesContract(handles: () => Handles): void {
  test('a mailbox shows its own mail, newest first, and no more than asked for', async () => {
    const { one, other } = handles();
    const mine = fingerprint();
    const kept = [inboxMail(mine), inboxMail(mine), inboxMail(mine)];
    for (const mail of kept) await one.fileInbox(mail);
    await one.fileInbox(inboxMail(fingerprint()));
    same(await other.listInbox(mine, 2), kept.toReversed().slice(0, 2));
    same(await other.findInbox(mine, kept[0]?.id ?? ''), kept[0]);
    assert.equal(await other.findInbox(fingerprint(), kept[0]?.id ?? ''), undefined, 'not in somebody else’s mailbox');
  });
}
