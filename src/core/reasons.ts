/**
 * reasons: what an order cannot do without, as a closed list. A seller's own words are no reason: `[Important]` in a subject was used to
 * get around buyers who wanted no mail (relays.md 6.1).
 */
export const CRITICAL_REASONS = ['customization', 'delivery-scheduling', 'shipping-address'] as const;

export type CriticalReason = (typeof CRITICAL_REASONS)[number];
