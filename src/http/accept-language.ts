/**
 * accept-language: which of the languages that we write in a browser asks for (RFC 9110 12.5.4), where nobody is known by a link.
 */
import { languageOf, type Language } from '../mail/ask.ts';

const RANGES_AT_MOST = 20;

/** English where none of them is asked for. `header` is what the client sent. */
export function languageAskedFor(header: string | undefined): Language {
  const ranges = (header ?? '').slice(0, 500).split(',').slice(0, RANGES_AT_MOST).map(rangeOf);
  const ranked = ranges.filter(({ weight }) => weight > 0).toSorted((one, other) => other.weight - one.weight);
  return ranked.find(({ isOurs }) => isOurs)?.language ?? 'en';
}

function rangeOf(text: string): { readonly language: Language; readonly isOurs: boolean; readonly weight: number } {
  const [tag = '', weight] = text.trim().split(/\s*;\s*q=/i);
  const language = languageOf(tag);
  const isOurs = tag.split('-')[0]?.toLowerCase() === language;
  const number = weight === undefined ? 1 : Number(weight);
  return { language, isOurs, weight: Number.isNaN(number) ? 0 : number };
}
