/**
 * rules-page: what each rule says, as data for a page and as Markdown for `docs/rules.md`.
 *
 * Everything on the page comes from the rules, the verdict table, the sources and the example files, so it cannot say what the code
 * does not do. Only documentation and tests read the examples; judging never does. Throws when an examples file is missing.
 */
import { readFileSync } from 'node:fs';
import { RULES } from './rules/index.ts';
import type { Rule } from './rule.ts';
import { SOURCES, type PolicySource } from './sources.ts';
import { cellOf, POLICY_VERSION, type Cell, type Profile } from './verdict.ts';

/** `flag` must be found, `pass` must not; `miss` is a known gap and stays unfound until somebody closes it. */
export interface Example {
  readonly kind: 'flag' | 'pass' | 'miss';
  readonly language: string;
  readonly text: string;
}

export interface RuleDescription {
  readonly id: string;
  readonly title: string;
  readonly class: Rule['class'];
  readonly languages: readonly string[];
  readonly why: string;
  readonly fix: string;
  readonly source: PolicySource;
  readonly seller: Cell | undefined;
  readonly buyer: Cell | undefined;
  readonly examples: readonly Example[];
}

const HEADER = /^=== (flag|pass|miss) ([a-z]{2})$/;

export function readExamples(ruleId: string): readonly Example[] {
  const file = readFileSync(new URL(`./rules/${ruleId}.examples.txt`, import.meta.url), 'utf8');
  const examples: { kind: Example['kind']; language: string; lines: string[] }[] = [];
  for (const line of file.split('\n')) {
    const header = HEADER.exec(line);
    if (header !== null) examples.push({ kind: kindOf(header[1]), language: header[2] ?? '', lines: [] });
    else if (line.startsWith('===')) throw new Error(`${ruleId}.examples.txt: "${line}" is no header`);
    else examples.at(-1)?.lines.push(line);
  }
  return examples.map(({ kind, language, lines }) => ({ kind, language, text: lines.join('\n').trim() }));
}

function kindOf(word: string | undefined): Example['kind'] {
  return word === 'flag' || word === 'miss' ? word : 'pass';
}

export function describeRules(profile: Profile = 'marketplace-strict'): readonly RuleDescription[] {
  const cell = (rule: Rule, from: 'seller' | 'buyer') =>
    rule.reads.includes(from) ? cellOf(rule.id, rule.class, from, profile) : undefined;
  return RULES.map((rule) => ({
    id: rule.id,
    title: rule.title,
    class: rule.class,
    languages: rule.languages,
    why: rule.why.en,
    fix: rule.fix.en,
    source: SOURCES[rule.policy],
    seller: cell(rule, 'seller'),
    buyer: cell(rule, 'buyer'),
    examples: readExamples(rule.id),
  }));
}

const OPENING = `# Rules

<!-- Made from src/policy/ by "npm run docs". Change it there. -->

What a message is judged by. Policy version ${POLICY_VERSION}, profile \`marketplace-strict\`. \`block\` and \`return\` refuse the message and
say why; \`return\` counts as no offence. \`redact\` delivers it without the marked words, \`hold\` asks a person. "Together" is the action
when the same message also asks something about a review.
`;
const SHOWN_EXAMPLES = 3;

export function rulesMarkdown(): string {
  return [OPENING, ...describeRules().map(sectionOf)].join('\n');
}

function sectionOf(rule: RuleDescription): string {
  return [
    `## <a id="${rule.id}"></a>${rule.title}`,
    '',
    `Rule \`${rule.id}\`, class \`${rule.class}\`, tested in ${rule.languages.join(', ')}. Seller: ${actionsOf(rule.seller)}. Buyer: ${actionsOf(rule.buyer)}.`,
    '',
    `**Why.** ${rule.why}`,
    '',
    `**What to do.** ${rule.fix}`,
    '',
    `**Source.** [${rule.source.title}](${rule.source.url}), read ${rule.source.read}: ${rule.source.clause}`,
    '',
    ...listOf('Found', rule.examples, 'flag', SHOWN_EXAMPLES),
    ...listOf('Left alone', rule.examples, 'pass', SHOWN_EXAMPLES),
    ...listOf('Not found yet', rule.examples, 'miss', Infinity),
  ].join('\n');
}

function actionsOf(cell: Cell | undefined): string {
  if (cell === undefined) return 'not read';
  return cell.alone === cell.aggravated ? `\`${cell.alone}\`` : `\`${cell.alone}\`, together \`${cell.aggravated}\``;
}

/** Of every language the first `limit`, for finding one's way, not the whole test. */
function listOf(title: string, examples: readonly Example[], kind: Example['kind'], limit: number): readonly string[] {
  const seen = new Map<string, number>();
  const shown = examples.filter((example) => {
    if (example.kind !== kind) return false;
    const count = (seen.get(example.language) ?? 0) + 1;
    seen.set(example.language, count);
    return count <= limit;
  });
  if (shown.length === 0) return [];
  const items = shown.map(({ language, text }) => `- (${language}) ${codeOf(text)}`);
  return [`${title}:`, '', ...items, ''];
}

/** As code, so that no example becomes a link or markup. */
function codeOf(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('\n', ' / ')}\``;
}
