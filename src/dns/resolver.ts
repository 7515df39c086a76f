/**
 * resolver: the ports through which names are looked up: the system's DNS, or name servers given by address; and the look-ups of
 * delivery, which also say whether DNSSEC vouches for the answer.
 */
export interface MailExchanger {
  readonly exchange: string;
  readonly priority: number;
}

/** Each look-up answers [] when the name has no such record, and throws when the answer is not known (temporary). */
export interface Resolver {
  mx(domain: string): Promise<readonly MailExchanger[]>;
  addresses(host: string): Promise<readonly string[]>;
  txt(name: string): Promise<readonly string[]>;
}

/** A record of RFC 6698 2.1, as it stands: which of them can be used is decided where they are used. */
export interface Tlsa {
  readonly usage: number;
  readonly selector: number;
  readonly matching: number;
  readonly data: Buffer;
}

export interface Vouched<Found> {
  readonly records: readonly Found[];
  /** The name server says that DNSSEC held for all of the answer, also when there is no record (AD, RFC 4035 3.2.3). */
  readonly isSecure: boolean;
  /** The name that the records belong to: where aliases (CNAME) lead. */
  readonly name: string;
}

/** Throws like `Resolver`, also when a signature does not hold. */
export interface RouteResolver {
  mx(domain: string): Promise<Vouched<MailExchanger>>;
  addresses(host: string): Promise<Vouched<string>>;
  tlsa(name: string): Promise<Vouched<Tlsa>>;
  /** The alias itself (CNAME), not where it leads: it may be signed where that is not. */
  alias(name: string): Promise<Vouched<string>>;
}

/** `isName`: something exists at the name, though perhaps no such record (RFC 2308 2: NODATA is not NXDOMAIN). */
export interface Answer<Found> {
  readonly records: readonly Found[];
  readonly isName: boolean;
}

/**
 * One question each, for checks that count them and that tell a name without records from no name. CNAMEs are followed, but for
 * `cname`. Throws when the answer is not known (temporary).
 */
export interface RecordLookup {
  a(name: string): Promise<Answer<string>>;
  aaaa(name: string): Promise<Answer<string>>;
  cname(name: string): Promise<Answer<string>>;
  mx(name: string): Promise<Answer<MailExchanger>>;
  ptr(name: string): Promise<Answer<string>>;
  /** The strings of each record in their order, to be joined without anything between them (RFC 7208 3.3). */
  txt(name: string): Promise<Answer<readonly string[]>>;
}
