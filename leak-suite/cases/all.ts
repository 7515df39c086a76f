/**
 * all: the cases in the groups in which the scoreboard shows them.
 */
import { CONTAINER_PLANTS, FILE_PLANTS } from './containers.ts';
import { HEADER_PLANTS } from './headers.ts';
import { HTML_PLANTS } from './places-html.ts';
import type { Plant } from './plant.ts';
import { PLANTS } from './planted.ts';
import { QUOTE_PLANTS } from './quotes.ts';

export interface Group {
  readonly name: string;
  readonly plants: readonly Plant[];
}

export const GROUPS: readonly Group[] = [
  { name: 'places and spellings', plants: [...PLANTS, ...HTML_PLANTS] },
  { name: 'headers', plants: HEADER_PLANTS },
  { name: 'quotes', plants: QUOTE_PLANTS },
  { name: 'files', plants: FILE_PLANTS },
  { name: 'containers', plants: CONTAINER_PLANTS },
];
