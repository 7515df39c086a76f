/**
 * letters: messages with real signatures, made with keys of this run by mailauth's signer.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { ARCSealOptions, DKIMSignOptions } from 'mailauth';
import { sealMessage } from 'mailauth/lib/arc/index.js';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';

export interface Key {
  readonly pem: string;
  /** The key record. */
  readonly record: string;
}

const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });

export function rsaKey(modulusLength: number): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    record: `v=DKIM1; k=rsa; p=${spki(publicKey).toString('base64')}`,
  };
}

function ed25519Key(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    // RFC 8463 4.2: the bare 32 octets, without the SPKI in front.
    record: `v=DKIM1; k=ed25519; p=${spki(publicKey).subarray(-32).toString('base64')}`,
  };
}

export const RSA = rsaKey(2048);
export const ED25519 = ed25519Key();

/** Tue, 24 Nov 2026 10:00:00 UTC. */
export const NOW = Date.UTC(2026, 10, 24, 10);

export const LETTER = [
  'From: Ann <ann@shop.test>',
  'To: Kim <b0000000000000000000000000a@relay.test>',
  'Subject: Your order',
  'Date: Tue, 24 Nov 2026 10:00:00 +0000',
  'Message-ID: <m1@shop.test>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'It left today.',
  '',
].join('\r\n');

export const from = (author: string, letter = LETTER): string => letter.replace(/^From: .*$/m, `From: ${author}`);

type Signing = Omit<Partial<DKIMSignOptions>, 'privateKey'> & { readonly key?: Key };

/** `letter` with one more signature in front: of shop.test with the selector `s`, unless `signing` says otherwise. */
export async function signed(letter = LETTER, { key = RSA, ...signing }: Signing = {}): Promise<string> {
  const data: DKIMSignOptions = {
    signingDomain: 'shop.test',
    selector: 's',
    privateKey: key.pem,
    canonicalization: 'relaxed/relaxed',
    signTime: new Date(NOW - 60_000),
    ...signing,
  };
  // mailauth takes some of it from here and some from there.
  const { signatures, errors } = await dkimSign(letter, { ...data, signatureData: [data] });
  assert.deepEqual(errors, []);
  return signatures + letter;
}

type Sealing = Partial<ARCSealOptions> & { readonly key?: Key };

/** `letter` with one more ARC set in front: sealed by list.test with the selector `a`, unless `sealing` says otherwise. */
export async function sealed(letter: string, { key = RSA, ...sealing }: Sealing = {}): Promise<string> {
  const headers = await sealMessage(Buffer.from(letter), {
    signingDomain: 'list.test',
    selector: 'a',
    privateKey: key.pem,
    signTime: new Date(NOW - 60_000),
    cv: 'none',
    authResults: REPORT,
    ...sealing,
  });
  return headers.toString() + letter;
}

/** What a sealer says it saw. */
export const REPORT =
  'list.test; dkim=pass header.d=shop.test header.s=s; spf=pass smtp.mailfrom=ann@shop.test; dmarc=pass header.from=shop.test';
