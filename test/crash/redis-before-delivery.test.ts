import { crashSuite } from './kills.ts';

crashSuite('Redis', 'beforeDelivery');
