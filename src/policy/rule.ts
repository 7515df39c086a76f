/**
 * rule: what a rule is, and what it may say.
 *
 * A rule reads text and yields spans. It does not decide, log, count, sleep, read the clock or know the seller: the verdict
 * table decides, and a rule that could act could also be talked into acting.
 */
import type { Language } from './language.ts';
import type { PolicyId } from './sources.ts';
import type { View, ViewName } from './text.ts';

/** The classes of the contract; a rule belongs to one. */
export type PolicyClass =
  | 'inducement'
  | 'gating'
  | 'pressure'
  | 'offplatform'
  | 'promo'
  | 'survey'
  | 'unscannable'
  | 'malformed'
  | 'other';

/** A field of a message as the contract names it. Offsets in evidence count UTF-16 units into this field as sent. */
export type FieldName = 'subject' | 'text' | 'html' | 'from' | `filename:${number}` | `attachment:${number}`;

/** One readable field of a message. `html` fields are read as a person would see them, with offsets into the markup. */
export interface Field {
  readonly name: FieldName;
  readonly source: string;
  readonly kind: 'plain' | 'html';
}

/** What a rule found, and where exactly. `why` and `fix` are for the sender; `policy` is a key of `sources.ts`. */
export interface Evidence {
  readonly rule: string;
  readonly class: PolicyClass;
  readonly field: FieldName;
  readonly start: number;
  readonly end: number;
  readonly excerpt: string;
  readonly why: string;
  readonly fix: string;
  readonly policy: string;
}

export type Action = 'deliver' | 'redact' | 'return' | 'hold' | 'block';

export interface Verdict {
  readonly action: Action;
  readonly policyVersion: string;
  readonly language: Language;
  readonly evidence: readonly Evidence[];
}

/** Who wrote what is judged, and what belongs to the marketplace itself (its own domains are no way out). */
export interface Context {
  readonly from: 'buyer' | 'seller';
  /** Registrable domains that may be linked and written to: the marketplace's, the carriers' and the aliases'. */
  readonly ownDomains: readonly string[];
  /** Is this stretch of a text, as shown, one of the parties' own addresses, or in one? They are masked on the way out. */
  readonly isMasked: (text: string, stretch: Span) => boolean;
}

/** A span in the normalised text that a rule was given; offsets count UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Words for the sender: English always, other languages where somebody wrote them well. */
export type Texts = { readonly en: string } & Readonly<Partial<Record<Language, string>>>;

export interface Rule {
  /** Kebab case; the file name and the anchor of the public page. */
  readonly id: string;
  readonly title: string;
  readonly class: PolicyClass;
  /** Whose mail it reads. What a buyer writes is never judged as an offence. */
  readonly reads: readonly Context['from'][];
  /** 0-100: which evidence is named first. The action comes from the verdict table alone. */
  readonly severity: number;
  readonly policy: PolicyId;
  /** Later views guess more. */
  readonly views: readonly ViewName[];
  /** The languages whose words it knows; empty when it reads no words. */
  readonly languages: readonly Language[];
  readonly why: Texts;
  readonly fix: Texts;
  find(view: View, context: Context): Iterable<Span>;
}

/** Checks nothing at run time: it is there so that every rule file says the same thing in the same shape. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
