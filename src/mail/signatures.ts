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
export function isSignatureOrKey({ contentType, filename, text }: FilePart): boolean {
  return (
    SIGNATURES_AND_KEYS.has(contentType) ||
    KEY_NAME.test(filename ?? '') ||
    /^\s*-----BEGIN PGP (?:SIGNATURE|PUBLIC KEY)/.test(text ?? '')
  );
}
