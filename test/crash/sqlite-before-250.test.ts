import { crashSuite } from './kills.ts';

crashSuite('SQLite', 'before250');
