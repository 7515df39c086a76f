import { crashSuite } from './kills.ts';

crashSuite('Redis', 'before250');
