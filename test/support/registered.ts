/**
 * registered: a marketplace of one scenario, put in through the API as a marketplace would, with addresses that nothing else in
 * the world uses: whatever of them comes out anywhere came from us.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { RelayProcess } from './relay-process.ts';

export interface Registered {
  readonly orderId: string;
  readonly sellerId: string;
  readonly seller: string;
  readonly buyer: string;
  readonly aliases: { readonly buyer: string; readonly seller: string };
  /** Both real addresses: what must never come out on the wrong side. */
  readonly canaries: readonly [seller: string, buyer: string];
}

export const SHOP_NAME = 'Nord Tools';

/** One seller with one order for a buyer, under fresh canary addresses. */
export async function registerPair(relay: Pick<RelayProcess, 'api'>): Promise<Registered> {
  const mark = randomBytes(5).toString('hex');
  const seller = `canary.shop.${mark}@seller-${mark}.test`;
  const buyer = `canary.kim.${mark}@buyer-${mark}.test`;
  const sellerId = `seller-${mark}`;
  const orderId = `ORDER-${mark}`;
  const put = await relay.api('PUT', `/v1/sellers/${sellerId}`, { name: SHOP_NAME, inbox: seller, senders: [seller] });
  assert.ok(put.status === 200 || put.status === 201, put.text);
  const order = await relay.api('PUT', `/v1/orders/${orderId}`, {
    sellerId,
    buyer: { id: `buyer-${mark}`, address: buyer },
  });
  assert.ok(order.status === 200 || order.status === 201, order.text);
  return { orderId, sellerId, seller, buyer, aliases: aliasesOf(order.text), canaries: [seller, buyer] };
}

function aliasesOf(text: string): Registered['aliases'] {
  const { aliases }: { aliases: Registered['aliases'] } = JSON.parse(text);
  assert.match(aliases.buyer, /^b[0-9a-z]{26}@relay\.test$/);
  assert.match(aliases.seller, /^s[0-9a-z]{26}@relay\.test$/);
  return aliases;
}

export interface Draft {
  readonly from: string;
  readonly to: string;
  readonly subject?: string;
  readonly text: string;
  readonly headers?: readonly string[];
}

/** An ordinary message, as bytes on the wire: CRLF, without the closing line. */
export function mail({ from, to, subject = 'Your order', text, headers = [] }: Draft): string {
  return [
    `From: Some Body <${from}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    'Date: Mon, 23 Nov 2026 10:00:00 +0200',
    ...(headers.some((line) => /^message-id:/i.test(line))
      ? []
      : [`Message-ID: <${randomBytes(8).toString('hex')}@${from.split('@')[1]}>`]),
    ...headers,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
  ].join('\r\n');
}
