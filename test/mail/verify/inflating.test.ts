/** inflating: what lies packed is read as far as it goes, and what fails costs as much as what does not. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import { verify } from '../../../src/mail/verify.ts';
import type { Rewritten } from '../../../src/mail/types.ts';
import { Unpacking } from '../../../src/mail/verify/unpacking.ts';
import { ALIASES, BARE, BUYER, deliverable, SECRETS } from '../../support/deliverable.ts';

const MB = 1_000_000;
/** Deflate knows no block of type 3 (RFC 1951 3.2.3). */
const DAMAGE = Buffer.alloc(8, 0xff);
const noise = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => (Math.imul(index, 2654435761) >>> 13) & 0xff));

/** Whole blocks of `content`, and damage where the next one would begin. */
function damaged(content: Buffer): Buffer {
  const sound = deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat([sound, DAMAGE]);
}

/** One local entry for each stream, packed as method 8 (APPNOTE 4.3.7). */
function zipOf(streams: readonly Buffer[]): Buffer {
  return Buffer.concat(
    streams.flatMap((stream) => {
      const header = Buffer.alloc(30);
      header.writeUInt32LE(0x04034b50, 0);
      header.writeUInt16LE(8, 8);
      return [header, stream];
    }),
  );
}

const pdfOf = (stream: Buffer): Buffer =>
  Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj <<>> stream\n'), stream, Buffer.from('\nendstream\n')]);
const unpacked = (file: Buffer): string => Buffer.concat([...new Unpacking().of(file)]).toString('latin1');
const unpackAll = (file: Buffer): void => {
  for (const piece of new Unpacking().of(file)) assert.ok(piece.length >= 0);
};

suite('a stream that breaks', () => {
  for (const before of [0, 300, 70_000]) {
    test(`is read up to there: an address behind ${before} octets, in front of the damage`, () => {
      const content = Buffer.concat([noise(before), Buffer.from(`write to ${BUYER}`)]);
      assert.ok(unpacked(zipOf([damaged(content)])).includes(BUYER));
    });
  }

  test('is read when only its checksum is wrong, as PDF readers do', () => {
    const packed = deflateSync(Buffer.from(`write to ${BUYER}`));
    packed[packed.length - 1] = (packed.at(-1) ?? 0) ^ 1;
    assert.ok(unpacked(pdfOf(packed)).includes(BUYER));
  });

  test('is read when it is cut short', () => {
    const packed = deflateRawSync(Buffer.concat([Buffer.from(`write to ${BUYER} `), noise(5000)]));
    assert.ok(unpacked(zipOf([packed.subarray(0, 1000)])).includes(BUYER));
  });

  test('with an address before the damage does not leave', async () => {
    const file = zipOf([damaged(Buffer.from(`write to ${BUYER}`))]);
    const head = `From: <${ALIASES.buyer}>\r\nTo: <${ALIASES.seller}>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: `;
    const bytes = Buffer.from(
      `${head}application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${file.toString('base64')}\r\n`,
    );
    const { arrival, verdict } = deliverable(BARE);
    const made = { arrival, verdict, bytes, ownId: 'a@relay.test', originalId: '', masked: 0 } as unknown as Rewritten;
    assert.deepEqual(await verify(made, SECRETS), { kind: 'leak', place: 'attachment' });
  });
});

suite('more than anybody could read is not let through', () => {
  test('twenty streams that each break behind 120 MB, in 2.3 MB of file', () => {
    const stream = damaged(Buffer.alloc(120 * MB, 'a'));
    const begin = performance.now();
    assert.throws(() => unpackAll(zipOf(Array.from({ length: 20 }, () => stream))), RangeError);
    assert.ok(performance.now() - begin < 4000, 'the first is one too many');
  });

  test('two sound streams of 120 MB', () => {
    const stream = deflateRawSync(Buffer.alloc(120 * MB, 'a'));
    assert.throws(() => unpackAll(zipOf([stream, stream])), RangeError);
  });

  test('entries that take in the rest of the file and give nothing out', () => {
    // Empty stored blocks (RFC 1951 3.2.4): every entry runs through all that follow it.
    const empty = Buffer.alloc(5 * MB);
    for (let at = 0; at < empty.length; at += 5) empty.writeUInt16LE(0xffff, at + 3);
    const begin = performance.now();
    assert.throws(
      () =>
        unpackAll(
          Buffer.concat([zipOf(Array.from({ length: 5000 }, () => Buffer.from([0, 0, 0, 0xff, 0xff]))), empty]),
        ),
      RangeError,
    );
    assert.ok(performance.now() - begin < 10_000);
  });

  test('ten thousand pieces', () => {
    const piece = deflateRawSync(Buffer.from('x'));
    assert.throws(() => unpackAll(zipOf(Array.from({ length: 10_001 }, () => piece))), RangeError);
    assert.doesNotThrow(() => unpackAll(zipOf(Array.from({ length: 3000 }, () => piece))));
  });
});
