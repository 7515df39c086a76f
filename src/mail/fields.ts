/**
 * fields: the message as the rules read it, and the way back from a span to the tree.
 *
 * `text` is every text/plain body in reading order, `html` every text/html body, joined by a blank line; files give their names
 * and, where they are text, their content. Offsets are UTF-16 units into these strings.
 */
import type { Evidence, Field } from '../policy/rule.ts';
import { hasContentLines } from './mask/content-lines.ts';
import { leaves, type FilePart, type Message, type Part, type TextPart } from './message.ts';
import { shownLines } from './shown-lines.ts';

const JOINT = '\n\n';
/** What the reader sees instead of a removed span: never a silent change of meaning. */
const REMOVED = '[contact details removed]';

export function fieldsOf(message: Message): readonly Field[] {
  const parts = [...leaves(message.body)];
  const files = parts.filter((part) => part.kind === 'file');
  return [
    field('from', message.fromName),
    field('subject', subjectsOf(message)),
    field('text', bodiesOf(parts, 'plain')),
    field('html', bodiesOf(parts, 'html'), 'html'),
    ...files.map((file, index) => field(`filename:${index}`, file.filename ?? '')),
    ...files.map((file, index) => field(`attachment:${index}`, shownIn(file), markupOf(file))),
  ].filter((entry) => entry.source !== '');
}

/** The message without the marked spans. Only `subject`, `text` and `html` can be redacted; other evidence is left to the verdict. */
export function redact(message: Message, evidence: readonly Evidence[]): Message {
  const cut = (name: Field['name'], text: string, offset: number) =>
    withoutSpans(
      text,
      offset,
      evidence.filter((entry) => entry.field === name),
    );
  const offsets = { plain: 0, html: 0 };
  const redactText = (part: TextPart): TextPart => {
    const offset = offsets[part.subtype];
    offsets[part.subtype] += part.text.length + JOINT.length;
    return { ...part, text: cut(part.subtype === 'plain' ? 'text' : 'html', part.text, offset) };
  };
  return { ...message, subject: cut('subject', message.subject, 0), body: mapText(message.body, redactText) };
}

function field(name: Field['name'], source: string, kind: Field['kind'] = 'plain'): Field {
  return { name, source, kind };
}

/** Nested messages show their subjects too; the outer one comes first, so that its offsets are those of the field as sent. */
function subjectsOf(message: Message): string {
  return [message.subject, ...nestedSubjects(message.body)].join('\n').trimEnd();
}

function* nestedSubjects(part: Part): Generator<string> {
  if (part.kind === 'multipart') for (const child of part.parts) yield* nestedSubjects(child);
  if (part.kind !== 'message') return;
  yield part.subject;
  yield* nestedSubjects(part.body);
}

function bodiesOf(parts: readonly (TextPart | FilePart)[], subtype: TextPart['subtype']): string {
  return parts
    .filter((part) => part.kind === 'text')
    .filter((part) => part.subtype === subtype)
    .map((part) => part.text)
    .join(JOINT);
}

function shownIn(file: FilePart): string {
  const shown = file.text ?? file.words ?? '';
  return hasContentLines(file) ? shownLines(shown) : shown;
}

function markupOf(file: FilePart): Field['kind'] {
  return file.contentType === 'text/html' || file.contentType === 'image/svg+xml' ? 'html' : 'plain';
}

function mapText(part: Part, change: (part: TextPart) => TextPart): Part {
  switch (part.kind) {
    case 'multipart':
      return { ...part, parts: part.parts.map((child) => mapText(child, change)) };
    case 'message':
      return { ...part, body: mapText(part.body, change) };
    case 'text':
      return change(part);
    case 'file':
      return part;
  }
}

/** `offset` is where `text` begins in the field that the evidence speaks of. */
function withoutSpans(text: string, offset: number, evidence: readonly Evidence[]): string {
  const spans = evidence
    .map(({ start, end }) => ({ start: Math.max(start - offset, 0), end: Math.min(end - offset, text.length) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  let kept = '';
  let position = 0;
  for (const { start, end } of spans) {
    if (start >= position) kept += text.slice(position, start) + REMOVED;
    position = Math.max(position, end);
  }
  return kept + text.slice(position);
}
