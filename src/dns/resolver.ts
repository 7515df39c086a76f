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

export interface Answer<Record> {
  readonly records: readonly Record[];
  /** The name server says that DNSSEC held for all of the answer, also when there is no record (AD, RFC 4035 3.2.3). */
  readonly isSecure: boolean;
  /** The name that the records belong to: where aliases (CNAME) lead. */
  readonly name: string;
}

/** Throws like `Resolver`, also when a signature does not hold. */
export interface RouteResolver {
  mx(domain: string): Promise<Answer<MailExchanger>>;
  addresses(host: string): Promise<Answer<string>>;
  tlsa(name: string): Promise<Answer<Tlsa>>;
}
