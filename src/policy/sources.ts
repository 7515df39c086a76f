/**
 * sources: the policies and laws that the rules stand on, each with its clause and where it was read.
 *
 * Read as stored copies of the public pages; a marketplace that runs Veilpost has rules of its own, and names them in its profile.
 */

export interface PolicySource {
  readonly title: string;
  /** The clause in short, in our words. */
  readonly clause: string;
  readonly url: string;
  /** ISO date. */
  readonly read: string;
}

const READ = '2026-11-23';

export const SOURCES = {
  'amazon-reviews': {
    title: 'Amazon, customer product reviews policies',
    clause:
      'No refund or other compensation for changing or removing a review, and no request to change or remove one, even after the issue is resolved.',
    url: 'https://sellercentral.amazon.com/gp/help/external/help.html?itemID=E8SYAZUBGVFBHCH&language=en_US',
    read: READ,
  },
  'ftc-465.4': {
    title: 'US Federal Trade Commission, 16 CFR 465.4',
    clause:
      'No compensation or other incentive for consumer reviews that express a particular sentiment, whether the condition is express or implied.',
    url: 'https://lexbuild.dev/ecfr/title-16/chapter-I/part-465/section-465.4',
    read: READ,
  },
  'amazon-feedback': {
    title: 'Amazon, seller feedback policies (Japan)',
    clause: 'A seller may say that feedback can be updated, but may not ask for its change or removal.',
    url: 'https://sellercentral.amazon.co.jp/gp/help/external/help.html?itemID=202126280&language=ja_JP',
    read: READ,
  },
  'amazon-messages': {
    title: 'Amazon, communication guidelines',
    clause:
      'Messages serve the order or answer the customer; no e-mail addresses, no telephone numbers, no outside links.',
    url: 'https://sellercentral.amazon.de/gp/help/external/G1701?language=de_DE',
    read: READ,
  },
  'ebay-contact': {
    title: 'eBay, member-to-member contact',
    clause: 'No exchange of e-mail addresses, telephone numbers, payment details or social links; no offers outside.',
    url: 'http://pages.ebay.com/help/policies/rfe-unwelcome-email-misuse.html',
    read: READ,
  },
  'veilpost-content': {
    title: 'Veilpost, what can be relayed',
    clause: 'What cannot be read in one way only is looked at by a person before it goes on.',
    url: 'https://www.rfc-editor.org/rfc/rfc2045',
    read: READ,
  },
} as const satisfies Record<string, PolicySource>;

export type PolicyId = keyof typeof SOURCES;
