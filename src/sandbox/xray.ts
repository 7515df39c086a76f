/**
 * xray: what the relay did to one message: the header field by field, the text word by word, the verdict with its evidence.
 *
 * In:  a message id.    Out: plain data for the page. `before` is the sealed original, `after` the copy in the reader's mailbox.
 * Reads both with a parser that is not the relay's own, so that it shows what a mail program would see. Fails with: notFound.
 */
import { simpleParser, type ParsedMail } from 'mailparser';
import { RelayError } from '../core/errors.ts';
import { parseMessageId } from '../core/ids.ts';
import type { Fingerprint } from '../core/sealed.ts';
import { rfc3339 } from '../core/time.ts';
import { shownText } from '../mail/mime/header-text.ts';
import { sellerInbox } from '../orders/order.ts';
import type { Evidence, FieldName } from '../policy/rule.ts';
import type { MessageRecord } from '../store/records.ts';
import { differenceOf, type Stretch } from './diff.ts';
import { deliveredCopy, openMessage, type Opened } from './inboxes.ts';
import { reasonFor } from './xray-reasons.ts';

/** `stopped`: the message did not leave, so neither did the field. */
export type Mark = 'kept' | 'changed' | 'dropped' | 'added' | 'stopped';

export interface HeaderView {
  readonly name: string;
  readonly mark: Mark;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Why it was changed, dropped or added. */
  readonly reason: string | undefined;
}

/** A run of text with one appearance. `rule` names the rule that found it. */
export interface Run {
  readonly text: string;
  readonly isChanged: boolean;
  readonly rule: string | undefined;
}

export interface FieldView {
  readonly field: 'subject' | 'text' | 'html';
  readonly before: readonly Run[];
  readonly after: readonly Run[] | undefined;
}

export async function xrayOf(id: string, parts: Opened) {
  const messageId = parseMessageId(id);
  const message = messageId === undefined ? undefined : await parts.store.findMessage(messageId);
  if (message === undefined) throw new RelayError('notFound');
  const original = await openBody(message, 'original', parts);
  if (original === undefined) throw new RelayError('notFound');
  const final = await finalBytes(message, parts);
  const before = await simpleParser(original);
  const after = final === undefined ? undefined : await simpleParser(final);
  const { subject, verdict } = openMessage(message, parts.vault);
  return {
    id: message.id,
    orderId: message.orderId,
    from: message.from,
    door: message.door,
    receivedAt: rfc3339(message.receivedAt),
    status: message.status,
    caseId: message.caseId,
    subject,
    verdict,
    headers: headersOf(before, after),
    fields: fieldsOf(before, after, verdict.evidence),
    files: before.attachments.map((file) => file.filename ?? file.contentType),
  };
}

async function openBody(message: MessageRecord, kind: 'original' | 'outgoing', { store, vault }: Opened) {
  const sealed = await store.readBody(message.id, kind);
  return sealed === undefined ? undefined : vault.openBytes(sealed, `${kind}/${message.id}`);
}

/** Delivered, or about to be. Refused and held messages have none. */
async function finalBytes(message: MessageRecord, parts: Opened): Promise<Buffer | undefined> {
  const inbox = await readerMailbox(message, parts);
  const copy = inbox === undefined ? undefined : await deliveredCopy(inbox, message.id, parts);
  return copy ?? (await openBody(message, 'outgoing', parts));
}

async function readerMailbox(message: MessageRecord, { store, vault }: Opened): Promise<Fingerprint | undefined> {
  if (message.from === 'seller') return (await store.findOrder(message.orderId))?.buyerFingerprint;
  const seller = await store.findSeller(message.sellerId);
  return seller === undefined ? undefined : vault.fingerprint(sellerInbox(seller, vault, 'mask'));
}

// --- header --------------------------------------------------------------------------------------------------------

function headersOf(before: ParsedMail, after: ParsedMail | undefined): readonly HeaderView[] {
  const [old, fresh] = [headerValues(before), after === undefined ? undefined : headerValues(after)];
  const names = [...new Set([...old.keys(), ...(fresh?.keys() ?? [])])];
  return names.map((key) => {
    const mark = markOf(old.get(key)?.value, fresh?.get(key)?.value, fresh !== undefined);
    return {
      name: old.get(key)?.name ?? fresh?.get(key)?.name ?? key,
      mark,
      before: old.get(key)?.value,
      after: fresh?.get(key)?.value,
      reason: mark === 'kept' || mark === 'stopped' ? undefined : reasonFor(key, mark),
    };
  });
}

function markOf(before: string | undefined, after: string | undefined, isDelivered: boolean): Mark {
  if (!isDelivered) return 'stopped';
  if (before === after) return 'kept';
  if (before === undefined) return 'added';
  return after === undefined ? 'dropped' : 'changed';
}

function headerValues(mail: ParsedMail): ReadonlyMap<string, { readonly name: string; readonly value: string }> {
  const values = new Map<string, { name: string; value: string }>();
  for (const { key, line } of mail.headerLines) {
    const colon = line.indexOf(':');
    const value = shownText(line.slice(colon + 1).replace(/\r?\n\s*/g, ' '), new Set()).trim();
    const known = values.get(key);
    values.set(
      key,
      known === undefined ? { name: line.slice(0, colon), value } : { ...known, value: `${known.value}\n${value}` },
    );
  }
  return values;
}

// --- text ----------------------------------------------------------------------------------------------------------

function fieldsOf(
  before: ParsedMail,
  after: ParsedMail | undefined,
  evidence: readonly Evidence[],
): readonly FieldView[] {
  const names = ['subject', 'text', 'html'] as const;
  return names
    .map((field) => fieldView(field, textOf(before, field), after && textOf(after, field), evidence))
    .filter(({ before: runs, after: others }) => runs.length > 0 || (others?.length ?? 0) > 0);
}

/** HTML is shown as its source: nothing of a message is ever live in the page. */
function textOf(mail: ParsedMail, field: FieldView['field']): string {
  const text = field === 'html' ? mail.html || '' : (mail[field] ?? '');
  return text.replaceAll('\r\n', '\n').trimEnd();
}

function fieldView(
  field: FieldView['field'],
  before: string,
  after: string | undefined,
  evidence: readonly Evidence[],
): FieldView {
  const marks = evidence.flatMap((entry) => evidenceMark(entry, field, before));
  const change = after === undefined ? undefined : differenceOf(before, after);
  return {
    field,
    before: runsOf(before, change?.removed ?? [], marks),
    after: after === undefined ? undefined : runsOf(after, change?.added ?? [], []),
  };
}

interface RuleMark extends Stretch {
  readonly rule: string;
}

/** The rules read the relay's own decoding of the text, which may be a few blanks off this parser's: the excerpt is the anchor. */
function evidenceMark(entry: Evidence, field: FieldName, text: string): readonly RuleMark[] {
  if (entry.field !== field) return [];
  const said = text.slice(entry.start, entry.end);
  if (said.includes(entry.excerpt) || entry.excerpt.includes(said.trim())) {
    return [{ start: entry.start, end: Math.min(entry.end, text.length), rule: entry.rule }];
  }
  const start = text.indexOf(entry.excerpt);
  return start < 0 ? [] : [{ start, end: start + entry.excerpt.length, rule: entry.rule }];
}

/** Cuts `text` wherever its appearance changes. */
function runsOf(text: string, changed: readonly Stretch[], marks: readonly RuleMark[]): readonly Run[] {
  const cuts = [...changed, ...marks].flatMap(({ start, end }) => [start, end]);
  const places = [...new Set([0, ...cuts, text.length])].filter((at) => at <= text.length).toSorted((a, b) => a - b);
  const covers = (start: number) => (span: Stretch) => span.start <= start && start < span.end;
  return places.slice(0, -1).map((start, index) => ({
    text: text.slice(start, places[index + 1]),
    isChanged: changed.some(covers(start)),
    rule: marks.find(covers(start))?.rule,
  }));
}
