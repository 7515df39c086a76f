/**
 * language: which language a text is in, for the words that we answer with.
 *
 * Counts the small words that every text in a language has; says `und` when too few were seen or two languages come close. No finding
 * hangs on it: the rules read all their languages at once.
 */
export type Language = 'en' | 'de' | 'fr' | 'es' | 'it' | 'nl' | 'pl' | 'pt' | 'sv' | 'tr' | 'ja' | 'zh' | 'und';

const SMALL_WORDS: Readonly<Partial<Record<Language, string>>> = {
  en: 'the and you your we our is are to of for with this that have has will be in on it not please was from if as can me us at by or an my but they ll at on so do any them then there what how',
  de: 'der die das und sie ihr ihre ihnen wir unser ist sind zu von fur mit dies haben hat wird werden nicht bitte war ein eine wenn auf den dem im uns es als aus nach bei oder nur noch auch sind hat sich bis',
  fr: 'le la les et vous votre vos nous notre est sont de des pour avec ce cette avez ete pas merci un une si sur au aux du dans il ne que',
  es: 'el la los las y usted su sus nosotros nuestro es son de para con este esta ha han no por favor un una si en al del que le les se lo',
  it: 'il la lo gli le e lei suo sua noi nostro sono di per con questo questa ha hanno non un una se in al del della che ci si da',
  nl: 'de het een en u uw wij onze is zijn van voor met dit dat heeft hebben niet op te als wordt naar ook kunt',
  pt: 'os as voce seu sua nos nosso sao de para com este esta tem nao por um uma se em ao do da que foi',
  sv: 'och du din ditt vi var ar av for med detta som har inte ett om pa till det den att kan',
  pl: 'na do nie jest sie pan pani prosze za od ze ten to dla jak czy po',
  tr: 've bir bu icin ile de da siz sizin biz olarak degil mi ne cok daha lutfen',
};

const LANGUAGES_OF: ReadonlyMap<string, readonly Language[]> = indexWords();
/** Enough of a text to tell: the first part of a long one. */
const MAX_WORDS = 300;
const MIN_HITS = 2;

/** `words` are folded: lower case, without marks. */
export function languageOf(words: readonly { readonly text: string }[]): Language {
  const counts = new Map<Language, number>();
  for (const { text } of words.slice(0, MAX_WORDS)) {
    for (const language of LANGUAGES_OF.get(text) ?? scriptOf(text))
      counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const [best, second] = [...counts].sort((a, b) => b[1] - a[1]);
  if (best === undefined || best[1] < MIN_HITS || best[1] === second?.[1]) return 'und';
  return best[0];
}

function scriptOf(text: string): readonly Language[] {
  const code = text.charCodeAt(0);
  if (code < 0x3040 || code > 0x9fff) return [];
  if (/[\u3040-\u30ff]/.test(text)) return ['ja', 'ja'];
  return ['zh', 'zh'];
}

function indexWords(): ReadonlyMap<string, readonly Language[]> {
  const index = new Map<string, Language[]>();
  for (const [language, list] of Object.entries(SMALL_WORDS)) {
    for (const word of new Set(list.split(' '))) {
      index.set(word, [...(index.get(word) ?? []), language as Language]);
    }
  }
  return index;
}
