/**
 * mailbox: what one person sent and received, and the form to write with. The list is kept by key, so that a look at it every second
 * moves neither the focus nor what somebody is reading.
 */
import { getLetter } from './api.js';
import { Composer } from './composer.js';
import { find, make, signed } from './dom.js';

/** @typedef {import('./api.js').Party} Party */
/** @typedef {import('./api.js').Entry} Entry */
/** @typedef {import('./api.js').Side} Side */

/** @type {Record<string, [sign: string, look: string, label: string, words: string]>} */
const STATES = {
  queued: ['→', '', 'On its way', 'On its way'],
  delivered: ['✓', 'good', 'Delivered', 'Sent, delivered'],
  held: ['…', 'warn', 'Held', 'Held: a person decides'],
  refused: ['✕', 'bad', 'Refused', 'Not delivered'],
  bounced: ['↩', 'bad', 'Bounced', 'Not delivered: no such mailbox'],
  expired: ['↩', 'bad', 'Expired', 'Not delivered in time'],
  received: ['✉', 'good', 'Received', ''],
  notice: ['i', 'warn', 'Notice', 'Notice of the relay'],
};

/**
 * @typedef {object} PageLinks
 * @property {() => string} orderId
 * @property {(messageId: string) => void} show
 * @property {(reply: import('./api.js').Reply) => void} sent
 * @property {(error: unknown) => void} fail
 */

export class Mailbox {
  #address = '';
  /** @type {Map<string, HTMLLIElement>} */
  #lines = new Map();

  /** @param {Party} party @param {PageLinks} page */
  constructor(party, page) {
    this.page = page;
    this.pane = find(document, `#${party}`, HTMLElement);
    this.list = find(this.pane, '.mails', HTMLOListElement);
    this.composer = new Composer(party, find(this.pane, 'form', HTMLFormElement), page);
  }

  /** Another order: everything anew. */
  clear() {
    this.#lines.clear();
    this.list.replaceChildren();
    this.composer.clear();
  }

  /** @param {Side} side @param {string} alias how this person knows the other one */
  render(side, alias) {
    this.#address = side.address;
    find(this.pane, 'h2', HTMLElement).textContent = side.name;
    find(this.pane, '.real', HTMLElement).textContent = side.address;
    find(this.pane, '.alias', HTMLElement).textContent = alias;
    find(this.pane, '.empty', HTMLElement).hidden = side.entries.length > 0;
    const isFirst = this.#lines.size === 0;
    for (const entry of side.entries.toReversed()) {
      const key = `${entry.kind} ${entry.id}`;
      const known = this.#lines.get(key);
      const item = known ?? this.#lineFor(entry);
      fill(item, entry);
      if (known !== undefined) continue;
      this.#lines.set(key, item);
      this.list.prepend(item);
      // What has just come in lies open, as it would in a mail program.
      if (entry.kind !== 'sent' && (!isFirst || entry === side.entries[0])) void this.#toggle(item, entry);
    }
  }

  /** Shows which message is in the X-ray. @param {string} messageId */
  mark(messageId) {
    for (const line of this.list.querySelectorAll('.line')) {
      if (!(line instanceof HTMLElement)) continue;
      if (line.dataset.message === messageId) line.setAttribute('aria-current', 'true');
      else line.removeAttribute('aria-current');
    }
  }

  /** @param {Entry} entry */
  #lineFor(entry) {
    const line = make('button.line');
    line.setAttribute('type', 'button');
    line.dataset.message = entry.messageId;
    if (entry.kind !== 'sent') line.setAttribute('aria-expanded', 'false');
    const item = document.createElement('li');
    item.append(line);
    line.addEventListener('click', () => {
      this.page.show(entry.messageId);
      if (entry.kind !== 'sent') void this.#toggle(item, entry);
    });
    return item;
  }

  /** @param {HTMLLIElement} item @param {Entry} entry */
  async #toggle(item, entry) {
    const open = item.querySelector('.letter');
    find(item, '.line', HTMLButtonElement).setAttribute('aria-expanded', String(open === null));
    if (open !== null) {
      open.remove();
      return;
    }
    const content = make('pre', '');
    content.tabIndex = 0;
    content.setAttribute('role', 'group');
    content.setAttribute('aria-label', `Text of ${entry.subject}`);
    item.append(make('div.letter', content, entry.kind === 'received' ? this.#replyButton(entry) : undefined));
    try {
      content.textContent = (await getLetter(this.#address, entry.id)).text;
    } catch (error) {
      this.page.fail(error);
    }
  }

  /** @param {Entry} entry */
  #replyButton(entry) {
    const button = make('button', 'Reply');
    button.setAttribute('type', 'button');
    button.addEventListener('click', () => this.composer.answer(entry));
    return button;
  }
}

/** What a line says; it is written again only when that changed. @param {HTMLLIElement} item @param {Entry} entry */
function fill(item, entry) {
  const state = entry.kind === 'sent' ? (entry.status ?? 'queued') : entry.kind;
  if (item.dataset.state === state) return;
  item.dataset.state = state;
  const [sign, look, label, words] = STATES[state] ?? ['?', '', state, state];
  const at = new Date(entry.at);
  const time = make('time', at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' }));
  time.setAttribute('datetime', entry.at);
  const isStopped = state === 'refused' || state === 'held';
  const rule = isStopped && entry.rule !== undefined ? `: ${entry.rule}` : '';
  find(item, '.line', HTMLButtonElement).replaceChildren(
    signed(sign, look, label),
    make('span.title', entry.subject === '' ? '(no subject)' : entry.subject),
    time,
    make('span.state', entry.kind === 'received' ? `from ${entry.from}` : words + rule),
  );
}
