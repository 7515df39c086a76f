/**
 * messenger-handle: a way to go on in a messenger or a social network: a handle, a link, or an invitation with the messenger's name.
 *
 * The name alone says nothing: watches show WhatsApp messages and routers have signals. Each name is looked at with the rest of its
 * sentence, never more than a few words to either side.
 */
import { hostsIn, isMessengerHost } from '../hosts.ts';
import { defineRule, type Span } from '../rule.ts';
import type { View } from '../text.ts';

const MAY_HOLD =
  /what?s|wasap|chat|wei ?xin|teleg|viber|kakao|snap|insta|facebook|messenger|skype|signal|line|discord|wickr|threema|wa\b|tiktok|[tm]\.me|lin\.ee|qq\.com|fb\.me|ig\.me|vb\.me|zalo|[微薇威加]/;
const NAMED =
  /(?<![\p{L}\p{N}])(?:(?<strong>what?s ?app?|wassap|wasap|vatsap|we ?chat|wei ?xin|telegram|teiegram|viber|kakao ?talk|wickr|threema|snapchat|skype|instagram|facebook)|(?<weak>facebook messenger|messenger|signal|line|insta|discord|tiktok))(?![\p{L}\p{N}])/gu;
/** An invitation; WeChat as a way to pay or as a function of goods is none, nor is "we do not use it". */
const CHINESE =
  /(?<![不勿别別無无没沒])(?:加(?:我们|我們|我|咱|店主|客服)?的?[v微薇威]信?|(?:扫码|掃碼|扫|添加|搜|联系|聯繫|通过|用|发|發|去|到|转|轉|在|有)[^。，,.!！]{0,5}(?:[微薇威]信|v信)|[薇威]信|v信|[微薇威]信(?:号|號|id|:|：)|(?:我|店)的?[微薇威]信)(?!支付|付款|钱包|錢包|通知|消息|小程序|提醒|功能|登录|登錄)/g;
const REACH = 60;
const SENTENCE = /[.!?;](?=\s|$)|\n\n/;

/** The name is the way: "on WhatsApp", "per Telegram", "sur notre WhatsApp". */
const VIA =
  /(?:^|\s)(?:on|via|over|through|using|per|uber|ueber|auf|bei|mit|sur|par|por|en|su|tramite|to|in|a|al)\s(?:(?:the|our|my|unser\w*|mein\w*|notre|mon|nuestro|mi|nostro|mio|il|le|el)\s)?$/;
const OWN = /(?:^|\s)(?:our|my|unser\w{0,2}|mein\w{0,2}|notre|mon|nuestro|mi|nostro|il nostro|mio)\s$/;
const YOURS = /(?:what s|what is|send|give|share|tell|need|have)\s(?:\S+\s){0,3}your\s$/;
const VERB =
  /(?:^|\s)(?:contact|add|text|message|write|reach|chat|talk|call|ping|find|join|speak|send|drop|continue|move|scan|schreib\w*|kontakt\w*|meld\w*|erreich\w*|ruf\w*|send\w*|schick\w*|hinzu\w*|contactez|ecri\w*|appel\w*|joign\w*|rejoign\w*|ajout\w*|envoy\w*|parl\w*|escrib\w*|contact\w*|llam\w*|habl\w*|agreg\w*|anad\w*|unase|envi\w*|scriv\w*|contatt\w*|chiam\w*|aggiung\w*|invi\w*)(?=\W|$)/;
const PERSON =
  /(?:^|\s)(?:us|me|we|our|my|uns|mir|mich|wir|unser\w*|nous|moi|notre|nos|nuestro|ci|mi|nostro|hablemos|parliamo|escrib\w*(?:nos|me)|escrib(?:a|e)nos|contact\w*(?:nos|me)|scriv\w*(?:ci|mi)|contatt\w*(?:ci|mi)|chat|talk)(?=\W|$)/;
const US_AFTER = /^\s(?:us|me|uns|mir|nous|moi)(?!\p{L})/u;
const HANDLE =
  /^(?:\s(?:id|number|no|nr|nummer|numero|handle|user|username|name|account|konto|group|channel|gruppe|groupe|grupo|gruppo|contact|kontakt|is|ist|est|es|e)){0,3}\s?(?:[:=#]\s?(?=[\w.+-]{0,30}[\d_@])@?[\w.+-]{4,}|\(?[:=]?\s?@[\w.-]{3,}|(?<=id\s?:?)\s?[:=]?\s?(?=[\w.-]{0,30}[\d_])[\w.-]{4,}|[:(]?\s?\+?\(?\d[\d ().-]{6,})/;

export const messengerHandle = defineRule({
  id: 'messenger-handle',
  title: 'A messenger or a social network',
  class: 'offplatform',
  reads: ['seller', 'buyer'],
  severity: 55,
  policy: 'ebay-contact',
  views: ['folded', 'joined', 'leet'],
  languages: ['en', 'de'],
  why: {
    en: 'It leads the conversation to a messenger. Messages about an order stay in the relay, where both sides are protected.',
    de: 'Hier soll das Gespräch in einen Messenger wechseln. Nachrichten zur Bestellung bleiben im Relay, wo beide Seiten geschützt sind.',
  },
  fix: {
    en: 'Take the messenger out. Pictures and files can be attached to a message here.',
    de: 'Lassen Sie den Messenger weg. Bilder und Dateien können Sie hier anhängen.',
  },
  *find(view: View): Iterable<Span> {
    if (!MAY_HOLD.test(view.text)) return;
    for (const { host, span } of hostsIn(view.text)) if (isMessengerHost(host)) yield span;
    for (const match of view.text.matchAll(CHINESE)) yield { start: match.index, end: match.index + match[0].length };
    for (const match of view.text.matchAll(NAMED)) {
      const span = invitationAround(view.text, match.index, match[0], match.groups?.['weak'] !== undefined);
      if (span !== undefined) yield span;
    }
  },
});

function invitationAround(text: string, at: number, name: string, isWeak: boolean): Span | undefined {
  const end = at + name.length;
  const before = lastSentence(text.slice(Math.max(0, at - REACH), at));
  const after = firstSentence(text.slice(end, end + REACH));
  const handle = HANDLE.exec(after)?.[0];
  if (handle !== undefined && (!isWeak || /@|\bid\b/.test(handle))) return { start: at, end: end + handle.length };
  if (isWeak)
    return isPersonal(before, '') && VIA.test(before) && /\badd\b|hinzu|ajout|aggiung|agreg/.test(before)
      ? spanOf(at, end, before)
      : undefined;
  if (US_AFTER.test(after) || YOURS.test(before)) return spanOf(at, end, before);
  const isWay = VIA.test(before) || OWN.test(before);
  return isWay && isPersonal(before, after) ? spanOf(at, end, before) : undefined;
}

function isPersonal(before: string, after: string): boolean {
  return (VERB.test(before) && PERSON.test(before)) || (VERB.test(after) && PERSON.test(after));
}

/** From the verb that invites, where it stands before the name. */
function spanOf(at: number, end: number, before: string): Span {
  const verb = VERB.exec(before);
  return { start: verb === null ? at : at - before.length + verb.index + (/^\s/.test(verb[0]) ? 1 : 0), end };
}

function lastSentence(text: string): string {
  const parts = text.split(SENTENCE);
  return parts.at(-1) ?? '';
}

function firstSentence(text: string): string {
  return text.split(SENTENCE)[0] ?? '';
}
