/** heads: what the model answers about a stretch of text. `stop` decides; the classes say what it is. */
export const HEADS = ['stop', 'inducement', 'gating', 'pressure', 'offplatform', 'promo', 'survey', 'other'] as const;
export type Head = (typeof HEADS)[number];
