import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutMetadata } from '../../../src/mail/files/pictures.ts';
import { gif, heic, jpeg, png, webp, bmp, ADDRESS, PIXELS, segment, exif, chunk, riffChunk, box } from './samples.ts';

const cleaned = (content: Uint8Array): Buffer => {
  const before = Buffer.from(content);
  const result = withoutMetadata(content);
  assert.deepEqual(Buffer.from(content), before, 'the original stays as it was');
  assert.ok(result !== undefined, 'it is a picture');
  return Buffer.from(result);
};

const assertOnlyPicture = (result: Buffer): void => {
  assert.ok(!result.includes(ADDRESS), 'the address is gone');
  assert.ok(result.includes(PIXELS), 'the picture is there');
  assert.deepEqual(cleaned(result), result, 'a clean picture stays as it is');
};

const trailing = (content: Buffer): Buffer => Buffer.concat([content, Buffer.from(`behind ${ADDRESS}`)]);

test('a photo keeps its orientation and loses its place and camera', () => {
  for (const order of ['II', 'MM'] as const) {
    const result = cleaned(jpeg([segment(0xe1, exif(order, 6))]));
    assertOnlyPicture(result);
    const fresh = result.indexOf('Exif\0\0');
    assert.equal(result.toString('hex', fresh + 6, fresh + 32), '4d4d002a00000008000101120003000000010006000000000000');
    assert.equal(result.readUInt16BE(fresh - 2), 34, 'nothing else is in it');
  }
});

test('an upright photo needs no EXIF at all', () => {
  const result = cleaned(jpeg([segment(0xe1, exif('II', 1))]));
  assertOnlyPicture(result);
  assert.ok(!result.includes('Exif'));
});

test('a photo loses XMP, IPTC, comments, thumbnails and makers notes, and keeps its colours', () => {
  const planted = [
    segment(0xe0, `JFXX\0\x10${ADDRESS}`),
    segment(0xe1, `http://ns.adobe.com/xap/1.0/\0<x>${ADDRESS}</x>`),
    segment(0xe2, `MPF\0${ADDRESS}`),
    segment(0xe2, 'ICC_PROFILE\0\x01\x01colours'),
    segment(0xed, `Photoshop 3.0\x008BIM${ADDRESS}`),
    segment(0xee, `Adobe\0d\0\0\0\0\x01${ADDRESS}`),
    segment(0xfe, ADDRESS),
  ];
  const result = cleaned(trailing(jpeg(planted)));
  assertOnlyPicture(result);
  assert.ok(result.includes('ICC_PROFILE\0\x01\x01colours'));
  assert.ok(result.includes('Adobe\0d\0\0\0\0\x01', 0, 'latin1'), 'the colour transform stays');
  assert.ok(
    result.includes(Buffer.from('ffe000104a46494600010100000100010000', 'hex')),
    'JFIF stays, without a thumbnail',
  );
  assert.equal(result.toString('hex', result.length - 2), 'ffd9');
});

test('a progressive photo keeps all its scans, also with restart markers and a comment between them', () => {
  const scan = [segment(0xda, '\x01\x01\x00\x00\x3f\x00'), Buffer.from(`second\xff\x00scan\xff\xd0more`, 'latin1')];
  const result = cleaned(jpeg([], [segment(0xfe, ADDRESS), Buffer.from([0xff, 0xff]), ...scan]));
  assertOnlyPicture(result);
  assert.ok(result.includes(Buffer.from('second\xff\x00scan\xff\xd0more\xff\xd9', 'latin1')));
});

test('a photo whose tables have room for a text is held', () => {
  assert.equal(withoutMetadata(jpeg([segment(0xdd, `\0\x08${ADDRESS}`)])), undefined);
  assert.equal(withoutMetadata(jpeg([segment(0xf7, ADDRESS)])), undefined);
});

test('a screenshot loses its texts, its times and what lies behind its end', () => {
  const planted = [
    chunk('tEXt', `Author\0${ADDRESS}`),
    chunk('zTXt', `Author\0\0${ADDRESS}`),
    chunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${ADDRESS}`),
    chunk('eXIf', exif('MM', 1).subarray(6)),
    chunk('prVt', ADDRESS),
    chunk('iCCP', `${ADDRESS}\0\0profile`),
    chunk('sPLT', `${ADDRESS}\0\x08`),
    chunk('pHYs', '\0\0\x0b\x13\0\0\x0b\x13\x01'),
  ];
  const result = cleaned(trailing(png(planted)));
  assertOnlyPicture(result);
  assert.ok(result.includes(chunk('iCCP', 'ICC\0\0profile')), 'the profile stays, with a right checksum');
  assert.ok(result.includes('pHYs'));
  assert.ok(result.subarray(-12).equals(chunk('IEND', '')));
});

test('a screenshot with a text in an overlong small chunk or a checksum is held', () => {
  assert.equal(withoutMetadata(png([chunk('gAMA', `\0\0\xb1\x8f${ADDRESS}`)])), undefined);
  const wrong = chunk('gAMA', '\0\0\xb1\x8f');
  wrong.write('jane', wrong.length - 4);
  assert.equal(withoutMetadata(png([wrong])), undefined);
});

test('an animation keeps its timing and its loop and loses comments and the blocks of applications', () => {
  const comment = `!\xfe${String.fromCharCode(ADDRESS.length)}${ADDRESS}\0`;
  const xmp = `!\xff\x0bXMP DataXMP${String.fromCharCode(ADDRESS.length)}${ADDRESS}\0`;
  const loop = '!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0';
  const words = `!\xf9\x04\x01\x09\0\0\0!\x01\x0c012345678901${String.fromCharCode(ADDRESS.length)}${ADDRESS}\0`;
  const timing = '!\xf9\x04\0\x0a\0\0\0';
  const result = cleaned(trailing(gif(comment + xmp + loop + words + timing)));
  assertOnlyPicture(result);
  assert.deepEqual(result, gif(loop + timing));
});

test('a WebP loses EXIF and XMP, also inside of a frame, and no longer claims to have them', () => {
  const planted = [
    riffChunk('ICCP', 'profile'),
    riffChunk('ANIM', '\0\0\0\0\0\0'),
    riffChunk('ANMF', Buffer.concat([Buffer.alloc(16), riffChunk('VP8 ', 'frame'), riffChunk('EXIF', ADDRESS)])),
    riffChunk('EXIF', exif('II', 6)),
    riffChunk('XMP ', ADDRESS),
    riffChunk('jane', ADDRESS),
  ];
  const result = cleaned(trailing(webp(0xff, planted)));
  assertOnlyPicture(result);
  assert.equal(result[20], 0x32, 'profile, alpha and animation');
  assert.equal(result.readUInt32LE(4), result.length - 8);
  const frame = riffChunk('ANMF', Buffer.concat([Buffer.alloc(16), riffChunk('VP8 ', 'frame')]));
  assert.ok(result.includes(Buffer.concat([riffChunk('ANIM', '\0\0\0\0\0\0'), frame])));
  assert.ok(result.includes(riffChunk('ICCP', 'profile')));
});

test('a HEIC photo loses EXIF, XMP, names and descriptions, and every position in it stays', () => {
  for (const brand of ['heic', 'avif', 'mif1']) {
    const original = heic({ brand });
    const result = cleaned(trailing(original));
    assertOnlyPicture(result);
    assert.equal(result.length, original.length);
    assert.equal(result.indexOf(PIXELS), original.indexOf(PIXELS));
    assert.ok(!result.includes('Exif') && !result.includes('rdf'), 'no reader looks for the lost items');
    assert.ok(result.includes('idat-grid') && result.includes('colour'), 'the grid and its properties stay');
  }
});

test('a HEIC photo with data in another file, in another item, or beyond its end is held', () => {
  assert.equal(withoutMetadata(heic({ source: 1 })), undefined);
  assert.equal(withoutMetadata(heic({ method: 2 })), undefined);
  assert.equal(withoutMetadata(heic({ pictureLength: 1_000_000 })), undefined);
  assert.equal(withoutMetadata(Buffer.concat([heic({}), box('moov', ADDRESS)])), undefined);
});

test('a HEIC photo that hides its EXIF inside of its picture loses both', () => {
  const result = withoutMetadata(heic({ pictureLength: PIXELS.length + 60 }));
  assert.ok(result !== undefined && !Buffer.from(result).includes(ADDRESS));
});

test('a HEIC photo with thousands of extents over the same bytes takes no time', () => {
  const started = performance.now();
  cleaned(heic({ extents: 60_000, room: 2_000_000 }));
  assert.ok(performance.now() - started < 5000);
});

test('a bitmap loses its gap, the path of its profile and what lies behind its pixels', () => {
  const result = cleaned(trailing(bmp()));
  assertOnlyPicture(result);
  assert.equal(result.readUInt32LE(2), result.length);
  assert.equal(result.toString('latin1', 70, 74), 'BGRs');
});

test('what is no picture is held', () => {
  for (const content of [
    '',
    'BM',
    `${ADDRESS}\xff\xd8\xff\xd9`,
    '%PDF-1.7',
    '\xff\xd8\xff\xd9',
    'GIF89a',
    '\0\0\0\x08ftyp',
  ]) {
    assert.equal(withoutMetadata(Buffer.from(content, 'latin1')), undefined, content);
  }
  assert.equal(withoutMetadata(heic({ brand: 'isom' })), undefined, 'a video');
});

test('random bytes and truncated pictures at every length never throw', () => {
  const samples = [
    jpeg([segment(0xe1, exif('II', 6))]),
    png([chunk('iCCP', 'x\0\0profile')]),
    gif('!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0'),
    webp(0xff, [riffChunk('ANMF', Buffer.concat([Buffer.alloc(16), riffChunk('VP8 ', 'frame')]))]),
    heic({}),
    bmp(),
  ];
  for (const sample of samples) {
    for (let length = 0; length < sample.length; length++) {
      const result = withoutMetadata(sample.subarray(0, length));
      assert.ok(result === undefined || !Buffer.from(result).includes(ADDRESS), 'nothing half-cleaned gets out');
    }
    for (let round = 0; round < 3000; round++) withoutMetadata(damaged(sample, round));
  }
});

/** The same on every run: a few bytes of it are replaced. */
function damaged(sample: Buffer, round: number): Buffer {
  const copy = Buffer.from(sample);
  let seed = round + 1;
  for (let change = 0; change <= round % 4; change++) {
    seed = (seed * 48_271) % 2_147_483_647;
    const at = seed % copy.length;
    seed = (seed * 48_271) % 2_147_483_647;
    copy[at] = round % 3 === 0 ? 0xff : round % 3 === 1 ? 0 : seed % 256;
  }
  return copy;
}
