#!/usr/bin/env node
/**
 * veilpost: the command. Everything it does is in src/main.ts; here we only make sure of the Node that runs it.
 */
import { fileURLToPath } from 'node:url';
import { onNode24 } from './node-24.js';

await onNode24(fileURLToPath(import.meta.url), () => import('../src/main.ts'));
