/**
 * parse: one message into one normalised tree, or a refusal.
 *
 * In:  the bytes as they came, CRLF line ends, not dot-stuffed.    Out: `Message`.
 * Strict where readers differ about who wrote the message or where its header ends: that is refused. Where they differ about what it
 * says, one reading goes into the tree and the difference into `anomalies`, which the judge holds. Nothing of the original passes on.
 * Standards: RFC 5322, 2045-2047, 2231, 3676, 6532. Attacks and limits: security.md 3.1 (SM-17..20), 3.3, 3.4, 3.5, 3.12.
 * Fails with: message.lineEnding, message.header, message.malformed, message.fragment, message.loop. Logs nothing.
 */
import { RelayError } from '../core/errors.ts';
import type { Anomaly, Message } from './message.ts';
import { readBody } from './mime/body.ts';
import { shownText } from './mime/header-text.ts';
import { splitEntity, valuesOf, type HeaderField, type SplitEntity } from './mime/header.ts';
import { mailboxesIn, readAuthor, type Author } from './mime/mailboxes.ts';
import { originOf } from './mime/origin.ts';
import { passageOf } from './mime/passage.ts';
import { dateOf, messageIdIn, messageIdsIn } from './mime/threading.ts';

export function parse(raw: Uint8Array): Message {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (!hasOnlyCrlf(bytes)) throw new RelayError('message.lineEnding');
  const anomalies = new Set<Anomaly>();
  const { fields, body } = soundHeader(splitEntity(withoutLastLineEnd(bytes)), anomalies);
  const author = authorOf(fields, anomalies);
  const first = (name: string): string | undefined => valuesOf(fields, name)[0];
  const subject = shownText(first('subject') ?? '', anomalies);
  return {
    from: author.address,
    fromName: author.name,
    otherRecipients: mailboxesIn(RECIPIENT_FIELDS.flatMap((name) => valuesOf(fields, name))),
    writtenTo: { to: mailboxesIn(valuesOf(fields, 'to')), cc: mailboxesIn(valuesOf(fields, 'cc')) },
    passage: passageOf(fields),
    subject,
    messageId: messageIdIn(first('message-id')),
    inReplyTo: messageIdIn(first('in-reply-to')),
    references: messageIdsIn(first('references')),
    date: dateOf(first('date')),
    origin: originOf(fields, subject),
    hops: hopsIn(first(HOPS_FIELD)),
    body: readBody(fields, body, anomalies),
    anomalies: [...anomalies],
  };
}

const CR = 0x0d;
const LF = 0x0a;

/** RFC 5321 2.3.8: one bare CR or LF is a line end to the next program and none to this one; that is how mail is smuggled. */
function hasOnlyCrlf(bytes: Buffer): boolean {
  let position = 0;
  while (position < bytes.length) {
    const byte = bytes[position];
    if (byte === LF || byte === 0) return false;
    if (byte === CR) {
      if (bytes[position + 1] !== LF) return false;
      position++;
    }
    position++;
  }
  return true;
}

/** It ends the transmission, not the text; in a part it would belong to the boundary line. */
function withoutLastLineEnd(bytes: Buffer): Buffer {
  const endsWithLine = bytes.at(-1) === LF && !endsWithHeader(bytes);
  return endsWithLine ? bytes.subarray(0, -2) : bytes;
}

/** The blank line after the header is no line of the text. */
const endsWithHeader = (bytes: Buffer): boolean => bytes.indexOf('\r\n\r\n') === bytes.length - 4;

/** Reply-To is none: whoever stands there gets nothing by it, and many a helpdesk puts an address of its own there. */
const RECIPIENT_FIELDS = ['to', 'cc', 'bcc'];
/** RFC 5322 3.6: at most once. From has its own check, the Content fields theirs. */
const SINGLE_FIELDS: ReadonlySet<string> = new Set([
  'date',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'message-id',
  'in-reply-to',
  'references',
  'subject',
  'mime-version',
]);
const MAX_HOPS = 50;
/** A buyer's address may be another relay's alias, and that one's too; further than that is a circle. */
const MAX_RELAYS = 3;

function soundHeader(split: SplitEntity, anomalies: Set<Anomaly>): SplitEntity {
  if (split.isTooLarge) throw new RelayError('message.header');
  if (split.isBroken) throw new RelayError('message.malformed');
  if (split.isDoubtful) anomalies.add('malformed-header');
  if (split.fields.filter(({ name }) => name === 'received').length > MAX_HOPS) throw new RelayError('message.loop');
  const names = split.fields.map(({ name }) => name).filter((name) => SINGLE_FIELDS.has(name));
  if (new Set(names).size < names.length) anomalies.add('duplicate-header');
  return split;
}

function authorOf(fields: readonly HeaderField[], anomalies: Set<Anomaly>): Author {
  const values = valuesOf(fields, 'from');
  const author = values.length === 1 ? readAuthor(values[0] ?? '', anomalies) : undefined;
  if (author === undefined) throw new RelayError('message.malformed');
  return author;
}

/**
 * Two relays that forward to each other rebuild a message each time, so nothing of it grows but this count. It is not signed: the
 * next relay could not check it, and whoever forges it stops nobody's mail but their own.
 */
const HOPS_FIELD = 'veilpost-hops';

function hopsIn(value: string | undefined): number {
  const hops = Number(/^\s*(\d{1,3})\s*$/.exec(value ?? '')?.[1] ?? 0);
  if (hops >= MAX_RELAYS) throw new RelayError('message.loop');
  return hops;
}
