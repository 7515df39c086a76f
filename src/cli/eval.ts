/**
 * eval: judges messages with known answers and says how well it did.
 *
 * In: lines of `{subject, body, verdict: "deliver" | "stop", classes?, lang?}`. A message counts as stopped when it would be returned, held
 * or blocked. Exit codes: 0 all lines were read, 2 the file is not of this form.
 */
import { readFile } from 'node:fs/promises';
import { lintDraft } from '../mail/lint.ts';
import type { Policy } from '../mail/judge.ts';
import { figuresOf, groupedFigures, type Figures, type Outcome, type Share } from '../policy/learn/figures.ts';
import type { Verdict } from '../policy/rule.ts';
import { USAGE } from './terminal.ts';

export interface EvalParts {
  readonly policy: Policy;
  readonly say: (text: string) => void;
  readonly complain: (text: string) => void;
}

interface Line {
  readonly subject: string;
  readonly body: string;
  readonly isStop: boolean;
  readonly classes: readonly string[];
  readonly language: string;
}

interface Judged extends Outcome {
  readonly number: number;
  readonly subject: string;
  readonly body: string;
  readonly verdict: Verdict;
}

const SHOWN = 100;

export async function evalCommand([path]: readonly string[], { policy, say, complain }: EvalParts): Promise<number> {
  if (path === undefined) {
    complain('eval takes a file of JSON lines: {"subject", "body", "verdict": "deliver" or "stop", "classes", "lang"}');
    return USAGE;
  }
  const judged: Judged[] = [];
  for (const [index, text] of (await readFile(path, 'utf8')).split('\n').entries()) {
    if (text.trim() === '') continue;
    const line = lineOf(text);
    if (typeof line === 'string') {
      complain(`${path}, line ${index + 1}: ${line}`);
      return USAGE;
    }
    judged.push(judge(line, index + 1, policy));
  }
  if (judged.length === 0) {
    complain(`${path} holds no message`);
    return USAGE;
  }
  say(report(judged));
  return 0;
}

/** The line, or what is wrong with it. */
function lineOf(text: string): Line | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  if (typeof value !== 'object' || value === null) return 'is not an object';
  const { subject, body, verdict, classes, lang } = value as Readonly<Record<string, unknown>>;
  if (verdict !== 'deliver' && verdict !== 'stop') return 'verdict must be "deliver" or "stop"';
  if (typeof body !== 'string') return 'body must be a text';
  return {
    subject: typeof subject === 'string' ? subject : '',
    body,
    isStop: verdict === 'stop',
    classes: Array.isArray(classes) ? classes.filter((entry) => typeof entry === 'string') : [],
    language: typeof lang === 'string' ? lang : 'und',
  };
}

function judge({ subject, body, isStop, classes, language }: Line, number: number, policy: Policy): Judged {
  const verdict = lintDraft({ subject, text: body, html: undefined }, policy);
  const wasStopped = verdict.action !== 'deliver' && verdict.action !== 'redact';
  return { number, subject, body, isStop, wasStopped, classes, language, verdict };
}

function report(judged: readonly Judged[]): string {
  const misses = judged.filter(({ isStop, wasStopped }) => isStop !== wasStopped);
  return [
    `${judged.length} messages, ${judged.filter(({ isStop }) => isStop).length} of them to be stopped\n`,
    heading,
    row('all', figuresOf(judged)),
    ...groupedFigures(judged, ({ language }) => [language]).map(([name, figures]) => row(name, figures)),
    '',
    'class           found',
    ...groupedFigures(
      judged.filter(({ isStop }) => isStop),
      ({ classes }) => classes,
    ).map(([name, { recall }]) => `${name.padEnd(16)}${shown(recall)}`),
    '',
    `${misses.length} wrong${misses.length > SHOWN ? `, the first ${SHOWN}` : ''}:`,
    ...misses.slice(0, SHOWN).map(missed),
    '',
  ].join('\n');
}

const heading = `${'language'.padEnd(16)}${'precision'.padEnd(30)}${'recall'.padEnd(30)}false stops`;

function row(name: string, { precision, recall, falseStops }: Figures): string {
  return `${name.padEnd(16)}${shown(precision).padEnd(30)}${shown(recall).padEnd(30)}${shown(falseStops)}`;
}

/** "93.1 % (91.0-94.7, 431/463)": the share, its 95 % interval, the numbers. */
function shown({ count, of, low, high }: Share): string {
  if (of === 0) return 'none';
  const percent = (share: number) => (share * 100).toFixed(1);
  return `${percent(count / of)} % (${percent(low)}-${percent(high)}, ${count}/${of})`;
}

function missed({ number, isStop, language, verdict, subject, body }: Judged): string {
  const found = verdict.evidence.map(({ rule, excerpt }) => `${rule} "${excerpt}"`).join(', ');
  const what = isStop ? 'let through' : `stopped: ${found}`;
  return `  line ${number} (${language}) ${what}\n      ${`${subject} | ${body}`.replace(/\s+/g, ' ').slice(0, 160)}`;
}
