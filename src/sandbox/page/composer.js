/**
 * composer: the form in which one person writes, afresh or in answer to something, and the SMTP reply word for word.
 */
import { postMessage } from './api.js';
import { find, make } from './dom.js';

export class Composer {
  /** @type {string | undefined} */
  #inReplyTo;

  /** @param {import('./api.js').Party} party @param {HTMLFormElement} form @param {import('./mailbox.js').PageLinks} page */
  constructor(party, form, page) {
    this.party = party;
    this.form = form;
    this.page = page;
    this.subject = find(form, 'input', HTMLInputElement);
    this.text = find(form, 'textarea', HTMLTextAreaElement);
    this.answering = find(form, '.answering', HTMLElement);
    this.submit = find(form, 'button[type=submit]', HTMLButtonElement);
    this.reply = find(form, '.reply', HTMLOutputElement);
    this.#listen();
  }

  #listen() {
    find(this.answering, 'button', HTMLButtonElement).addEventListener('click', () => {
      this.#startAfresh();
      this.subject.focus();
    });
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.submit.getAttribute('aria-disabled') !== 'true') void this.#send();
    });
    // As in every mail program.
    this.text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    });
  }

  clear() {
    this.reply.replaceChildren();
    this.#startAfresh();
  }

  /** @param {{ id: string, subject: string }} entry */
  answer({ id, subject }) {
    this.#inReplyTo = id;
    this.subject.value = /^re:/i.test(subject) ? subject : `Re: ${subject}`;
    find(this.answering, 'span', HTMLElement).textContent = `Answering: ${subject}`;
    this.answering.hidden = false;
    this.text.focus();
  }

  #startAfresh() {
    this.#inReplyTo = undefined;
    this.answering.hidden = true;
    this.form.reset();
  }

  async #send() {
    this.submit.setAttribute('aria-disabled', 'true');
    try {
      const reply = await postMessage({
        orderId: this.page.orderId(),
        from: this.party,
        subject: this.subject.value,
        text: this.text.value,
        ...(this.#inReplyTo === undefined ? {} : { inReplyTo: this.#inReplyTo }),
      });
      this.#tell(reply);
      // What was refused stays, to be mended.
      if (reply.isAccepted) this.#startAfresh();
      this.page.sent(reply);
    } catch (error) {
      this.page.fail(error);
    } finally {
      this.submit.removeAttribute('aria-disabled');
    }
  }

  /** @param {import('./api.js').Reply} reply */
  #tell({ isAccepted, line }) {
    const [code = '', ...words] = line.split(' ');
    const said = make(isAccepted ? 'strong.good' : 'strong.bad', `${isAccepted ? '✓' : '✕'} ${code}`);
    this.reply.replaceChildren(said, ` ${words.join(' ')}`);
  }
}
