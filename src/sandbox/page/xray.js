/**
 * xray: shows what the relay did to one message. Nothing of a message is ever live here: HTML is shown as its source.
 */
import { find, make, signed } from './dom.js';

/** @typedef {import('./api.js').Xray} Xray */
/** @typedef {import('./api.js').Run} Run */
/** @typedef {import('./api.js').HeaderView} HeaderView */

/** @type {Record<string, [sign: string, look: string, label: string]>} */
const VERDICTS = {
  deliver: ['✓', 'good', 'Delivered'],
  redact: ['✓', 'warn', 'Delivered without the marked words'],
  hold: ['…', 'warn', 'Held: a person decides'],
  return: ['✕', 'bad', 'Returned to be changed'],
  block: ['✕', 'bad', 'Blocked'],
};

/** @type {Record<HeaderView['mark'], [sign: string, word: string]>} */
const MARKS = {
  kept: ['=', 'kept'],
  changed: ['≠', 'changed'],
  dropped: ['−', 'dropped'],
  added: ['+', 'added'],
  stopped: ['·', 'not sent'],
};

const body = find(document, '#xray-body', HTMLElement);

/** @param {Xray} xray */
export function showXray(xray) {
  body.replaceChildren(
    verdictOf(xray),
    ...xray.fields.filter(isWorthShowing).flatMap(fieldOf),
    ...findingsOf(xray.verdict.evidence),
    ...headerTable(xray),
  );
  body.scrollTop = 0;
}

/** A subject that nobody touched stands beside the verdict already. @param {Xray['fields'][number]} view */
function isWorthShowing({ field, before }) {
  return field !== 'subject' || before.some(({ isChanged, rule }) => isChanged || rule !== undefined);
}

/** @param {string} words */
export function showNothing(words) {
  body.replaceChildren(make('p.empty', words));
}

/** @param {Xray} xray */
function verdictOf({ id, from, door, receivedAt, status, subject, verdict, headers }) {
  const [sign, look, label] = VERDICTS[verdict.action] ?? ['?', '', verdict.action];
  const reader = from === 'seller' ? 'buyer' : 'seller';
  const [first] = verdict.evidence;
  /** @type {Record<string, string>} */
  const endings = {
    delivered: `${label} to the ${reader}`,
    queued: `On its way to the ${reader}`,
    dropped: 'Taken, and not passed on',
    bounced: 'Accepted, but the mailbox is gone: the sender was told',
    expired: 'Accepted, but never reached the mailbox: the sender was told',
  };
  const sentence = endings[status] ?? (first === undefined ? label : `${label}: ${first.rule}`);
  const isBad = status === 'bounced' || status === 'expired';
  const changed = headers.filter(({ mark }) => mark !== 'kept' && mark !== 'stopped').length;
  const time = new Date(receivedAt).toLocaleTimeString();
  return make(
    'div.verdict',
    isBad ? signed('↩', 'bad', 'Bounced') : signed(sign, look, label),
    make('p.sentence', sentence),
    make(
      'p.meta',
      `${from} to ${reader} through ${door} at ${time}${changed > 0 ? `, ${changed} header fields changed` : ''}`,
    ),
    make('p.meta', subject === '' ? '(no subject)' : `“${subject}” `, make('code', id)),
  );
}

/** One box a rule, with everything that it found. @param {import('./api.js').Evidence[]} evidence */
function findingsOf(evidence) {
  const rules = [...new Set(evidence.map(({ rule }) => rule))];
  if (rules.length === 0) return [];
  return [make('h3', 'Why'), ...rules.map((rule) => findingOf(evidence.filter((entry) => entry.rule === rule)))];
}

/** @param {import('./api.js').Evidence[]} found by one rule */
function findingOf(found) {
  const [first] = found;
  const excerpts = [...new Set(found.map(({ excerpt }) => excerpt))];
  return make(
    'dl.finding',
    make('dt', 'Rule'),
    make('dd', make('code', first?.rule ?? '')),
    make('dt', 'Found'),
    make('dd', ...excerpts.map((excerpt) => make('mark', excerpt))),
    make('dt', 'Reason'),
    make('dd', first?.why ?? ''),
    make('dt', 'To mend it'),
    make('dd', first?.fix ?? ''),
  );
}

/** @param {Xray['fields'][number]} view */
function fieldOf({ field, before, after }) {
  const title = { subject: 'Subject', text: 'Text', html: 'HTML source' }[field] ?? field;
  const look = field === 'html' ? 'pre.source' : 'pre';
  /** @param {string} caption @param {Run[]} runs @param {'del' | 'ins'} tag */
  const side = (caption, runs, tag) => {
    const content = make(look, ...runs.map((run) => runOf(run, tag)));
    content.tabIndex = 0;
    content.setAttribute('role', 'group');
    content.setAttribute('aria-label', `${title}: ${caption}`);
    return make('figure', make('figcaption', caption), content);
  };
  return [
    make('h3', title),
    make(
      'div.sides',
      side('As it was written', before, 'del'),
      after === undefined ? undefined : side('As it arrives', after, 'ins'),
    ),
  ];
}

/** @param {Run} run @param {'del' | 'ins'} tag */
function runOf({ text, isChanged, rule }, tag) {
  if (rule !== undefined) {
    const element = make('mark', isChanged ? make(tag, text) : text);
    element.title = rule;
    return element;
  }
  return isChanged ? make(tag, text) : text;
}

/** Does the old value stand there no more? @param {HeaderView} header */
const isGone = ({ mark }) => mark === 'changed' || mark === 'dropped';

/** @param {Xray} xray */
function headerTable({ headers }) {
  const rows = headers.map((header) => {
    const [sign, word] = MARKS[header.mark];
    const name = make('th', header.name);
    name.setAttribute('scope', 'row');
    return make(
      `tr.mark-${header.mark}`,
      make('td', signed(sign, '', word)),
      name,
      make(
        'td',
        isGone(header) ? make('code.old', header.before ?? '') : undefined,
        header.mark === 'dropped' ? undefined : make('code', header.after ?? header.before ?? ''),
        header.reason === undefined ? undefined : make('p.reason', header.reason),
      ),
    );
  });
  const columns = ['Mark', 'Field', 'Value'].map((title) => {
    const cell = make('th', title);
    cell.setAttribute('scope', 'col');
    return cell;
  });
  const table = make(
    'table.fields',
    make('colgroup', make('col.mark'), make('col.name'), make('col')),
    make('thead', make('tr', ...columns)),
    make('tbody', ...rows),
  );
  const isStopped = headers.every(({ mark }) => mark === 'stopped');
  return isStopped ? [make('h3', 'Header, as it came'), table] : [make('h3', 'Header'), tallyOf(headers), table];
}

/** @param {HeaderView[]} headers */
function tallyOf(headers) {
  const marks = /** @type {HeaderView['mark'][]} */ (['kept', 'changed', 'dropped', 'added']);
  return make(
    'ul.tally',
    ...marks.map((mark) => {
      const [sign, word] = MARKS[mark];
      const count = headers.filter((header) => header.mark === mark).length;
      return make(`li.mark-${mark}`, signed(sign, '', word), `${count} ${word}`);
    }),
  );
}
