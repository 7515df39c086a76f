/**
 * cards: things to try on the relay with one click, and what should become of each. The page counts how often that came true.
 *
 * Plain data, in the words that sellers really use. `expect` is what we promise, not what happened: a miss is shown as a miss.
 */
import type { Party } from '../store/records.ts';
import type { SandboxOrder } from './seed.ts';

export interface Card {
  readonly id: string;
  readonly title: string;
  readonly from: Party;
  /** `real`: written past the alias, straight to the other party's own address. */
  readonly recipient: 'alias' | 'real';
  readonly subject: string;
  readonly text: string;
  /** `stopped`: refused or held. `cleaned`: arrives, without the address. `arrives`: an honest message, which must get through. */
  readonly expect: 'stopped' | 'cleaned' | 'arrives';
}

const CHEATS: readonly Card[] = [
  {
    ...seller('bribe', 'Money for stars'),
    subject: 'Your review',
    text: 'Change your 1 star to 5 and we refund 20 EUR.',
  },
  {
    ...seller('soft-bribe', 'A gift for a kind word'),
    subject: 'A small thank-you',
    text: 'If you update your review to five stars, we will send you a 15 EUR voucher as a gift.',
  },
  {
    ...seller('address-in-words', 'An e-mail address in words'),
    subject: 'Write to us directly',
    text: 'It is quicker without the marketplace: write to deals at pixel minus attic dot com.',
  },
  {
    ...seller('messenger', 'A WhatsApp number'),
    subject: 'Quick question',
    text: 'Please message us on WhatsApp: +49 151 2345 6789. We answer at once there.',
  },
  {
    ...seller('link', 'A link off the marketplace'),
    subject: 'Warranty',
    text: 'Register your product here to get your warranty: https://nice-deals.shop.example/register',
  },
  {
    ...seller('payment', 'Paying by PayPal'),
    subject: 'Your next order',
    text: 'Pay us directly with PayPal friends and family next time and save the fees of the marketplace.',
  },
  {
    ...seller('real-recipient', "The buyer's real address as recipient"),
    recipient: 'real',
    subject: 'Hello from your seller',
    text: 'We found your real address and are writing to it.',
  },
];

const HONEST: readonly Card[] = [
  {
    ...seller('late-parcel', 'Late parcel, shipping refunded'),
    expect: 'arrives',
    subject: 'Your parcel is late',
    text: 'We are sorry: your parcel is late by four days. We refund the shipping, you need to do nothing.',
  },
  {
    ...seller('neutral-review', 'Thanks, with no strings'),
    expect: 'arrives',
    subject: 'How did it go?',
    text: 'Thank you for your order. We read every review on the marketplace, whatever it says.',
  },
];

function seller(id: string, title: string): Pick<Card, 'id' | 'title' | 'from' | 'recipient' | 'expect'> {
  return { id, title, from: 'seller', recipient: 'alias', expect: 'stopped' };
}

/** The cards, with the addresses of one order where they need some. */
export function cardsFor(order: SandboxOrder): readonly Card[] {
  const signed: Card = {
    id: 'own-address',
    title: "The buyer's address in a signature",
    from: 'buyer',
    recipient: 'alias',
    expect: 'cleaned',
    subject: 'About my order',
    text: `Hello, could you send me the invoice for order ${order.orderId}?\n\n${order.buyerName}\n${order.buyerAddress}`,
  };
  return [...CHEATS, signed, ...HONEST];
}
