/** standard: by what the tests judge: the default table, and the model that is committed. */
import type { Standard } from '../../src/policy/engine.ts';
import { loadModel } from '../../src/policy/model/load.ts';

export const STANDARD: Standard = { profile: 'marketplace-strict', model: loadModel() };
