/**
 * RemoteText: words that came from the other side of a wire.
 *
 * A remote server's reply says things like `550 5.1.1 <ann@example.org>: unknown user`, so it is personal data and hostile at
 * once. It prints as a mark; only its codes can be read.
 * Standards: RFC 5321 4.2 (reply codes), RFC 3463 2 (enhanced codes).
 */
import { inspect } from 'node:util';
import { reasonOfReply, type BounceReason } from './bounce-reason.ts';

export class RemoteText {
  /** The three-digit code that the text begins with, or 0. */
  readonly code: number;
  /** The enhanced status code, such as `5.1.1`, or ''. */
  readonly enhanced: string;
  /** What it means for the recipient, in a closed vocabulary. */
  readonly reason: BounceReason;
  /** Length in UTF-16 units, for the log: a size says nothing about a person. */
  readonly length: number;

  /** `text` is read for its codes and its reason and then forgotten: what is not kept cannot leak. */
  constructor(text: string) {
    const match = /^\s*([2-5]\d\d)(?:[ -]([245]\.\d{1,3}\.\d{1,3}))?/.exec(text.slice(0, 64));
    this.code = Number(match?.[1] ?? 0);
    this.enhanced = match?.[2] ?? '';
    this.reason = reasonOfReply(this.code, this.enhanced, text);
    this.length = text.length;
  }

  toString(): string {
    return `[remote text ${this.code || 'without code'} ${this.enhanced}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
