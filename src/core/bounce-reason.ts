/**
 * bounce-reason: why a remote server did not take a message, in one of six words.
 *
 * In:  the code, the enhanced code and the text of an SMTP reply.    Out: one word of our own; of the text not a byte is kept.
 * The enhanced code (RFC 3463) is asked first. Big providers use the general ones for anything (550 5.7.1 for a mailbox that is not
 * there), so after a general code plain words in the text win. A reply for now (4xx) is believed only words that suit one.
 * Standards: RFC 5321 4.2, RFC 3463 3, RFC 7372, RFC 7504. Every gap in a pattern is bounded. Linear, never throws.
 */

export type BounceReason = 'mailbox-full' | 'unknown-mailbox' | 'policy' | 'too-big' | 'temporary' | 'other';

type Row = readonly [pattern: RegExp, reason: BounceReason];

const MAX_TEXT = 4000;

/** Whatever the text says: these codes are right wherever they are sent. */
const CERTAIN: readonly Row[] = [
  [/^[45]\.2\.2$/, 'mailbox-full'],
  [/^[45]\.(?:2\.3|3\.4)$/, 'too-big'],
  [/^5\.1\.(?:[1236]|10)$/, 'unknown-mailbox'],
  // RFC 3463 3.2: the address of the sender, that is of the relay, is refused.
  [/^5\.1\.[789]$/, 'policy'],
  [/^5\.7\.(?:[2-9]|\d\d+)$/, 'policy'],
];

/** What these codes mean when the text says nothing plain. */
const LIKELY: readonly Row[] = [
  [/^[45]\.1\.(?:[01236]|10)$/, 'unknown-mailbox'],
  [/^[45]\.2\.1$/, 'unknown-mailbox'],
  [/^[45]\.7\.\d+$/, 'policy'],
  [/^[45]\.4\.\d+$/, 'temporary'],
];

/** RFC 5321 4.2.3, RFC 7504; what no enhanced code came with. */
const BY_CODE: ReadonlyMap<number, BounceReason> = new Map([
  [521, 'unknown-mailbox'],
  [523, 'too-big'],
  [541, 'policy'],
  [552, 'mailbox-full'],
  [556, 'unknown-mailbox'],
]);

/**
 * In this order: the first that fits wins. The text is in lower case, begins with the enhanced code, and has no addresses.
 * No \b beside letters that are not ASCII: JavaScript sees none there.
 */
const WORDS: readonly Row[] = [
  // The sentence of RFC 5321 4.2.3 names every cause; GMX and others send it for a mailbox that is not there.
  [/mailbox not found, no access, or command rejected/, 'unknown-mailbox'],
  // Exchange Online: the directory does not know the recipient ("directory based edge blocking").
  [/^5\.4\.1 .{0,200}recipient address rejected: access denied/, 'unknown-mailbox'],
  [/\b(?:sending|daily|hourly|message|rate) (?:quota|limit)\b/, 'temporary'],
  [/\breceiving mail (?:at a rate|too quickly)|\btoo many (?:mails|messages|connections)/, 'temporary'],

  [/\b(?:mailbox|inbox|mail box|account|maildir|storage)[^.]{0,30} (?:is |are )?full\b/, 'mailbox-full'],
  [/\b(?:over|out of|above|exceed(?:s|ed|ing)?)[^.]{0,30} (?:disk )?(?:quota|storage|mailbox size)\b/, 'mailbox-full'],
  [/\bover ?quota\b|\bquota[^.]{0,30} (?:exceed|reached|full)|\bfull mailbox\b|\bmailbox size limit/, 'mailbox-full'],
  [/\b(?:insufficient|not enough) (?:disk |mailbox |storage )?(?:space|storage)\b/, 'mailbox-full'],
  [/\b(?:mailbox|account)[^.]{0,20} exceed(?:s|ed)[^.]{0,30} limit/, 'mailbox-full'],
  [
    /(?:postfach|mailbox)[^.]{0,30} voll\b|speicherplatz[^.]{0,40}(?:ersch|belegt|voll)|quota[^.]{0,20}berschritten/,
    'mailbox-full',
  ],
  [/bo[iî]te[^.]{0,40} (?:est )?pleine|quota[^.]{0,20} (?:d[eé]pass|atteint)/, 'mailbox-full'],
  [/buz[oó]n[^.]{0,30} llen[oa]|cuota[^.]{0,30} (?:excedid|superad|llen)/, 'mailbox-full'],
  [/casella[^.]{0,40} piena|quota[^.]{0,20} (?:superata|esaurita)|caixa[^.]{0,40} (?:cheia|lotada)/, 'mailbox-full'],
  [/(?:メールボックス|受信箱|容量).{0,20}(?:いっぱい|一杯|満杯|超過|超え|オーバー)/, 'mailbox-full'],
  [/(?:邮箱|信箱|郵箱|空间|空間|容量).{0,12}(?:已满|已滿|不足|超出|超限)|超出.{0,8}(?:容量|配额)/, 'mailbox-full'],
  [/ящик.{0,20} (?:переполнен|заполнен)|квот.{0,20} (?:превыш|исчерпан)|превышен.{0,12} квот/, 'mailbox-full'],

  [
    /\b(?:message|mail|file|content|data|attachments?|size)[^.]{0,40} too (?:big|large|long)\b|\btoo large\b/,
    'too-big',
  ],
  [
    /\b(?:message|mail) exceed(?:s|ed)? [^.]{0,30}(?:size|limit|maximum)|\bsize[^.]{0,20} (?:exceed|limit)|\bmax(?:imum)?[^.]{0,20} size\b/,
    'too-big',
  ],
  [/(?:nachricht|e-?mail)[^.]{0,30} zu gro(?:ß|ss)|message[^.]{0,20} trop (?:volumineux|grand|gros)/, 'too-big'],
  [/mensaje[^.]{0,20} demasiado grande|messaggio[^.]{0,20} troppo grande|mensagem[^.]{0,20} muito grande/, 'too-big'],
  [
    /(?:メール|メッセージ).{0,8}サイズ.{0,12}(?:超|大き)|(?:邮件|郵件).{0,8}(?:过大|過大|太大)|слишком больш/,
    'too-big',
  ],

  [
    /\b(?:account|mailbox|user|recipient) (?:is |has been |was )?(?:disabled|suspended|inactive|deactivated)\b/,
    'unknown-mailbox',
  ],
  [/\bsender (?:address |domain )?(?:rejected|denied|refused|blocked)|\bsender verify failed\b/, 'policy'],
  [/spam|\bunsolicited\b|\bjunk\b|\b(?:bulk|suspicious) (?:e-?)?mail|\breputation\b|\bcomplaints?\b/, 'policy'],
  [/\b(?:black|block|deny) ?-?list|\b(?:dns|u)?[rw]?bl\b|\bdnsbl\b|\bblocked\b|\bs31[45]0\b|\bbanned\b/, 'policy'],
  [
    /\b(?:dmarc|spf|dkim|ptr|reverse dns|unauthenticated)\b|\bnot authenticated\b|\bauthentication (?:check|fail|req)/,
    'policy',
  ],
  [
    /\b(?:virus|malware|phish(?:ing)?|infected|prohibit(?:ed|ion)|not permitted)\b|\bsecurity (?:issue|reason)/,
    'policy',
  ],
  [
    /\bpolic(?:y|ies) (?:reason|restriction|violation|reject)|\b(?:local|security|content|by|due to|against|violates) (?:\w{1,12} )?polic/,
    'policy',
  ],
  [/\bcontent (?:was )?(?:rejected|denied|refused)|\bmail content denied|\brejected by recipients?\b/, 'policy'],
  [
    /\baccess denied\b|\brelay(?:ing)? (?:access )?(?:denied|not)|\bunable to relay\b|\bresolver\.rst\b|\btransport\.rules/,
    'policy',
  ],
  [
    /\b(?:not allowed|not authori[sz]ed|no permission) to (?:send|post|relay)|\b(?:dt:spm|hl:ipb|mi:spb|mi:stc)\b/,
    'policy',
  ],
  [/richtlinie|sperrliste|ind[eé]sirable|pourriel|no deseado|indesiderat|n[aã]o solicitad/, 'policy'],
  [/迷惑メール|スパム|受信拒否|垃圾邮件|垃圾郵件|黑名单|拒收|спам|ч[её]рн.{0,4} спис|политик/, 'policy'],

  [
    /\b(?:unknown|no such|invalid|non-?existent|bad) (?:local )?(?:user|recipient|mailbox|person|address|account|destination)/,
    'unknown-mailbox',
  ],
  [
    /\b(?:user|recipient|mailbox|account|address|alias)(?: name| address)?:? (?:is |was )?(?:not (?:be )?(?:found|recogni[sz]ed|known|available|valid|listed)|unknown|unavailable|invalid)/,
    'unknown-mailbox',
  ],
  [
    /\b(?:does not|doesn't|doesnt|didn't) (?:exist|have an? )|\bno (?:such user|mailbox)\b|\bunrouteable\b/,
    'unknown-mailbox',
  ],
  [
    /\bdelivery error: dd\b|\brecipientnotfound\b|\bnot listed in\b|\bnot (?:a|our) (?:valid |known )?(?:mailbox|user|recipient|customer)/,
    'unknown-mailbox',
  ],
  [
    /\b(?:host|domain)(?: name| or domain name)? (?:is )?(?:not found|unknown)\b(?!, try)|\bunknown (?:host|domain)|\bnxdomain\b/,
    'unknown-mailbox',
  ],
  [
    /\b(?:wasn't|couldn't be|could not be|was not) found\b|\b(?:isn't|is not) (?:a )?(?:known|valid)|\baddress rejected\.?$/,
    'unknown-mailbox',
  ],
  [
    /unbekannte[rns]? |\bunbekannt\b|existiert nicht|nicht gefunden|nicht verf(?:ü|ue)gbar|gibt es nicht/,
    'unknown-mailbox',
  ],
  [
    /(?:utilisateur|destinataire|adresse)[^.]{0,40} (?:inconnu|introuvable|inexistant)|n'existe p(?:as|lus)/,
    'unknown-mailbox',
  ],
  [
    /(?:usuari|usuári|destinat[aá]ri|utente|casella|caixa|buz[oó]n)[^.]{0,30} (?:descon|inexist|sconosc|no v[aá]lid)/,
    'unknown-mailbox',
  ],
  [
    /\bno existe|non esiste|n[aã]o existe|no se (?:ha )?encontr|n[aã]o (?:foi )?encontrad|non (?:è stato )?trovat/,
    'unknown-mailbox',
  ],
  [/存在しま|存在しない|見つかりません|見つかりませんでした|(?:宛先|ユーザー?|アドレス).{0,6}不明/, 'unknown-mailbox'],
  [
    /不存在|查无此人|查無此人|找不到(?:收件人|用户|此)|не существует|не найден|нет такого|неизвестн.{0,4} (?:пользов|получ|адрес)/,
    'unknown-mailbox',
  ],

  [
    /\btry(?:ing)? (?:again|later)|\btempora(?:ry|rily)\b|\bgr[ae]y-?list|\btoo (?:many|busy|fast|frequent)/,
    'temporary',
  ],
  [
    /\btim(?:ed?|e[ds]?)[ -]?out\b|\bexpired\b|\bretry time|\bthrottl|\brate[- ]limit|\bdefer(?:red)?\b|\bunreachable\b|\bconnection (?:refused|lost|reset)/,
    'temporary',
  ],
  [
    /vor(?:ü|ue)bergehend|sp(?:ä|ae)ter|temporaire|ult[eé]rieurement|plus tard|temporal(?:mente)?\b|m[aá]s tarde/,
    'temporary',
  ],
  [
    /temporane|riprova|più tardi|temporari|mais tarde|一時的|しばらく|稍后|稍後|暂时|暫時|频率|временн|позже|позднее/,
    'temporary',
  ],
];

const ANY_REASON: ReadonlySet<BounceReason> = new Set([
  'mailbox-full',
  'unknown-mailbox',
  'policy',
  'too-big',
  'temporary',
]);
/** RFC 5321 4.2.1: a 4yz reply can be otherwise the next time, so it says nothing final about the mailbox. */
const PASSING_REASON: ReadonlySet<BounceReason> = new Set(['mailbox-full', 'temporary']);

/** From an SMTP reply of a remote server. `enhanced` is RFC 3463 '5.1.1' or ''. `code` is 0 when none came. */
export function reasonOfReply(code: number, enhanced: string, text: string): BounceReason {
  const words = wordsOf(text);
  const status = isGeneral(enhanced) ? (enhancedIn(words) ?? enhanced) : enhanced;
  const certain = find(CERTAIN, status, ANY_REASON);
  if (certain !== undefined) return certain;
  const isPassing = code === 0 ? status.startsWith('4') : code >= 400 && code < 500;
  const said = find(WORDS, `${status} ${words}`, isPassing ? PASSING_REASON : ANY_REASON);
  return said ?? find(LIKELY, status, ANY_REASON) ?? (isPassing ? 'temporary' : (BY_CODE.get(code) ?? 'other'));
}

function find(rows: readonly Row[], text: string, allowed: ReadonlySet<BounceReason>): BounceReason | undefined {
  return rows.find(([pattern, reason]) => allowed.has(reason) && pattern.test(text))?.[1];
}

/** Nothing, or "undefined status" (RFC 3463 3.1): qmail and gateways then put the true one into the text. */
const isGeneral = (enhanced: string): boolean => enhanced === '' || enhanced.endsWith('.0.0');

/** Not a piece of an IP address or of a version. */
const ENHANCED = /(?<![\w.])[45]\.\d{1,3}\.\d{1,3}(?!\.?\d)/;
const enhancedIn = (words: string): string | undefined => ENHANCED.exec(words)?.[0];

/** A reply of several lines repeats its codes (RFC 5321 4.2.1), in the middle of a sentence once the lines are joined. */
const CONTINUED = /\b[45]\d\d-(?:[45]\.\d{1,3}\.\d{1,3} )?/g;
const BETWEEN = /([\s<>()[\]"',;，：。]+)/;
const APOSTROPHES = /[‘’`]/g;

/** Addresses and links are left out: what a mailbox is called is no reason, and `full@` or `/spam` in them would read like one. */
function wordsOf(text: string): string {
  const plain = text.slice(0, MAX_TEXT).toLowerCase().replace(APOSTROPHES, "'");
  const pieces = plain.split(BETWEEN).map((piece) => (piece.includes('@') || piece.includes('://') ? '' : piece));
  const joined = pieces.join('').replace(/\s+/g, ' ');
  const first = enhancedIn(joined) ?? '';
  return `${first} ${joined.replace(CONTINUED, '')}`.replace(/\s+/g, ' ').trim();
}
