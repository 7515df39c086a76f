/**
 * bounce-report: what a message to our return path says about the delivery of one of ours.
 *
 * In:  the whole message.    Out: what happened and why, in two words of our own; `undefined` when it is no report.
 * A report names the real recipient in half a dozen places, so nothing of it is handed on, not even in part. The machine-readable
 * part is believed first; without one, only what the mail system of a host wrote is read, and not the message it gives back.
 * Standards: RFC 3464 (status), RFC 6522 (multipart/report), RFC 6533 (global), RFC 3834 (answers of programs, which are none).
 * Linear, never throws.
 */
import { reasonOfReply, type BounceReason } from '../core/bounce-reason.ts';
import { decodeCharset } from './mime/charset.ts';
import { readContent, type Content } from './mime/content.ts';
import { shownText } from './mime/header-text.ts';
import { splitEntity, valuesOf, type HeaderField } from './mime/header.ts';
import { decodeTransfer } from './mime/leaf.ts';
import { splitMultipart } from './mime/multipart.ts';
import { parseParameters } from './mime/parameters.ts';

export interface BounceReport {
  readonly action: 'failed' | 'delayed' | 'delivered';
  readonly reason: BounceReason;
}

type Action = BounceReport['action'];

const MAX_TEXT = 64 * 1024;
const MAX_PARTS = 20;
const MAX_DEPTH = 4;

/** What a message to our return path reports; `undefined` when it is no report (an out-of-office, a person's reply, a receipt). */
export function readBounceReport(raw: Uint8Array): BounceReport | undefined {
  const { fields, body } = splitEntity(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  const leaves = leavesIn(fields, body, 0);
  if (isOtherReport(fields, leaves)) return undefined;
  const isReport = typeOf(fields).value === 'multipart/report';
  // A person who passes a report on as it came sends such a part too.
  if (!isReport && !isFromMailSystem(fields)) return undefined;
  const said = worst(leaves.filter(isStatus).flatMap((leaf) => recipientsIn(leaf.text).flatMap(verdictOf)));
  if (said !== undefined && said.reason !== 'other') return said;
  const action = said?.action ?? actionOf(fields, leaves);
  return action === undefined ? undefined : { action, reason: reasonInText(action, leaves) };
}

const typeOf = (fields: readonly HeaderField[]) => parseParameters(valuesOf(fields, 'content-type')[0] ?? 'text/plain');

// ---- the parts ----

interface Leaf {
  readonly type: string;
  readonly text: string;
}

const READ = /^(?:text\/(?:plain|html)|message\/(?:global-)?delivery-status)$/;

/** Not into message/rfc822: that is the message given back, or one that somebody attached. */
function leavesIn(fields: readonly HeaderField[], body: Buffer, depth: number): readonly Leaf[] {
  const content = readContent(fields, 'text/plain', new Set());
  if (!content.type.startsWith('multipart/') || content.boundary === undefined) return [leafOf(content, body)];
  if (depth >= MAX_DEPTH) return [];
  const leaves: Leaf[] = [];
  for (const part of splitMultipart(body, content.boundary, MAX_PARTS).parts) {
    const inside = splitEntity(part);
    if (leaves.length < MAX_PARTS) leaves.push(...leavesIn(inside.fields, inside.body, depth + 1));
  }
  return leaves;
}

function leafOf(content: Content, encoded: Buffer): Leaf {
  if (!READ.test(content.type)) return { type: content.type, text: '' };
  const bytes = decodeTransfer(content, encoded.subarray(0, MAX_TEXT), new Set());
  const text = decodeCharset(bytes, content.charset).text.replace(/\r\n?/g, '\n');
  return { type: content.type, text: content.type === 'text/html' ? text.replace(TAG, ' ') : text };
}

/** Stops at the next `<`, so that a page of them takes no longer than any other. */
const TAG = /<[^<>]*>/g;

/** RFC 8098 (the message was read), RFC 5965 (somebody complained), and whatever else multipart/report is used for. */
function isOtherReport(fields: readonly HeaderField[], leaves: readonly Leaf[]): boolean {
  const kind = typeOf(fields).plain.get('report-type')?.toLowerCase() ?? 'delivery-status';
  return kind !== 'delivery-status' || leaves.some((leaf) => OTHER_REPORT.test(leaf.type));
}

const OTHER_REPORT = /^message\/(?:global-)?(?:disposition-notification|feedback-report)$/;

// ---- message/delivery-status ----

/** As it should be; or under the wrong type, but it begins like one and names a recipient. */
const isStatus = ({ type, text }: Leaf): boolean =>
  type.endsWith('delivery-status') || (STATUS_START.test(text) && /^final-recipient:/im.test(text));
const STATUS_START =
  /^\s*(?:reporting-mta|original-envelope-id|dsn-gateway|received-from-mta|arrival-date|final-recipient):/i;

type Recipient = ReadonlyMap<string, string>;

const STATUS_FIELD = /^(final-recipient|original-recipient|action|status|diagnostic-code):/i;

/**
 * RFC 3464 2.3 puts a blank line before each recipient. Gateways leave it out, or put one between all fields, so the next recipient
 * begins where a field comes for the second time.
 */
function recipientsIn(text: string): readonly Recipient[] {
  const recipients: Map<string, string>[] = [];
  let recipient: Map<string, string> | undefined;
  for (const line of text.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const name = STATUS_FIELD.exec(line)?.[1]?.toLowerCase();
    if (name === undefined) continue;
    if (recipient === undefined || recipient.has(name)) {
      recipient = new Map<string, string>();
      recipients.push(recipient);
    }
    recipient.set(name, line.slice(name.length + 1).trim());
  }
  return recipients;
}

/** RFC 3464 2.3.3, and how some spell it. */
const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['failed', 'failed'],
  ['failure', 'failed'],
  ['delayed', 'delayed'],
  ['delivered', 'delivered'],
  ['relayed', 'delivered'],
  ['expanded', 'delivered'],
]);
const ACTION_OF_CLASS: ReadonlyMap<string, Action> = new Map([
  ['5', 'failed'],
  ['4', 'delayed'],
  ['2', 'delivered'],
]);

function verdictOf(recipient: Recipient): readonly BounceReport[] {
  const diagnosis = (recipient.get('diagnostic-code') ?? '').replace(/^[\w-]{1,40};/, '');
  const status = /^\d\.\d{1,3}\.\d{1,3}/.exec(recipient.get('status') ?? '')?.[0] ?? '';
  const code = codeIn(diagnosis);
  const word = /^\w+/.exec(recipient.get('action') ?? '')?.[0].toLowerCase() ?? '';
  // Without an Action the class of the status says it (RFC 3463 3.1), or that of the reply.
  const action =
    ACTIONS.get(word) ?? ACTION_OF_CLASS.get(status.slice(0, 1)) ?? ACTION_OF_CLASS.get(`${code}`.slice(0, 1));
  if (action === undefined) return [];
  return [{ action, reason: suited(action, reasonOfReply(code, status, diagnosis)) }];
}

/** A success has no reason; what is only late has at least this one. */
function suited(action: Action, reason: BounceReason): BounceReason {
  if (action === 'delivered') return 'other';
  return action === 'delayed' && reason === 'other' ? 'temporary' : reason;
}

/** RFC 5321 4.2.3; not a number out of an address or a sentence. */
const CODE = /(?<![\w.:])(?:421|45\d|50[0-4]|52[1-5]|5[3-7]\d)(?=[ -]|$)/m;
const codeIn = (text: string): number => Number(CODE.exec(text)?.[0] ?? 0);

/** RFC 3464 2.3.3; one lost recipient outweighs any number of others. */
const BY_WEIGHT: readonly Action[] = ['failed', 'delayed', 'delivered'];

function worst(verdicts: readonly BounceReport[]): BounceReport | undefined {
  const action = BY_WEIGHT.find((weight) => verdicts.some((verdict) => verdict.action === weight));
  const those = verdicts.filter((verdict) => verdict.action === action);
  return those.find((verdict) => verdict.reason !== 'other') ?? those[0];
}

// ---- reports for people ----

const MAIL_SYSTEM =
  /mailer-?daemon|mail-daemon|postmaster|mdaemon|mail ?delivery ?(?:sub)?(?:system|service)|mail ?system|microsoft ?exchange|system ?administrator|courier mail/i;

function isFromMailSystem(fields: readonly HeaderField[]): boolean {
  // Gmail and Exim; no program sets it on anything else.
  if (valuesOf(fields, 'x-failed-recipients').length > 0) return true;
  return MAIL_SYSTEM.test(shownText(valuesOf(fields, 'from')[0] ?? '', new Set()));
}

type ActionRow = readonly [pattern: RegExp, action: Action];

/** How a subject begins, in lower case. Behind a person's `Re:` or a program's `Automatic reply:` it is none of these. */
const SUBJECTS: readonly ActionRow[] = [
  [/^(?:\[?warning\]?: )?(?:mail |message |delivery )?(?:delivery |is )?(?:has been )?delayed/, 'delayed'],
  [/^warning: (?:could not send|message|e?mail)[^:]{0,60}(?:delayed|for past|still)/, 'delayed'],
  [/^delivery status notification ?\(delay|^(?:mail|zustellung)?\S{0,20} ?verzögert|^retrasado|^retardé/, 'delayed'],
  [/^(?:remise|distribution) (?:diff|retard)|^entrega (?:retras|atras)|^consegna ritard|^доставка отл/, 'delayed'],
  [/^配信の?遅延|^(?:传递|传送|投递)?延迟|^задержка/, 'delayed'],
  [/^delivery status notification ?\((?:success|relay)|^(?:delivered|relayed): |^successful mail/, 'delivered'],
  [/^undeliver(?:able|ed)|^(?:mail )?delivery (?:failure|failed|error|has failed|status notif)/, 'failed'],
  [/^delivery notification: delivery has failed|^returned (?:e?mail|to sender)|^failure notice|^ndn: /, 'failed'],
  [/^mail (?:failure|system error|delivery problem)|^message status - undeliverable/, 'failed'],
  [/^(?:permanent|warning|message|mail)[^:]{0,20} (?:delivery )?(?:failure|undeliverable)/, 'failed'],
  [/^(?:unzustellbar|nicht zustellbar|zustellung fehlg|non remis|échec de|message non distrib)/, 'failed'],
  [/^(?:no se puede entregar|correo no entregado|non recapitabile|mancata consegna|impossibile recap)/, 'failed'],
  [/^não (?:é possível entregar|entregue)|^(?:配信不能|配信できません|送信エラー|メール配信エラー)/, 'failed'],
  [
    /^(?:未送达|无法送达|系统退信|退信|無法傳遞|無法投遞)|^(?:не удается доставить|недоставлен|не доставлено)/,
    'failed',
  ],
];

/** What the text says near its beginning, in lower case, when the subject is of another kind. */
const OPENINGS: readonly ActionRow[] = [
  [/still being retried|will (?:continue|keep)[^.]{0,30} (?:try|attempt|retr)|attempts will continue/, 'delayed'],
  [/this is the qmail-send program|by mail delivery software|this is the mail system at/, 'failed'],
  [/(?:unable|not able) to deliver|could ?n[o']t be delivered|did not reach the following/, 'failed'],
  [/delivery (?:has failed|to the following)|nicht zugestellt werden|n'a pas pu être (?:remis|distribu)/, 'failed'],
  [/no se (?:pudo|ha podido) entregar|impossibile (?:recapit|consegn)|não (?:foi possível|pôde ser) entreg/, 'failed'],
  [/(?:配信|配送|送信)できません|无法(?:送达|投递)|не удалось доставить|не может быть доставлено/, 'failed'],
];

const MAX_OPENING = 2000;

function actionOf(fields: readonly HeaderField[], leaves: readonly Leaf[]): Action | undefined {
  const subject = shownText(valuesOf(fields, 'subject')[0] ?? '', new Set()).toLowerCase();
  const bySubject = SUBJECTS.find(([pattern]) => pattern.test(subject))?.[1];
  if (bySubject !== undefined) return bySubject;
  const opening = proseOf(leaves).slice(0, MAX_OPENING).toLowerCase().replace(/\s+/g, ' ');
  const byText = OPENINGS.find(([pattern]) => pattern.test(opening))?.[1];
  return byText ?? (valuesOf(fields, 'x-failed-recipients').length > 0 ? 'failed' : undefined);
}

/** Where the message given back begins: its words are the author's, and no reason. */
const GIVEN_BACK =
  /copy of|original|unsent message|returned message|below this line|message headers?\b|follows? -|kopie|urspr|copie|copia|cópia|原(?:始|文|邮|信)|元のメ|исходн|копия/i;
const RETURNED_FIELD = /^\W*(?:subject|betreff|objet|asunto|oggetto|assunto|to|an|件名|主题|主題|тема)[ \t]?[:：]/i;

/** What the mail system wrote: the first text, up to the message given back. */
function proseOf(leaves: readonly Leaf[]): string {
  const leaf = ['text/plain', 'text/html'].map((type) => leaves.find((one) => one.type === type && !isStatus(one)));
  const lines: string[] = [];
  for (const line of ((leaf[0] ?? leaf[1])?.text ?? '').split('\n')) {
    const start = line.slice(0, 200);
    if (/^\s{0,8}[-=_*]{2}/.test(start) && GIVEN_BACK.test(start) && !/transcript|addresses/i.test(start)) break;
    if (!RETURNED_FIELD.test(start)) lines.push(line);
  }
  return lines.join('\n');
}

const ANY_CODE = /(?<![\w.])(?:[45]\.\d{1,3}\.\d{1,3}(?!\.?\d)|(?:421|45\d|50[0-4]|52[1-5]|5[3-7]\d)(?=[ -]))/g;
const MAX_CODES = 5;
/** The words stand behind the code, or (qmail) just before it. */
const BEFORE_CODE = 200;
const BEHIND_CODE = 700;

function reasonInText(action: Action, leaves: readonly Leaf[]): BounceReason {
  if (action === 'delivered') return 'other';
  const text = proseOf(leaves);
  const codes = [...text.matchAll(ANY_CODE)].slice(0, MAX_CODES).map(({ index }) => index);
  const pieces = codes.map((at) => text.slice(Math.max(0, at - BEFORE_CODE), at + BEHIND_CODE));
  const reasons = [...pieces, text].map((piece) =>
    reasonOfReply(codeIn(piece) || (action === 'delayed' ? 400 : 0), '', piece),
  );
  return suited(action, reasons.find((reason) => reason !== 'other') ?? 'other');
}
