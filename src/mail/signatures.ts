/**
 * signatures: which files are signatures and keys of OpenPGP and S/MIME. They name their owner, and no longer fit a message that was
 * written again; they are neither opened nor passed on. Standards: RFC 3156, RFC 8551 3.2, RFC 9580 6.2.
 */
import type { FilePart } from './message.ts';

const SIGNATURES_AND_KEYS: ReadonlySet<string> = new Set([
  'application/pgp-signature',
  'application/pgp-keys',
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/pkix-cert',
  'application/x-x509-ca-cert',
]);
const KEY_NAME =
  /^(?:signature|publickey|encryption_key|openpgp[-_]?key|openpgp_signature|smime)\b.*\.(?:asc|sig|p7s|pgp)$/i;

/** The armour says what it is, whatever the file is called: `0x4711.asc`, `key.asc`, `me.pgp`. */
const ARMOURED = /^\s{0,8}-----BEGIN PGP (?:SIGNATURE|(?:PUBLIC|PRIVATE) KEY BLOCK)-----/;

export function isSignatureOrKey({ contentType, filename, content }: FilePart): boolean {
  return (
    SIGNATURES_AND_KEYS.has(contentType) ||
    KEY_NAME.test(filename ?? '') ||
    ARMOURED.test(Buffer.from(content.subarray(0, 64)).toString('latin1'))
  );
}
