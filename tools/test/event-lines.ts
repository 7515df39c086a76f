/**
 * event-lines: a node:test reporter that writes one JSON line for each thing the runner needs to know.
 *
 * The runner gives it a file as destination, so that whatever a test prints cannot be taken for a result.
 */
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

/** `name` holds the names of the suites around a test, outermost first; `begin` and `over` come in the order of events. */
export type TestLine =
  | { readonly kind: 'begin' | 'over'; readonly title: string }
  | { readonly kind: 'pass'; readonly name: readonly string[] }
  | { readonly kind: 'fail'; readonly name: readonly string[]; readonly error: string }
  | { readonly kind: 'skip'; readonly name: readonly string[]; readonly reason: string }
  /** node:test's own complaint, such as an error thrown after its test was over. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'end' };

// node:test takes a reporter from the default export.
// oxlint-disable-next-line import/no-default-export
export default async function* eventLines(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  // node:test tells depth and name of each start; the path to a test is what started above it and has not ended.
  const path: string[] = [];
  for await (const event of events) {
    const line = lineOf(event, path);
    if (line !== undefined) yield `${JSON.stringify(line)}\n`;
  }
}

function lineOf(event: TestEvent, path: string[]): TestLine | undefined {
  switch (event.type) {
    case 'test:dequeue':
      return { kind: 'begin', title: event.data.name };
    case 'test:complete':
      return { kind: 'over', title: event.data.name };
    case 'test:start':
      path.splice(event.data.nesting, Infinity, event.data.name);
      return undefined;
    case 'test:pass':
    case 'test:fail':
      return resultLine(event, [...path.slice(0, event.data.nesting), event.data.name]);
    case 'test:diagnostic':
      return event.data.message.startsWith('Error') ? { kind: 'note', text: event.data.message } : undefined;
    case 'test:summary':
      return { kind: 'end' };
    default:
      return undefined;
  }
}

type ResultEvent = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

function resultLine({ type, data }: ResultEvent, name: readonly string[]): TestLine | undefined {
  // A test that is to be done later is not done: it counts as skipped, so that CI sees it.
  const unfinished = data.skip ?? data.todo;
  if (unfinished !== undefined && unfinished !== false) {
    return { kind: 'skip', name, reason: typeof unfinished === 'string' ? unfinished : 'no reason given' };
  }
  if (type === 'test:pass') return data.details.type === 'suite' ? undefined : { kind: 'pass', name };
  const error = data.details.error;
  // A suite fails because of the tests in it, which were told already.
  if ('failureType' in error && error.failureType === 'subtestsFailed') return undefined;
  return { kind: 'fail', name, error: readable(error.cause ?? error) };
}

/** The error without the frames of node:test itself. */
function readable(error: unknown): string {
  const lines = inspect(error, { colors: false, depth: 6 }).split('\n');
  return lines
    .map((line) => (/^\s+at .*node:/.test(line) ? line.replace(/^.*?(\{?)$/, '$1') : line))
    .filter((line) => line !== '')
    .join('\n');
}
