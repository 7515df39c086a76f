/**
 * lookups: our resolver as mailauth wants it, within a budget.
 *
 * Who writes to us says what we look up: SPF records, keys and policies are the sender's. So one message gets so many questions
 * and so much time, whatever its records ask for (security.md DO-08, 3.12), and the same question is asked once.
 * Fails with errors that have a `code` and no words: ENOTFOUND, ENODATA, ESERVFAIL, and ESPFTIMELIMIT over the budget.
 */
import type { DNSResolver } from 'mailauth';
import type { Answer, MailExchanger, RecordLookup } from '../../dns/resolver.ts';
import { SECOND } from '../../core/time.ts';

export interface BudgetLimits {
  readonly ms: number;
  readonly questions: number;
  /** Octets of all TXT records of one name. */
  readonly txtOctets: number;
}

/**
 * RFC 7208 4.6.4 allows 10 terms and as many addresses for each of its `mx`, DMARC 8 for a walk, and each signature has a key: 40
 * is over what honest mail needs, and far under what a record can ask for. A DNS message ends at 64 kB, so a limit on TXT
 * must be lower to mean anything: honest names have some kB.
 */
export const AUTHENTICATION_BUDGET: BudgetLimits = { ms: 10 * SECOND, questions: 40, txtOctets: 32 * 1024 };

export interface Budget extends Disposable {
  /** The answer of `ask`, or an error when the time or the questions are used up. */
  spend<Found>(ask: () => Promise<Answer<Found>>): Promise<Answer<Found>>;
}

const OVER = Symbol('over');

export function openBudget(limits: BudgetLimits): Budget {
  const end = Promise.withResolvers<typeof OVER>();
  let isOver = false;
  let asked = 0;
  const timer = setTimeout(() => {
    isOver = true;
    end.resolve(OVER);
  }, limits.ms);
  return {
    async spend(ask) {
      if (isOver || asked >= limits.questions) throw overBudget();
      asked += 1;
      const answer = await Promise.race([ask(), end.promise]);
      if (answer === OVER) throw overBudget();
      return answer;
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

export interface Lookups {
  readonly resolve: DNSResolver;
  /** Names whose answer is not known. mailauth's ARC does not tell them from names without an answer. */
  readonly unknown: ReadonlySet<string>;
}

type Records = string | MailExchanger | readonly string[];

export function asMailauthResolver(lookup: RecordLookup, budget: Budget, limits = AUTHENTICATION_BUDGET): Lookups {
  const asked = new Map<string, Promise<Answer<Records>>>();
  const unknown = new Set<string>();
  const answerTo = (name: string, type: string) => {
    const key = `${type} ${name.toLowerCase()}`;
    const answer = asked.get(key) ?? budget.spend(() => question(lookup, name, type));
    asked.set(key, answer);
    return answer;
  };
  const resolve = async (name: string, type: string) => {
    const { records, isName } = await known(name, answerTo(name, type), unknown);
    // RFC 2308: mailauth counts void look-ups, and decides about `np`, by these two.
    if (records.length === 0) throw dnsError(isName ? 'ENODATA' : 'ENOTFOUND');
    if (octetsOf(records) > limits.txtOctets) {
      unknown.add(name.toLowerCase());
      throw dnsError('ESERVFAIL');
    }
    return [...records];
  };
  // mailauth's types leave out that MX records are objects, as those of node:dns are.
  return { resolve: resolve as DNSResolver, unknown };
}

/** Errors of the port become ones without words: they may hold names that a remote party chose. */
async function known(name: string, answer: Promise<Answer<Records>>, unknown: Set<string>): Promise<Answer<Records>> {
  try {
    return await answer;
  } catch (error) {
    unknown.add(name.toLowerCase());
    throw isOverBudget(error) ? overBudget() : dnsError('ESERVFAIL');
  }
}

function question(lookup: RecordLookup, name: string, type: string): Promise<Answer<Records>> {
  switch (type) {
    case 'A':
      return lookup.a(name);
    case 'AAAA':
      return lookup.aaaa(name);
    case 'CNAME':
      return lookup.cname(name);
    case 'MX':
      return lookup.mx(name);
    case 'PTR':
      return lookup.ptr(name);
    case 'TXT':
      return lookup.txt(name);
    default:
      throw dnsError('ESERVFAIL');
  }
}

const octetsOf = (records: readonly Records[]): number =>
  records.flat().reduce((sum, piece) => sum + (typeof piece === 'string' ? piece.length : 0), 0);

function dnsError(code: 'ENOTFOUND' | 'ENODATA' | 'ESERVFAIL' | 'ESPFTIMELIMIT'): Error {
  return Object.assign(new Error('no answer'), { code });
}

/**
 * mailauth's own code for its limit of time, since it ends an SPF evaluation at once. Any other error in a PTR look-up means "does
 * not match" (RFC 7208 5.5), and a record that uses up the budget there would reach its `-all`.
 */
function overBudget(): Error {
  return dnsError('ESPFTIMELIMIT');
}

function isOverBudget(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESPFTIMELIMIT';
}
