/**
 * inboxes: the mailboxes of the sandbox, in Redis.
 */
import type { Redis } from 'ioredis';
import { decodeRecord, encodeRecord } from '../encode.ts';
import type { InboxRecord } from '../records.ts';
import type { Store } from '../store.ts';
import { MAIL, mailKey as key, operate } from './connect.ts';

type Inboxes = Pick<Store, 'fileInbox' | 'listInbox' | 'findInbox'>;

export function inboxesOn(redis: Redis): Inboxes {
  return {
    async fileInbox(mail) {
      await operate(redis, 'fileInbox', MAIL, { inbox: mail.inbox, record: encodeRecord(mail) });
    },
    async listInbox(inbox, limit) {
      const texts = await redis.lrange(key('inbox', inbox), 0, limit - 1);
      return texts.map((text) => decodeRecord<InboxRecord>(text));
    },
    async findInbox(inbox, id) {
      const texts = await redis.lrange(key('inbox', inbox), 0, -1);
      return texts.map((text) => decodeRecord<InboxRecord>(text)).find((mail) => mail.id === id);
    },
  };
}
