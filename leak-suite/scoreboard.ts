/**
 * scoreboard: the result for people, and whether it is a good one.
 */
import { styleText } from 'node:util';
import type { Result, Score, Scored } from './drive.ts';
import type { Party } from './options.ts';
import { OUTCOMES, worst, type Outcome } from './outcome.ts';

export interface Tally {
  readonly author: Party['name'];
  readonly counts: Readonly<Record<Outcome, number>>;
}

/** Cases by their worst outcome in any place of a thread. */
export function tallies({ cases }: Score): readonly Tally[] {
  const authors = [...new Set(cases.flatMap(({ results }) => results.map(({ author }) => author)))];
  return authors.map((author) => {
    const ends = cases.map(({ results }) => endFor(results, author));
    const count = (outcome: Outcome) => ends.filter((end) => end === outcome).length;
    return {
      author,
      counts: {
        masked: count('masked'),
        held: count('held'),
        refused: count('refused'),
        deferred: count('deferred'),
        leaked: count('leaked'),
      },
    };
  });
}

/** 0: nothing leaked. 1: something did. 2: not everything could be tried. */
export function exitCode(score: Score): 0 | 1 | 2 {
  const has = (outcome: Outcome) => tallies(score).some(({ counts }) => counts[outcome] > 0);
  if (has('leaked') || score.strays > 0) return 1;
  return has('deferred') ? 2 : 0;
}

/** `seconds`: how long it took. */
export function scoreboard(score: Score, seconds: number, isColoured: boolean): string {
  const paint = painter(isColoured);
  const authors = tallies(score).map(({ author }) => author);
  const groups = Map.groupBy(score.cases, ({ group }) => group);
  const blocks = [...groups].map(([group, cases]) =>
    [paint('bold', `  ${group}`), ...cases.map((one) => line(one, authors, paint))].join('\n'),
  );
  const columns = paint('dim', `  ${authors.map((author) => author.padEnd(WIDTH)).join('')}case`);
  return `${[columns, ...blocks, summary(score, paint), conclusion(score, seconds, paint)].join('\n\n')}\n`;
}

type Painter = (style: 'bold' | 'dim' | 'green' | 'yellow' | 'red', text: string) => string;
const painter =
  (isColoured: boolean): Painter =>
  (style, text) =>
    isColoured ? styleText(style, text, { validateStream: false }) : text;

const WIDTH = 10;
const COLOURS = { masked: 'green', held: 'green', refused: 'green', deferred: 'yellow', leaked: 'red' } as const;

const of = (results: readonly Result[], author: Party['name']): readonly Result[] =>
  results.filter((result) => result.author === author);
const endFor = (results: readonly Result[], author: Party['name']): Outcome =>
  worst(of(results, author).map(({ outcome }) => outcome));

function line({ what, results }: Scored, authors: readonly Party['name'][], paint: Painter): string {
  const ends = authors.map((author) => {
    const end = endFor(results, author);
    return paint(COLOURS[end], end.padEnd(WIDTH));
  });
  return `  ${ends.join('')}${what}${where(results, paint)}`;
}

/** A leak in some places of a thread only says where. */
function where(results: readonly Result[], paint: Painter): string {
  const places = [...new Set(results.filter(({ outcome }) => outcome === 'leaked').map(({ place }) => place))];
  const all = new Set(results.map(({ place }) => place));
  return places.length === 0 || places.length === all.size
    ? ''
    : paint('dim', ` (as the ${places.join(', ')} message)`);
}

function summary(score: Score, paint: Painter): string {
  const titles = OUTCOMES.map((outcome) => outcome.padStart(WIDTH)).join('');
  const rows = tallies(score).map(({ author, counts }) => {
    const cells = OUTCOMES.map((outcome) => {
      const cell = String(counts[outcome]).padStart(WIDTH);
      return counts[outcome] > 0 ? paint(COLOURS[outcome], cell) : cell;
    });
    return `  ${`by the ${author}`.padEnd(15)}${cells.join('')}`;
  });
  return [paint('dim', `  ${' '.repeat(15)}${titles}`), ...rows].join('\n');
}

function conclusion(score: Score, seconds: number, paint: Painter): string {
  const size = `${score.cases.length} cases, ${score.messages} planted messages, ${Math.round(seconds)} s.`;
  const strays =
    score.strays > 0 ? `\n  ${score.strays} messages that belong to no case show an address to somebody else.` : '';
  const words = {
    0: paint('green', 'Nothing leaked.'),
    1: paint('red', 'It leaks.'),
    2: paint('yellow', 'Not all was tried: the relay put off some messages. Lift its limits for the two aliases.'),
  } as const;
  return `  ${words[exitCode(score)]} ${size}${strays}`;
}
