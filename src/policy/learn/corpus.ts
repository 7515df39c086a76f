/**
 * corpus: messages with the right answer, as people wrote them down.
 *
 * A line of `config/policy/corpus/.../LANG.tsv` is idea, subject, body and, where it breaks several rules, further classes, divided by
 * tabs; `\n` stands for a line break, and ⟦ ⟧ bound what breaks the rule. `ideas.tsv` says for each idea what the right answer is.
 */
import type { Language } from '../language.ts';
import type { PolicyClass, Span } from '../rule.ts';

export interface Idea {
  readonly id: string;
  readonly verdict: 'deliver' | 'stop';
  readonly policyClass: PolicyClass | undefined;
}

export interface Example {
  readonly idea: string;
  readonly language: Language;
  readonly isStop: boolean;
  readonly classes: readonly PolicyClass[];
  readonly subject: string;
  readonly body: string;
  /** What breaks the rule, in `textOf(example)`. */
  readonly marks: readonly Span[];
}

const DIVIDER = '\n\n';

/** Subject and body as one text, as the judge reads them. */
export function textOf({ subject, body }: Pick<Example, 'subject' | 'body'>): string {
  return subject === '' ? body : `${subject}${DIVIDER}${body}`;
}

export function parseIdeas(tsv: string): ReadonlyMap<string, Idea> {
  return new Map(
    linesOf(tsv).map((line) => {
      const [id = '', verdict = '', policyClass = '-'] = line.split('\t');
      if (verdict !== 'deliver' && verdict !== 'stop')
        throw new Error(`idea ${id}: the verdict is deliver or stop, not "${verdict}"`);
      return [id, { id, verdict, policyClass: policyClass === '-' ? undefined : (policyClass as PolicyClass) }];
    }),
  );
}

/** Throws with the number of the line when it is not as described above. */
export function parseExamples(tsv: string, language: Language, ideas: ReadonlyMap<string, Idea>): readonly Example[] {
  return linesOf(tsv).map((line, index) => {
    try {
      return exampleOf(line, language, ideas);
    } catch (error) {
      throw new Error(`${language}, message ${index + 1}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  });
}

function linesOf(tsv: string): readonly string[] {
  return tsv.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

function exampleOf(line: string, language: Language, ideas: ReadonlyMap<string, Idea>): Example {
  const [idea = '', subject = '', body = '', more = ''] = line.split('\t');
  const known = ideas.get(idea) ?? ownIdea(idea);
  if (known === undefined) throw new Error(`no idea is called "${idea}"`);
  const [plainSubject, subjectMarks] = withoutMarks(subject);
  const [plainBody, bodyMarks] = withoutMarks(body.replaceAll('\\n', '\n'));
  const shift = plainSubject === '' ? 0 : plainSubject.length + DIVIDER.length;
  const marks = [...subjectMarks, ...bodyMarks.map(({ start, end }) => ({ start: start + shift, end: end + shift }))];
  const isStop = known.verdict === 'stop';
  if (isStop !== marks.length > 0) throw new Error(isStop ? 'nothing is marked' : 'an honest message has marks');
  const listed = more
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const classes = [
    ...new Set([...(known.policyClass === undefined ? [] : [known.policyClass]), ...listed]),
  ] as PolicyClass[];
  return { idea, language, isStop, classes: isStop ? classes : [], subject: plainSubject, body: plainBody, marks };
}

/** Ideas of the writers' own say themselves what they are. */
function ownIdea(id: string): Idea | undefined {
  if (id.startsWith('x-stop-')) return { id, verdict: 'stop', policyClass: undefined };
  return id.startsWith('x-ok-') ? { id, verdict: 'deliver', policyClass: undefined } : undefined;
}

function withoutMarks(marked: string): readonly [string, readonly Span[]] {
  const spans: Span[] = [];
  let text = '';
  let start = -1;
  for (const piece of marked.split(/([⟦⟧])/)) {
    if (piece === '⟦') start = text.length;
    else if (piece === '⟧') {
      if (start < 0) throw new Error('a mark ends that did not begin');
      spans.push({ start, end: text.length });
      start = -1;
    } else text += piece;
  }
  if (start >= 0) throw new Error('a mark begins that does not end');
  return [text, spans];
}
