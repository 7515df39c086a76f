import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadFor, type ThreadLink } from '../../src/mail/threads.ts';

const SHOP_FIRST: ThreadLink = { from: 'seller', ownId: 'own1@relay.test', original: 's1@shop.example' };
const BUYER_ANSWER: ThreadLink = { from: 'buyer', ownId: 'own2@relay.test', original: 'b1@client.example' };
const LINKS = [SHOP_FIRST, BUYER_ANSWER];

test('an answer to what the reader wrote refers to the id that the reader gave it', () => {
  const threading = threadFor({ inReplyTo: 'own1@relay.test', references: ['own1@relay.test'] }, 'buyer', LINKS);
  assert.deepEqual(threading, { inReplyTo: 's1@shop.example', references: ['s1@shop.example'] });
});

test("a follow-up on a message of one's own refers to the id under which the reader got it", () => {
  const threading = threadFor({ inReplyTo: 'b1@client.example', references: [] }, 'buyer', LINKS);
  assert.deepEqual(threading, { inReplyTo: 'own2@relay.test', references: ['own2@relay.test'] });
  assert.equal(
    threadFor({ inReplyTo: 'own2@relay.test', references: [] }, 'buyer', LINKS).inReplyTo,
    'own2@relay.test',
  );
});

test('ids of mail outside the order are dropped and the rest keeps its order', () => {
  const references = ['x@elsewhere.example', 'own1@relay.test', 'y@elsewhere.example', 'b1@client.example'];
  const threading = threadFor({ inReplyTo: 'b1@client.example', references }, 'buyer', LINKS);
  assert.deepEqual(threading.references, ['s1@shop.example', 'own2@relay.test']);
});

test('an id that only the other side can know is unknown', () => {
  const threading = threadFor({ inReplyTo: 's1@shop.example', references: ['s1@shop.example'] }, 'buyer', LINKS);
  assert.deepEqual(threading, { inReplyTo: '', references: [] });
});

test('an unknown In-Reply-To falls back on the last known reference', () => {
  const references = ['own1@relay.test', 'b1@client.example', 'x@elsewhere.example'];
  const threading = threadFor({ inReplyTo: 'x@elsewhere.example', references }, 'buyer', LINKS);
  assert.equal(threading.inReplyTo, 'own2@relay.test');
});

test('a chain of fifty keeps its last twenty', () => {
  const links = Array.from({ length: 50 }, (_, n): ThreadLink => ({
    from: 'seller',
    ownId: `o${n}@r.test`,
    original: `s${n}@s.test`,
  }));
  const threading = threadFor({ inReplyTo: 'o49@r.test', references: links.map((link) => link.ownId) }, 'buyer', links);
  assert.deepEqual(
    [threading.references.length, threading.references[0], threading.references.at(-1)],
    [20, 's30@s.test', 's49@s.test'],
  );
});

test('an id that could break out of its header is dropped', () => {
  const links: ThreadLink[] = [{ from: 'seller', ownId: 'own1@relay.test', original: 'a>\r\nBcc: x@y.test' }];
  assert.equal(threadFor({ inReplyTo: 'own1@relay.test', references: [] }, 'buyer', links).inReplyTo, '');
});

test('a message without a Message-ID does not stand for every message without one', () => {
  const links: ThreadLink[] = [{ from: 'buyer', ownId: 'own1@relay.test', original: '' }];
  assert.equal(threadFor({ inReplyTo: '', references: [] }, 'buyer', links).inReplyTo, '');
});
