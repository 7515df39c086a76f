/**
 * engine: fields in, verdict out. Reads every field as its reader would, runs the rules, and maps what they find back.
 *
 * The bodies are read together with the subject: an offer there and the ask below are one message. Offsets of evidence count UTF-16
 * units into the field as sent, for HTML into the markup. Linear in the size of the fields; never throws, whatever the text.
 */
import { anomalyEvidence } from './anomaly.ts';
import { languageOf, type Language } from './language.ts';
import type { Model } from './model/model.ts';
import { sentencesOf } from './model/sentences.ts';
import { WORDED } from './model/wording.ts';
import type { View } from './text.ts';
import { readingsOf, type Located, type Reading } from './reading.ts';
import type { Context, Evidence, Field, Rule, Span, Texts, Verdict } from './rule.ts';
import { RULES } from './rules/index.ts';
import { actionOf, POLICY_VERSION, type Profile } from './verdict.ts';

/** More places than anybody will read. Bounds what one message can write into a case. */
const MAX_EVIDENCE = 60;
const MAX_EXCERPT = 160;

/** By what a message is judged: the table of verdicts, and the model. */
export interface Standard {
  readonly profile: Profile;
  readonly model: Model;
}

export function judgeText(
  fields: readonly Field[],
  context: Context,
  { profile, model }: Standard,
  anomalies: readonly string[],
): Verdict {
  const readings = readingsOf(fields);
  const language = languageOf(readings.flatMap((reading) => reading.views[0]?.words.slice(0, 300) ?? []));
  const found = evidenceIn(readings, context, model, language);
  const evidence = [...anomalyEvidence(anomalies), ...found].slice(0, MAX_EVIDENCE);
  return { action: actionOf(evidence, context.from, profile), policyVersion: POLICY_VERSION, language, evidence };
}

/** What the rules that read this direction find, the gravest first, then in the order of the fields. */
export function findEvidence(
  fields: readonly Field[],
  context: Context,
  model: Model,
  language: Language,
): readonly Evidence[] {
  return evidenceIn(readingsOf(fields), context, model, language);
}

/** Whatever finds: a rule, or the model for one class. */
type Finder = Pick<Rule, 'id' | 'class' | 'severity' | 'policy' | 'why' | 'fix'>;

interface Found extends Located {
  readonly rule: Finder;
}

function evidenceIn(
  readings: readonly Reading[],
  context: Context,
  model: Model,
  language: Language,
): readonly Evidence[] {
  const rules = RULES.filter((rule) => rule.reads.includes(context.from));
  const order = [...new Set(readings.flatMap((reading) => reading.fields.map((field) => field.name)))];
  const found = rules.flatMap((rule) => merged(readings.flatMap((reading) => [...foundBy(rule, reading, context)])));
  const suspected = context.from === 'seller' ? readings.flatMap((reading) => [...suspectedBy(model, reading)]) : [];
  return [...found, ...unclaimed(suspected, found)]
    .sort(
      (a, b) =>
        b.rule.severity - a.rule.severity ||
        order.indexOf(a.field) - order.indexOf(b.field) ||
        a.span.start - b.span.start,
    )
    .map((entry) => evidenceOf(entry, language));
}

function* foundBy(rule: Rule, reading: Reading, context: Context): Generator<Found> {
  let count = 0;
  for (const view of reading.views) {
    if (!rule.views.includes(view.name)) continue;
    for (const span of rule.find(view, context)) {
      const finder = context.from === 'seller' && isQuoted(view, span) ? quoted(rule) : rule;
      for (const located of reading.locate(view.sourceOf(span))) {
        if (!isMaskedContact(rule, located, context)) yield { rule: finder, ...located };
      }
      if (++count >= MAX_EVIDENCE) return;
    }
  }
}

/**
 * Quoted below a reply stands what the other side wrote, and a buyer may demand what a seller may not offer. But anybody can write `>`: the
 * relay does not know what the buyer wrote, so a way out is taken out, and of an offer a person says whose it was.
 */
function quoted(rule: Rule): Finder {
  return { ...rule, id: rule.class === 'offplatform' ? 'quoted-contact' : 'quoted-offer' };
}

function isQuoted(view: View, span: Span): boolean {
  if (!view.text.includes('>')) return false;
  const touched = sentencesOf(view.wording).filter(({ first, last }) => {
    const start = view.words[first]?.start ?? 0;
    const end = view.words[last]?.end ?? 0;
    return start < span.end && span.start < end;
  });
  return touched.length > 0 && touched.every((sentence) => sentence.isQuoted);
}

/** What the model suspects, in what a reader sees first and in the reading that guesses most. */
function* suspectedBy(model: Model, reading: Reading): Generator<Found> {
  for (const view of new Set([reading.views[0], reading.views.at(-1)])) {
    if (view === undefined) continue;
    for (const { policyClass, span } of model.suspicionsIn(view.wording)) {
      for (const located of reading.locate(view.sourceOf(span))) yield { rule: WORDED[policyClass], ...located };
    }
  }
}

/** Where a rule says the same thing of the same place, and says why, the model has nothing to add. */
function unclaimed(suspected: readonly Found[], found: readonly Found[]): readonly Found[] {
  return merged(
    suspected.filter(
      ({ rule, field, span }) =>
        !found.some(
          (other) =>
            other.rule.class === rule.class &&
            other.field === field &&
            other.span.start < span.end &&
            span.start < other.span.end,
        ),
    ),
  );
}

/** A mail client quotes its owner's address under every reply: what `rewrite` masks anyway is not an offence of the author. */
function isMaskedContact(rule: Rule, { text, shown }: Located, context: Context): boolean {
  return rule.class === 'offplatform' && context.isMasked(text, shown);
}

/** Spans of one rule that overlap are one finding: the later views see most things again. */
function merged(found: readonly Found[]): readonly Found[] {
  const sorted = [...found].sort((a, b) => compare(a.field, b.field) || a.span.start - b.span.start);
  const result: Found[] = [];
  for (const entry of sorted) {
    const last = result.at(-1);
    if (last?.field === entry.field && entry.span.start < last.span.end) {
      result[result.length - 1] = {
        ...last,
        span: union(last.span, entry.span),
        shown: union(last.shown, entry.shown),
      };
    } else result.push(entry);
  }
  return result;
}

function union(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function evidenceOf({ rule, field, span, text, shown }: Found, language: Language): Evidence {
  return {
    rule: rule.id,
    class: rule.class,
    field,
    start: span.start,
    end: span.end,
    excerpt: excerptOf(text.slice(shown.start, shown.end)),
    why: textIn(rule.why, language),
    fix: textIn(rule.fix, language),
    policy: rule.policy,
  };
}

function textIn(texts: Texts, language: Language): string {
  return texts[language] ?? texts.en;
}

/** One line of at most 160 units, cut between words. */
export function excerptOf(text: string): string {
  const line = text
    .slice(0, MAX_EXCERPT * 4)
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= MAX_EXCERPT) return line;
  const cut = line.lastIndexOf(' ', MAX_EXCERPT - 1);
  const end = cut > MAX_EXCERPT / 2 ? cut : MAX_EXCERPT - 1;
  return `${line.slice(0, end).toWellFormed()}…`;
}
