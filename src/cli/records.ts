/**
 * records: what an operator must publish in DNS so that mail of the aliases comes here, and is believed elsewhere.
 *
 * In:  names and keys.    Out: records, and a zone text to paste. Pure; never fails.
 * Standards: RFC 5321 5.1 (MX), RFC 7208 (SPF), RFC 6376 3.6 (DKIM), RFC 9989 (DMARC), RFC 1035 5.1 (zone text).
 */
import { dkimRecord } from '../vault/dkim-record.ts';
import type { DkimEntry } from '../vault/dkim-rotation.ts';

export interface DnsRecord {
  readonly name: string;
  readonly type: 'MX' | 'TXT';
  readonly what: 'mx' | 'spf' | 'dkim' | 'dmarc';
  /** The exchanger of an MX record, or the text. */
  readonly value: string;
}

export interface Published {
  readonly aliasDomains: readonly string[];
  readonly hostName: string;
  readonly keys: readonly DkimEntry[];
  /** Mail leaves through somebody else's machine. */
  readonly hasSmartHost: boolean;
}

/** Every key, also those that do not sign: the next ones must be seen before they do, the retiring ones are still looked up. */
export function dnsRecords(published: Published): readonly DnsRecord[] {
  const { aliasDomains, hostName } = published;
  return [
    ...aliasDomains.flatMap((domain): readonly DnsRecord[] => [
      { name: domain, type: 'MX', what: 'mx', value: hostName },
      { name: domain, type: 'TXT', what: 'spf', value: `v=spf1 a:${hostName} -all` },
      ...dkimRecords(published.keys, [domain]),
      { name: `_dmarc.${domain}`, type: 'TXT', what: 'dmarc', value: 'v=DMARC1; p=reject; adkim=s' },
    ]),
    // For the null reverse path receivers ask for the name in HELO (RFC 7208 2.4).
    { name: hostName, type: 'TXT', what: 'spf', value: 'v=spf1 a -all' },
  ];
}

export function dkimRecords(keys: readonly DkimEntry[], domains: readonly string[]): readonly DnsRecord[] {
  return domains.flatMap((domain) =>
    keys.map(({ selector, algorithm, privateKey }) => ({
      name: `${selector}._domainkey.${domain}`,
      type: 'TXT',
      what: 'dkim',
      value: dkimRecord(algorithm, privateKey),
    })),
  );
}

/** One line of a zone file; text in strings of at most 255 octets (RFC 1035 3.3.14). */
export function zoneLine({ name, type, value }: DnsRecord): string {
  const data = type === 'MX' ? `10 ${value}.` : (value.match(/.{1,255}/g) ?? []).map((piece) => `"${piece}"`).join(' ');
  return `${name}. 3600 IN ${type} ${data}`;
}

const ABOUT: Readonly<Record<DnsRecord['what'], string>> = {
  mx: 'mail for aliases comes to this relay',
  spf: 'this relay sends, and nobody else',
  dkim: 'the keys that sign, and those that will or did',
  dmarc: 'what is not signed by us is not from us; begin with p=none to look on',
};

export function zoneText(published: Published): string {
  let [what, lines] = ['', ''];
  for (const record of dnsRecords(published)) {
    if (record.what !== what) lines += `; ${record.what.toUpperCase()}: ${ABOUT[record.what]}\n`;
    what = record.what;
    lines += `${zoneLine(record)}\n`;
  }
  return lines + published.aliasDomains.map((domain) => hints(domain, published)).join('');
}

/** What we cannot write down: addresses that we do not know, and records that need a web page or a mailbox of the operator's. */
function hints(domain: string, { hostName, hasSmartHost }: Published): string {
  return [
    '',
    `; By hand: A and AAAA of ${hostName}, and at your host the PTR of these addresses back to ${hostName}.`,
    ...(hasSmartHost ? ['; Mail leaves through a smart host: put what it asks for into the SPF records.'] : []),
    '; MTA-STS (RFC 8461), so that others insist on TLS: serve over HTTPS',
    `;   https://mta-sts.${domain}/.well-known/mta-sts.txt   "version: STSv1", "mode: testing", "mx: ${hostName}", "max_age: 86400"`,
    `; _mta-sts.${domain}. 3600 IN TXT "v=STSv1; id=1"`,
    '; TLS-RPT (RFC 8460), so that others tell when TLS failed:',
    `; _smtp._tls.${domain}. 3600 IN TXT "v=TLSRPTv1; rua=mailto:YOUR-MAILBOX"`,
    '',
  ].join('\n');
}
