/**
 * helplines: who may be called without leaving the protection of the marketplace: carriers, manufacturers, authorities.
 *
 * Basis: Amazon's communication guidelines allow the telephone numbers of shipping providers, manufacturers and warranties.
 */
const CARRIERS =
  'dhl|ups|dpd|gls|hermes|fedex|tnt|evri|royal mail|usps|yodel|parcelforce|an post|correos|seur|mrw|colissimo|la poste|chronopost|mondial relay|' +
  'poste italiane|brt|bartolini|sda|postnl|bpost|inpost|poczta|postnord|bring|ctt|jadlog|ptt|yurtici|aras|mng|surat kargo|yamato|kuroneko|sagawa|japan post|' +
  '日本郵便|ヤマト|佐川|ゆうパック|顺丰|順豐|申通|中通|圆通|韵达|菜鸟|邮政|郵局|ems|京东物流';
const KINDS =
  'carrier|courier|freight|haulier|hauler|forwarder|dispatcher|dispatch office|manufacturer|spediteur\\w*|disposition|spedizionier\\w*|trasportatore|expediteur\\w*|vervoer\\w*|spedycj\\w*|akeri\\w*|nakliye\\w*|recall|customs|hersteller\\w*|ruckruf\\w*|rueckruf\\w*|spedition\\w*|paketdienst\\w*|zoll|transporteur\\w*|fabricant\\w*|rappel|douane\\w*|' +
  'fabricante\\w*|transportista\\w*|retirada|aduana|corriere|produttore|richiamo|dogana|fabrikant\\w*|vervoerder\\w*|terugroep\\w*|bezorgdienst|przewoznik\\w*|kurier\\w*|producent\\w*|' +
  'transportadora|fabricante|recolha|tillverkare\\w*|aterkall\\w*|transportor\\w*|uretici\\w*|kargo\\w*|geri cagirma|メーカー|配送業者|運送会社|リコール|厂家|廠商|制造商|物流|快递|快遞|召回|官方客服';

export const HELPLINE_OF = new RegExp(`(?<![a-z])(?:${CARRIERS}|${KINDS})(?![a-z])`, 'u');

/** Words that make a number the seller's own, whoever was named before. */
export const OF_OURS =
  /(?<![a-z])(?:our|my|me|us|unser\w*|mein\w*|mir|mich|uns|notre|nos|mon|nous|nuestr\w+|mi|nostr\w+|mio|mia|onze?|ons|mijn|nasz\w*|moj\w*|noss[oa]s?|meu|minha|var|vart|min|mitt|bizim|benim|whatsapp|wechat|telegram)(?![a-z])|私|弊社|当店|我们|我們|我的|微信/u;

/** Words of contact in the languages that we know: beside a number they say that it is there to be used. */
export const INVITES =
  /call|ring|text|sms|phone|mobile|cell|reach|contact|talk|speak|chat|what?s ?app|telegram|viber|signal|line|wechat|dial|voice|direct|ruf|anruf|tel|handy|mobil|erreich|kontakt|meld|sprech|durchwahl|appel|joign|joindre|contact|portable|parl|llam|movil|habl|escrib|escriv|chiam|cellulare|contatt|sent|scriv|bel|app|bereik|spreek|ring|zadzwon|dzwon|telefon|kontakt|napisz|pisz|lig|fale|chama|zap|contato|contacto|ringa|hor av|kontakta|ara|ulas|yaz|cep|iletisim|電話|連絡|かけて|携帯|ライン|电话|電話|手机|手機|打给|打給|联系|聯繫|联络|加我|加微/u;
