/** all: the lexicons of the languages that the rules about words claim, compiled once. */
import { compileLexicon } from './lexicon.ts';
import { en } from './en.ts';

export const LEXICON = compileLexicon([en]);
