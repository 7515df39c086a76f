/**
 * origin: did a person write this, or a program, and which kind of program?
 *
 * In:  the fields of a message.    Out: one word, from the standard fields first and the dialects of the providers after them.
 * A `responder` answers by itself (out of office): it is passed on once, marked. A `program` writes for somebody (a helpdesk): it is
 * passed on, marked. A `receipt` and a `report` are about a message and name its real reader: neither is passed on.
 * Standards: RFC 3834 5 (Auto-Submitted), RFC 8098 3 (receipts), RFC 6522 (reports). Never throws.
 */
import type { Origin } from '../../store/records.ts';
import { parseParameters } from './parameters.ts';
import { valuesOf, type HeaderField } from './header.ts';

export function originOf(fields: readonly HeaderField[], subject: string): Origin {
  const first: First = (name) => (valuesOf(fields, name)[0] ?? '').trim().toLowerCase();
  return aboutAMessage(first('content-type')) ?? answering(first, subject) ?? programOrPerson(first);
}

/** The first value of a field, in lower case; empty when there is none. */
type First = (name: string) => string;

function aboutAMessage(contentType: string): Origin | undefined {
  const type = parseParameters(contentType);
  const report = type.value === 'multipart/report' ? type.plain.get('report-type')?.toLowerCase() : undefined;
  if (report === 'disposition-notification' || type.value === 'message/disposition-notification') return 'receipt';
  return report !== undefined || type.value === 'message/delivery-status' ? 'report' : undefined;
}

const submittedBy = (first: First): string => /^[a-z-]*/.exec(first('auto-submitted'))?.[0] ?? '';

function answering(first: First, subject: string): Origin | undefined {
  const answers =
    submittedBy(first) === 'auto-replied' ||
    RESPONDER_FIELDS.some((name) => isSet(first(name))) ||
    isAnnounced(subject) ||
    RESPONDER_PROGRAM.test(first('x-mailer')) ||
    /^auto_?reply$/.test(first('precedence'));
  return answers ? 'responder' : undefined;
}

function programOrPerson(first: First): Origin {
  const submitted = submittedBy(first);
  if (submitted !== '' && submitted !== 'no') return 'program';
  return /^(?:bulk|junk|list)$/.test(first('precedence')) ? 'program' : 'person';
}

/**
 * Fields that only an answering program writes: Gmail (X-Autoreply), cPanel and Exim (X-Autorespond, X-Autoresponse), Zoho and
 * others (X-Auto-Reply-From), Exchange (the inbox rule that answered), FirstClass. X-Auto-Response-Suppress is not among them: it is
 * a wish about answers, and people's own programs write it.
 */
const RESPONDER_FIELDS = [
  'x-autoreply',
  'x-autoreply-from',
  'x-auto-reply-from',
  'x-autorespond',
  'x-autoresponder',
  'x-autoresponse',
  'x-mail-autoreply',
  'x-vacation',
  'x-ms-exchange-inbox-rules-loop',
  'x-fc-machinegenerated',
];
const isSet = (value: string): boolean => value !== '' && value !== 'no' && value !== 'false' && value !== '0';

const RESPONDER_PROGRAM = /\b(?:vacation|autoresponder|auto-?reply)\b/;

/** Subjects that Exchange, Outlook, Gmail and the great webmail providers put in front, in the languages that they speak. */
const ANNOUNCED = [
  'automatic reply:',
  'auto reply:',
  'auto-reply:',
  'autoreply:',
  'out of office:',
  'out of office autoreply:',
  'automatische antwort:',
  'abwesenheitsnotiz:',
  'abwesend:',
  'réponse automatique :',
  'réponse automatique:',
  'respuesta automática:',
  'fuera de la oficina:',
  'risposta automatica:',
  'fuori sede:',
  'automatisch antwoord:',
  'afwezigheidsbericht:',
  'automatyczna odpowiedź:',
  'odpowiedź automatyczna:',
  'resposta automática:',
  'ausência temporária:',
  'autosvar:',
  'automatiskt svar:',
  'automatisk svar:',
  'otomatik yanıt:',
  'автоматический ответ:',
  '自動応答:',
  '自動返信:',
  '自动回复:',
  '自动答复:',
];

/** At the very start only: `Re: Automatic reply: ...` is a person who answers one. */
function isAnnounced(subject: string): boolean {
  const start = subject.trimStart().slice(0, 40).normalize('NFC').toLowerCase().replaceAll('：', ':');
  return ANNOUNCED.some((words) => start.startsWith(words));
}
