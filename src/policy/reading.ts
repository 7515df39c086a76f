/**
 * reading: fields as they are read together, and the way back to each.
 *
 * Every body is read under the subject; other fields stand alone. A reading is the visible text of its fields, divided by an empty
 * line, and the views of that.
 */
import { sourceOf, type MappedText } from './mapped.ts';
import type { Field, FieldName, Span } from './rule.ts';
import { viewsOf, type View, type Wording } from './text.ts';
import { visibleText } from './visible.ts';

interface Piece {
  readonly field: Field;
  /** Where the piece begins in the reading. */
  readonly at: number;
  readonly text: string;
  /** `undefined` for plain text, which is its own source. */
  readonly mapped: MappedText | undefined;
}

/** A place in a field as sent, and the same place in what the field shows. */
export interface Located {
  readonly field: FieldName;
  readonly span: Span;
  readonly text: string;
  readonly shown: Span;
}

const DIVIDER = '\n\n';

export class Reading {
  readonly views: readonly View[];
  readonly #pieces: readonly Piece[];

  constructor(fields: readonly Field[], known: Map<string, Wording>) {
    let text = '';
    this.#pieces = fields.map((field) => {
      if (text !== '') text += DIVIDER;
      const mapped = field.kind === 'html' ? visibleText(field.source) : undefined;
      const piece = { field, at: text.length, text: mapped?.text ?? field.source, mapped };
      text += piece.text;
      return piece;
    });
    this.views = viewsOf(text, known);
  }

  get fields(): readonly Field[] {
    return this.#pieces.map((piece) => piece.field);
  }

  /** The parts of a span of this reading, each in its own field as sent. */
  *locate(span: Span): Generator<Located> {
    for (const piece of this.#pieces) {
      const start = Math.max(span.start - piece.at, 0);
      const end = Math.min(span.end - piece.at, piece.text.length);
      if (start >= end) continue;
      const shown = { start, end };
      const own = piece.mapped === undefined ? shown : sourceOf(piece.mapped, shown);
      yield { field: piece.field.name, span: own, text: piece.text, shown };
    }
  }
}

export function readingsOf(fields: readonly Field[]): readonly Reading[] {
  const subjects = fields.filter((field) => field.name === 'subject');
  const bodies = fields.filter((field) => field.name === 'text' || field.name === 'html');
  const others = fields.filter((field) => !subjects.includes(field) && !bodies.includes(field));
  const whole = bodies.length === 0 && subjects.length > 0 ? [subjects] : bodies.map((body) => [...subjects, body]);
  const known = new Map<string, Wording>();
  return [...whole, ...others.map((field) => [field])].map((group) => new Reading(group, known));
}
