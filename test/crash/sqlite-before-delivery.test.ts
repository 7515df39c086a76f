import { crashSuite } from './kills.ts';

crashSuite('SQLite', 'beforeDelivery');
