/**
 * api: what the page asks of the relay. An answer that is a problem (RFC 9457) is thrown with its own words.
 */

/** @typedef {'seller' | 'buyer'} Party */
/** @typedef {{ orderId: string, sellerId: string, item: string, buyerName: string, buyerAddress: string }} Order */
/** @typedef {{ sellers: { sellerId: string, name: string }[], orders: Order[] }} Marketplace */
/**
 * @typedef {object} Entry
 * @property {'received' | 'sent' | 'notice'} kind
 * @property {string} id
 * @property {string} messageId
 * @property {string} at
 * @property {string} subject
 * @property {string} from
 * @property {string} [status]
 * @property {string} [action]
 * @property {string} [rule]
 */
/** @typedef {{ name: string, address: string, alias: string, entries: Entry[] }} Side */
/** @typedef {{ order: Order, seller: Side, buyer: Side }} Desk */
/** @typedef {{ id: string, title: string, from: Party, recipient: string, subject: string, text: string, expect: string }} Card */
/** @typedef {{ isAccepted: boolean, code: number, line: string, messageId?: string }} Reply */
/** @typedef {{ text: string, isChanged: boolean, rule?: string }} Run */
/** @typedef {{ rule: string, excerpt: string, why: string, fix: string, field: string }} Evidence */
/** @typedef {{ name: string, mark: 'kept' | 'changed' | 'dropped' | 'added' | 'stopped', before?: string, after?: string, reason?: string }} HeaderView */
/**
 * @typedef {object} Xray
 * @property {string} id
 * @property {string} orderId
 * @property {Party} from
 * @property {string} door
 * @property {string} receivedAt
 * @property {string} status
 * @property {string} [caseId]
 * @property {string} subject
 * @property {{ action: string, policyVersion: string, evidence: Evidence[] }} verdict
 * @property {HeaderView[]} headers
 * @property {{ field: string, before: Run[], after?: Run[] }[]} fields
 * @property {string[]} files
 */

/**
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function ask(path, body) {
  const response = await fetch(
    `/sandbox/${path}`,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.title}. ${answer.detail}`);
  return answer;
}

/** @returns {Promise<Marketplace>} */
export const getMarketplace = () => ask('marketplace');

/** @param {string} orderId @returns {Promise<Desk>} */
export const getDesk = (orderId) => ask(`orders/${encodeURIComponent(orderId)}`);

/** @param {string} orderId @returns {Promise<Card[]>} */
export const getCards = async (orderId) => (await ask(`orders/${encodeURIComponent(orderId)}/cards`)).data;

/** @param {string} messageId @returns {Promise<Xray>} */
export const getXray = (messageId) => ask(`xray/${encodeURIComponent(messageId)}`);

/** @param {string} address @param {string} id @returns {Promise<{ from: string, subject: string, text: string, attachments: { filename: string }[] }>} */
export const getLetter = (address, id) => ask(`inboxes/${encodeURIComponent(address)}/${encodeURIComponent(id)}/text`);

/** @param {object} message @returns {Promise<Reply>} */
export const postMessage = (message) => ask('messages', message);
