/**
 * resolver: the port through which names are looked up: the system's DNS, or name servers given by address.
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
