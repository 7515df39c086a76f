/**
 * arc: the first ARC set of a message: what we say of it, its signature as it left us, and the seal over both.
 *
 * What a buyer wrote was built anew here: no field and no signature of the buyer's own server goes on, and no chain either, so the set is
 * the first (`i=1`) and there was none before it (`cv=none`, RFC 8617 5.1.2). Usually a forwarder reports how the message came to it.
 * We do not: those results name the buyer's domain (relays.md 2.2, row 11), without it they still tell providers apart, and the author
 * they speak of is not the one in this From. Reported is what holds for the message that is sealed: our own signatures on it.
 * Standards: RFC 8617 4.1, 5.1; RFC 8601 2.7.1. Pure; never fails.
 */
import { SECOND, type Instant } from '../../core/time.ts';
import type { DkimKey } from '../../vault/keys.ts';
import { relaxedField, type Field } from './canonical.ts';
import { coveredFields, signatureField, signedField } from './signature.ts';

export interface ToSeal {
  /** With our DKIM signatures, one for each of `keys`. */
  readonly fields: readonly Field[];
  readonly bodyHash: string;
  readonly keys: readonly DkimKey[];
  readonly domain: string;
  /** Our name as the one who reports (RFC 8601 2.5). */
  readonly sealer: string;
  readonly now: Instant;
}

const REPORT = 'ARC-Authentication-Results';

/** The set, newest field first; '' without a key. */
export function arcSet({ fields, bodyHash, keys, domain, sealer, now }: ToSeal): string {
  // One seal to an instance, and RSA is what everybody can check.
  const key = keys.find(({ algorithm }) => algorithm === 'rsa-sha256') ?? keys[0];
  if (key === undefined) return '';
  const time = `t=${Math.floor(now / SECOND)}`;
  const report = `${REPORT}: ${['i=1', ` ${sealer}`, ...keys.map((own) => resultOf(own, domain))].join(';')}\r\n`;
  const message = signatureField({
    name: 'ARC-Message-Signature',
    begins: 'i=1',
    times: time,
    key,
    domain,
    // Signatures should be covered, fields of ARC must not be (RFC 8617 4.1.2).
    covered: coveredFields(fields, ['dkim-signature']),
    bodyHash,
  });
  const seal = [`ARC-Seal: i=1; a=${key.algorithm}; cv=none;`, ` d=${domain}; s=${key.selector};`, ` ${time};`, ' b='];
  return signedField(seal.join('\r\n'), lineOf(report) + lineOf(message), key) + message + report;
}

const resultOf = ({ algorithm, selector }: DkimKey, domain: string): string =>
  `\r\n dkim=pass header.d=${domain}\r\n  header.s=${selector} header.a=${algorithm}`;

/** RFC 8617 5.1.1: the seal covers the fields of its set in relaxed form. */
function lineOf(field: string): string {
  const colon = field.indexOf(':');
  return `${relaxedField(field.slice(0, colon).toLowerCase(), field.slice(colon + 1))}\r\n`;
}
