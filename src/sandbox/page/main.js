/**
 * main: the sandbox page: an order, its two people, and the relay between them. It looks once a second for what is new, whoever
 * wrote it: this page, swaks in a terminal, or a mail program.
 */
import { getCards, getDesk, getMarketplace, getXray } from './api.js';
import { CheatCards } from './cards.js';
import { find, make } from './dom.js';
import { Mailbox } from './mailbox.js';
import { showNothing, showXray } from './xray.js';

const LOOK_EVERY_MS = 1000;

const choice = find(document, '#order', HTMLSelectElement);
const follow = find(document, '#follow', HTMLInputElement);
const trouble = find(document, '#trouble', HTMLElement);

let orderId = '';
let buyerAddress = '';
/** The message in the X-ray, and what was shown of it. */
let shownId = '';
let shownAs = '';
let newest = '';
let timer = 0;

const page = {
  orderId: () => orderId,
  secret: () => buyerAddress,
  show: (/** @type {string} */ messageId) => void show(messageId).catch(fail),
  sent(/** @type {import('./api.js').Reply} */ reply) {
    if (reply.messageId === undefined) showRefusal(reply.line);
    else page.show(reply.messageId);
    void look();
  },
  fail,
};
const boxes = { seller: new Mailbox('seller', page), buyer: new Mailbox('buyer', page) };
const cards = new CheatCards(page);

/** @param {unknown} error */
function fail(error) {
  trouble.textContent = error instanceof Error ? error.message : 'Something went wrong';
  trouble.hidden = false;
}

/** Refused before there was a message, so nothing was kept and there is nothing to look through. @param {string} line */
function showRefusal(line) {
  [shownId, shownAs] = ['', ''];
  boxes.seller.mark('');
  boxes.buyer.mark('');
  showNothing(`Refused at the door, before there was a message: ${line}`);
}

/** @param {string} messageId */
async function show(messageId) {
  shownId = messageId;
  boxes.seller.mark(messageId);
  boxes.buyer.mark(messageId);
  const xray = await getXray(messageId);
  // Drawn again only when something about it is new, so that nobody loses the place that they are reading.
  const as = `${messageId} ${JSON.stringify(xray)}`;
  if (shownId !== messageId || as === shownAs) return;
  shownAs = as;
  showXray(xray);
}

async function look() {
  clearTimeout(timer);
  try {
    if (document.visibilityState === 'visible') await refresh(orderId);
    trouble.hidden = true;
  } catch (error) {
    fail(error instanceof TypeError ? new Error('The relay does not answer; trying again.') : error);
  }
  timer = setTimeout(look, LOOK_EVERY_MS);
}

/** @param {string} wanted */
async function refresh(wanted) {
  const desk = await getDesk(wanted);
  if (wanted !== orderId) return;
  buyerAddress = desk.buyer.address;
  boxes.seller.render(desk.seller, desk.buyer.alias);
  boxes.buyer.render(desk.buyer, desk.seller.alias);
  const [latest] = [...desk.seller.entries, ...desk.buyer.entries].sort((a, b) => b.at.localeCompare(a.at));
  const isNew = latest !== undefined && latest.messageId !== newest;
  newest = latest?.messageId ?? '';
  const wantedId = isNew && (follow.checked || shownId === '') ? newest : shownId;
  if (wantedId !== '') await show(wantedId);
}

/** @param {string} id */
async function open(id) {
  orderId = id;
  [shownId, shownAs, newest] = ['', '', ''];
  boxes.seller.clear();
  boxes.buyer.clear();
  showNothing('Write something on either side, or try to cheat below: here you see what the relay did to it.');
  cards.load(await getCards(id));
  await look();
}

async function start() {
  const { sellers, orders } = await getMarketplace();
  for (const seller of sellers) {
    const group = document.createElement('optgroup');
    group.label = seller.name;
    for (const order of orders.filter(({ sellerId }) => sellerId === seller.sellerId)) {
      const option = make('option', `${order.orderId}  ${order.buyerName}: ${order.item}`);
      option.setAttribute('value', order.orderId);
      group.append(option);
    }
    choice.append(group);
  }
  const asked = decodeURIComponent(location.hash.slice(1));
  choice.value = orders.some((order) => order.orderId === asked) ? asked : (orders[0]?.orderId ?? '');
  choice.addEventListener('change', () => {
    history.replaceState(null, '', `#${encodeURIComponent(choice.value)}`);
    void open(choice.value).catch(fail);
  });
  document.addEventListener('visibilitychange', () => void look());
  await open(choice.value);
}

await start().catch(fail);
