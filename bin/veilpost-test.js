#!/usr/bin/env node
/**
 * veilpost-test: what `npm test` runs. The runner itself is tools/test/main.ts; here we only make sure of the Node.
 */
import { fileURLToPath } from 'node:url';
import { onNode24 } from './node-24.js';

await onNode24(fileURLToPath(import.meta.url), () => import('../tools/test/main.ts'));
