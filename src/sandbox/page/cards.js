/**
 * cards: sends ready-made cheats and honest messages, and keeps an honest score: what came true of what we promise.
 */
import { getXray, postMessage } from './api.js';
import { find, make, signed } from './dom.js';

/** @typedef {import('./api.js').Card} Card */
/** @typedef {{ isRight: boolean, words: string }} Fate */

/** @type {Record<string, string>} */
const PROMISES = {
  stopped: 'must be stopped',
  cleaned: 'must arrive without the address',
  arrives: 'must arrive',
};

/** @param {{ orderId: () => string, secret: () => string, sent: (reply: import('./api.js').Reply) => void, fail: (error: unknown) => void }} page */
export function cheatCards(page) {
  const list = find(document, '.cards', HTMLUListElement);
  const score = find(document, '#score', HTMLOutputElement);
  const runAll = find(document, '#run-all', HTMLButtonElement);
  /** @type {Map<string, Fate>} */
  const fates = new Map();
  /** @type {Card[]} */
  let cards = [];

  runAll.addEventListener('click', () => {
    if (runAll.getAttribute('aria-disabled') !== 'true') void playAll();
  });

  async function playAll() {
    runAll.setAttribute('aria-disabled', 'true');
    for (const card of cards) await play(card);
    runAll.removeAttribute('aria-disabled');
  }

  /** @param {Card} card */
  async function play({ id, from, recipient, subject, text, expect }) {
    try {
      const reply = await postMessage({ orderId: page.orderId(), from, recipient, subject, text });
      fates.set(id, await fateOf(reply, expect));
      page.sent(reply);
    } catch (error) {
      page.fail(error);
    }
    render();
  }

  /**
   * Judged by what really happened to the message, not by what the card hoped for.
   * @param {import('./api.js').Reply} reply @param {string} expect @returns {Promise<Fate>}
   */
  async function fateOf(reply, expect) {
    const xray = reply.messageId === undefined ? undefined : await getXray(reply.messageId);
    const rule = xray?.verdict.evidence[0]?.rule;
    if (!reply.isAccepted)
      return { isRight: expect === 'stopped', words: `${reply.code} ${rule ?? 'refused at the door'}` };
    if (xray?.status === 'held') return { isRight: expect === 'stopped', words: `held ${rule ?? ''}` };
    const arrives = JSON.stringify(xray?.fields.map(({ after }) => after) ?? []);
    if (arrives.includes(page.secret())) return { isRight: false, words: 'arrived with the address' };
    const words = expect === 'cleaned' ? 'arrived, address hidden' : 'arrived';
    return { isRight: expect !== 'stopped', words };
  }

  /** @param {Card} card */
  function cardFor(card) {
    const button = make('button.card', make('span.name', card.title), make('span.said', card.text), make('span.fate'));
    button.setAttribute('type', 'button');
    button.dataset.card = card.id;
    button.addEventListener('click', () => void play(card));
    return make('li', button);
  }

  function render() {
    for (const card of cards) {
      const place = find(list, `[data-card="${card.id}"] .fate`, HTMLElement);
      const fate = fates.get(card.id);
      const promise = PROMISES[card.expect] ?? '';
      place.className = fate === undefined ? 'fate' : `fate ${fate.isRight ? 'good' : 'bad'}`;
      place.replaceChildren(
        fate === undefined
          ? signed('?', '', 'not tried')
          : signed(fate.isRight ? '✓' : '✕', fate.isRight ? 'good' : 'bad', fate.isRight ? 'as it must be' : 'a miss'),
        fate === undefined ? promise : fate.isRight ? fate.words : `${fate.words}: ${promise}`,
      );
    }
    score.replaceChildren(...scoreOf());
  }

  function scoreOf() {
    /** @param {(card: Card) => boolean} isMeant */
    const count = (isMeant) => {
      const tried = cards.filter((card) => isMeant(card) && fates.has(card.id));
      return [tried.filter((card) => fates.get(card.id)?.isRight).length, tried.length];
    };
    const [caught = 0, cheats = 0] = count(({ expect }) => expect === 'stopped');
    const [passed = 0, honest = 0] = count(({ expect }) => expect !== 'stopped');
    const misses = cheats - caught + honest - passed;
    if (cheats + honest === 0) return ['Nothing tried yet'];
    return [
      cheats > 0 ? make('b', `Caught ${caught} of ${cheats}`) : undefined,
      honest > 0 ? make('span', `${passed} of ${honest} honest ones through`) : undefined,
      make(misses > 0 ? 'b.bad' : 'b.good', misses > 0 ? `✕ ${misses} missed` : '✓ none missed'),
    ].filter((part) => part !== undefined);
  }

  return {
    /** @param {Card[]} fresh */
    load(fresh) {
      cards = fresh;
      fates.clear();
      list.replaceChildren(...fresh.map(cardFor));
      render();
    },
  };
}
