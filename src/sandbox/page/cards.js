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

export class CheatCards {
  /** @type {Map<string, Fate>} */
  #fates = new Map();
  /** @type {Card[]} */
  #cards = [];

  /** @param {Pick<import('./mailbox.js').PageLinks, 'orderId' | 'sent' | 'fail'> & { secret: () => string }} page */
  constructor(page) {
    this.page = page;
    this.list = find(document, '.cards', HTMLUListElement);
    this.score = find(document, '#score', HTMLOutputElement);
    this.runAll = find(document, '#run-all', HTMLButtonElement);
    this.runAll.addEventListener('click', () => {
      if (this.runAll.getAttribute('aria-disabled') !== 'true') void this.#playAll();
    });
  }

  /** The cards of another order. @param {Card[]} cards */
  load(cards) {
    this.#cards = cards;
    this.#fates.clear();
    this.list.replaceChildren(...cards.map((card) => this.#cardFor(card)));
    this.#render();
  }

  async #playAll() {
    this.runAll.setAttribute('aria-disabled', 'true');
    for (const card of this.#cards) await this.#play(card);
    this.runAll.removeAttribute('aria-disabled');
  }

  /** @param {Card} card */
  async #play({ id, from, recipient, subject, text, expect }) {
    try {
      const reply = await postMessage({ orderId: this.page.orderId(), from, recipient, subject, text });
      this.#fates.set(id, await fateOf(reply, expect, this.page.secret()));
      this.page.sent(reply);
    } catch (error) {
      this.page.fail(error);
    }
    this.#render();
  }

  /** @param {Card} card */
  #cardFor(card) {
    const button = make('button.card', make('span.name', card.title), make('span.said', card.text), make('span.fate'));
    button.setAttribute('type', 'button');
    button.dataset.card = card.id;
    button.addEventListener('click', () => void this.#play(card));
    return make('li', button);
  }

  #render() {
    for (const card of this.#cards) {
      const place = this.list.querySelector(`[data-card="${card.id}"] .fate`);
      if (place !== null) showFate(place, this.#fates.get(card.id), PROMISES[card.expect] ?? '');
    }
    this.score.replaceChildren(...this.#scoreOf());
  }

  #scoreOf() {
    const [caught, cheats] = this.#count(({ expect }) => expect === 'stopped');
    const [passed, honest] = this.#count(({ expect }) => expect !== 'stopped');
    if (cheats + honest === 0) return ['Nothing tried yet'];
    const misses = cheats - caught + honest - passed;
    return [
      ...(cheats > 0 ? [make('b', `Caught ${caught} of ${cheats}`)] : []),
      ...(honest > 0 ? [make('span', `${passed} of ${honest} honest ones through`)] : []),
      misses > 0 ? make('b.bad', `✕ ${misses} missed`) : make('b.good', '✓ none missed'),
    ];
  }

  /** How many came true, of how many that were tried. @param {(card: Card) => boolean} isMeant @returns {[number, number]} */
  #count(isMeant) {
    const fates = this.#cards.filter(isMeant).flatMap((card) => this.#fates.get(card.id) ?? []);
    return [fates.filter(({ isRight }) => isRight).length, fates.length];
  }
}

/** @param {Element} place @param {Fate | undefined} fate @param {string} promise */
function showFate(place, fate, promise) {
  if (fate === undefined) {
    place.className = 'fate';
    place.replaceChildren(signed('?', '', 'not tried'), promise);
    return;
  }
  const { isRight, words } = fate;
  place.className = isRight ? 'fate good' : 'fate bad';
  place.replaceChildren(
    isRight ? signed('✓', 'good', 'as it must be') : signed('✕', 'bad', 'a miss'),
    isRight ? words : `${words}: ${promise}`,
  );
}

/**
 * Judged by what really happened to the message, not by what the card hoped for.
 * @param {import('./api.js').Reply} reply @param {string} expect @param {string} secret the address that must not arrive
 * @returns {Promise<Fate>}
 */
async function fateOf(reply, expect, secret) {
  const xray = reply.messageId === undefined ? undefined : await getXray(reply.messageId);
  const rule = xray?.verdict.evidence[0]?.rule;
  if (!reply.isAccepted)
    return { isRight: expect === 'stopped', words: `${reply.code} ${rule ?? 'refused at the door'}` };
  if (xray?.status === 'held') return { isRight: expect === 'stopped', words: `held ${rule ?? ''}` };
  const arrives = (xray?.fields ?? []).map(({ after }) => (after ?? []).map(({ text }) => text).join(''));
  if (arrives.some((text) => text.includes(secret))) return { isRight: false, words: 'arrived with the address' };
  return { isRight: expect !== 'stopped', words: expect === 'cleaned' ? 'arrived, address hidden' : 'arrived' };
}
