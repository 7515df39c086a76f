/**
 * mailbox: one person's side: writing, and what was sent and received. The list is kept by key, so that a look at it every second
 * moves neither the focus nor what somebody is reading.
 */
import { getLetter, postMessage } from './api.js';
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
 * @param {Party} party
 * @param {{ orderId: () => string, show: (messageId: string) => void, sent: (reply: import('./api.js').Reply) => void, fail: (error: unknown) => void }} page
 */
export function mailbox(party, page) {
  const pane = find(document, `#${party}`, HTMLElement);
  const list = find(pane, '.mails', HTMLOListElement);
  const form = find(pane, 'form', HTMLFormElement);
  const subject = find(form, 'input', HTMLInputElement);
  const text = find(form, 'textarea', HTMLTextAreaElement);
  const answering = find(form, '.answering', HTMLElement);
  const submit = find(form, 'button[type=submit]', HTMLButtonElement);
  const reply = find(form, '.reply', HTMLOutputElement);
  /** @type {Map<string, HTMLLIElement>} */
  const lines = new Map();
  let address = '';
  /** @type {string | undefined} */
  let inReplyTo;

  /** @param {Entry} entry */
  function answer(entry) {
    inReplyTo = entry.id;
    subject.value = /^re:/i.test(entry.subject) ? entry.subject : `Re: ${entry.subject}`;
    find(answering, 'span', HTMLElement).textContent = `Answering: ${entry.subject}`;
    answering.hidden = false;
    text.focus();
  }

  function startAfresh() {
    inReplyTo = undefined;
    answering.hidden = true;
    form.reset();
  }

  find(answering, 'button', HTMLButtonElement).addEventListener('click', () => {
    startAfresh();
    subject.focus();
  });

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (submit.getAttribute('aria-disabled') !== 'true') void write();
  });
  // As in every mail program.
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });

  async function write() {
    submit.setAttribute('aria-disabled', 'true');
    try {
      const message = { orderId: page.orderId(), from: party, subject: subject.value, text: text.value };
      const answered = await postMessage(inReplyTo === undefined ? message : { ...message, inReplyTo });
      tell(answered);
      if (answered.isAccepted) startAfresh();
      page.sent(answered);
    } catch (error) {
      page.fail(error);
    } finally {
      submit.removeAttribute('aria-disabled');
    }
  }

  /** @param {import('./api.js').Reply} answered */
  function tell({ isAccepted, line }) {
    const [code = '', ...words] = line.split(' ');
    const look = isAccepted ? 'good' : 'bad';
    reply.replaceChildren(make(`strong.${look}`, `${isAccepted ? '✓' : '✕'} ${code}`), ` ${words.join(' ')}`);
  }

  /** @param {Entry} entry */
  function lineFor(entry) {
    const line = make('button.line');
    line.setAttribute('type', 'button');
    line.dataset.message = entry.messageId;
    const item = document.createElement('li');
    item.append(line);
    line.addEventListener('click', () => {
      page.show(entry.messageId);
      if (entry.kind !== 'sent') void toggle(item, entry);
    });
    return item;
  }

  /** @param {HTMLLIElement} item @param {Entry} entry */
  function fill(item, entry) {
    const state = entry.kind === 'sent' ? (entry.status ?? 'queued') : entry.kind;
    const key = `${state} ${entry.rule ?? ''}`;
    if (item.dataset.state === key) return;
    item.dataset.state = key;
    const [sign, look, label, words] = STATES[state] ?? ['?', '', state, state];
    const time = make(
      'time',
      new Date(entry.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    );
    time.setAttribute('datetime', entry.at);
    const rule = entry.rule === undefined ? '' : `: ${entry.rule}`;
    const detail =
      entry.kind === 'received' ? `from ${entry.from}` : words + (state === 'refused' || state === 'held' ? rule : '');
    find(item, '.line', HTMLButtonElement).replaceChildren(
      signed(sign, look, label),
      make('span.title', entry.subject === '' ? '(no subject)' : entry.subject),
      time,
      make('span.state', detail),
    );
  }

  /** @param {HTMLLIElement} item @param {Entry} entry */
  async function toggle(item, entry) {
    const open = item.querySelector('.letter');
    const line = find(item, '.line', HTMLButtonElement);
    line.setAttribute('aria-expanded', String(open === null));
    if (open !== null) {
      open.remove();
      return;
    }
    const content = make('pre', '');
    content.tabIndex = 0;
    content.setAttribute('aria-label', `Text of ${entry.subject}`);
    const letter = make('div.letter', content);
    if (entry.kind === 'received') {
      const button = make('button', 'Reply');
      button.setAttribute('type', 'button');
      button.addEventListener('click', () => answer(entry));
      letter.append(button);
    }
    item.append(letter);
    try {
      content.textContent = (await getLetter(address, entry.id)).text;
    } catch (error) {
      page.fail(error);
    }
  }

  return {
    /** Another order: everything anew. */
    clear() {
      lines.clear();
      list.replaceChildren();
      reply.replaceChildren();
      startAfresh();
    },
    /** @param {Side} side @param {string} alias how this person knows the other one */
    render(side, alias) {
      address = side.address;
      find(pane, 'h2', HTMLElement).textContent = side.name;
      find(pane, '.real', HTMLElement).textContent = side.address;
      find(pane, '.alias', HTMLElement).textContent = alias;
      find(pane, '.empty', HTMLElement).hidden = side.entries.length > 0;
      const isFirst = lines.size === 0;
      for (const entry of side.entries.toReversed()) {
        const key = `${entry.kind} ${entry.id}`;
        const known = lines.get(key);
        const item = known ?? lineFor(entry);
        fill(item, entry);
        if (known !== undefined) continue;
        lines.set(key, item);
        list.prepend(item);
        // What has just come in lies open, as it would in a mail program.
        if (entry.kind !== 'sent' && (!isFirst || entry === side.entries[0])) void toggle(item, entry);
        else if (entry.kind !== 'sent') find(item, '.line', HTMLButtonElement).setAttribute('aria-expanded', 'false');
      }
    },
    /** @param {string} messageId */
    mark(messageId) {
      for (const line of list.querySelectorAll('.line')) {
        if (!(line instanceof HTMLElement)) continue;
        if (line.dataset.message === messageId) line.setAttribute('aria-current', 'true');
        else line.removeAttribute('aria-current');
      }
    },
  };
}
