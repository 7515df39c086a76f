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
