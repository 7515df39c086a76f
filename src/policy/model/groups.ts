/**
 * groups: concepts that play the same part in an offence, so that pairs and triples of parts can be learned from few examples.
 *
 * "Take it down" and "give it a second look" are both acts on a review; a voucher and a discount are both gifts.
 */
const GROUPS: Readonly<Record<string, string>> = {
  review: 'rev rate star wrote',
  praise: 'full pos',
  blame: 'low neg',
  write: 'post',
  change: 'del chg',
  wait: 'hold',
  manipulate: 'vote comp2',
  prove: 'proof',
  close: 'close',
  money: 'refund money comp',
  gift: 'gift disc free points prize donate',
  replacement: 'repl',
  giving: 'give get',
  condition: 'if',
  sequence: 'after',
  exchange: 'exch',
  wish: 'hope',
  ask: 'ask favour',
  happy: 'happy',
  unhappy: 'unhappy',
  before: 'before',
  reply: 'contact',
  honest: 'honest',
  free: 'choice',
  negation: 'not',
  refusal: 'refuse',
  thanks: 'thanks read',
  plea: 'live job acct',
  threat: 'law threat',
  deadline: 'dead',
  nagging: 'nag',
  insult: 'insult',
  channel: 'mail phone msgr social qr',
  site: 'web',
  private: 'priv',
  add: 'add',
  yours: 'yours',
  payment: 'papal bank crypto',
  fees: 'fees',
  original: 'orig',
  buy: 'buy',
  cheap: 'cheap',
  news: 'newp sale news',
  club: 'club regis refer',
  more: 'xsell app',
  survey: 'surv',
  service: 'how',
  papers: 'pii',
  secret: 'secret',
  office: 'dept',
};

/** By the number of the concept the number of its group, from 1; 0 for a concept of no group. */
export function groupTable(concepts: readonly string[]): Uint8Array {
  const groupOf = new Map(
    Object.values(GROUPS).flatMap((names, index) =>
      names.split(' ').map((name): [string, number] => [name, index + 1]),
    ),
  );
  return Uint8Array.from(concepts, (name) => groupOf.get(name) ?? 0);
}
