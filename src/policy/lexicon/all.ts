/** all: the lexicons of the languages that the rules about words claim, compiled once. */
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import { compileLexicon } from './lexicon.ts';

export const LEXICON = compileLexicon([en, de, fr, es, it]);
