/**
 * api: the endpoints under /v1. Each reads its request through a shape, calls the domain, and shows a view.
 */
import { raw, Router, json } from 'express';
import { RelayError } from '../core/errors.ts';
import { parseCaseId, parseMessageId } from '../core/ids.ts';
import { keyOf, needs } from './auth.ts';
import type { HttpParts } from './parts.ts';
import { sendProblem } from './problem.ts';
import * as shapes from './shapes.ts';
import { shaped } from './shapes.ts';
import * as views from './views.ts';

const JSON_AT_MOST = '1mb';
/** Base64 and JSON around an attachment. */
const WRAPPING = 1.4;

export function api(parts: HttpParts, publicUrl: string): Router {
  const router = Router();
  const small = json({ limit: JSON_AT_MOST, strict: true });
  const large = json({ limit: Math.ceil(parts.maxMessage * WRAPPING), strict: true });
  directoryRoutes(router, parts, small);
  mailRoutes(router, parts, large, publicUrl);
  lintRoute(router, parts, small);
  caseRoutes(router, parts, small);
  return router;
}

function directoryRoutes(router: Router, parts: HttpParts, body: ReturnType<typeof json>): void {
  const orders = needs('orders', parts);
  router.put('/sellers/:sellerId', orders, body, async (request, response) => {
    const id = shaped(shapes.sellerId, request.params['sellerId']);
    const { name, inbox, senders, locale, notify } = shaped(shapes.sellerShape, request.body);
    const seller = await parts.registerSeller({ sellerId: id, name, inbox, senders, locale, notify });
    response.json(views.sellerView(seller, name));
  });
  router.get('/sellers/:sellerId', orders, async (request, response) => {
    const seller = await parts.store.findSeller(shaped(shapes.sellerId, request.params['sellerId']));
    if (seller === undefined) throw new RelayError('notFound');
    response.json(views.sellerView(seller, parts.readSellerName(seller)));
  });
  router.get('/sellers/:sellerId/standing', orders, async (request, response) => {
    const sellerId = shaped(shapes.sellerId, request.params['sellerId']);
    if ((await parts.store.findSeller(sellerId)) === undefined) throw new RelayError('notFound');
    response.json(views.standingView(await parts.standingOf(sellerId)));
  });
  router.post('/sellers/:sellerId/credentials', orders, body, async (request, response) => {
    const sellerId = shaped(shapes.sellerId, request.params['sellerId']);
    const { username, password } = shaped(shapes.credentialShape, request.body);
    await parts.addCredential({ sellerId, username, password });
    response.status(201).json({ sellerId, username, password });
  });
  router.put('/orders/:orderId', orders, body, async (request, response) => {
    const orderId = shaped(shapes.orderId, request.params['orderId']);
    const { sellerId, buyer, placedAt, closesAt, carriers } = shaped(shapes.orderShape, request.body);
    const { order, isNew } = await parts.registerOrder({
      orderId,
      sellerId,
      buyer: {
        id: buyer.id,
        address: buyer.address,
        name: buyer.name,
        locale: buyer.locale,
        acceptsUnsolicited: buyer.acceptsUnsolicited ?? true,
      },
      placedAt,
      closesAt,
      carriers: carriers ?? [],
    });
    response.status(isNew ? 201 : 200).json(views.orderView(order));
  });
  router.get('/orders/:orderId', orders, async (request, response) => {
    const order = await parts.store.findOrder(shaped(shapes.orderId, request.params['orderId']));
    if (order === undefined) throw new RelayError('notFound');
    response.json({ ...views.orderView(order), accepted: views.acceptedView(await parts.listAccepted(order.orderId)) });
  });
  router.delete('/orders/:orderId/accepted/:id', orders, async (request, response) => {
    const orderId = shaped(shapes.orderId, request.params['orderId']);
    const isRemoved = await parts.removeAccepted(orderId, String(request.params['id']), 'person');
    if (!isRemoved) throw new RelayError('notFound');
    response.status(204).end();
  });
  router.get('/orders', orders, async (request, response) => {
    const { limit, cursor } = shaped(shapes.pageShape, request.query);
    response.json(views.pageView(await parts.store.listOrders({ limit, after: cursor }), views.orderView));
  });
}

function mailRoutes(router: Router, parts: HttpParts, body: ReturnType<typeof json>, publicUrl: string): void {
  const messages = needs('messages', parts);
  router.post('/messages', messages, body, async (request, response) => {
    const posted = shaped(shapes.messageShape, request.body);
    const outcome = await parts.postMessage(
      {
        orderId: posted.orderId,
        from: posted.from,
        subject: posted.subject,
        text: posted.text,
        html: posted.html,
        attachments: posted.attachments ?? [],
        inReplyTo: posted.inReplyTo,
        reason: posted.reason,
      },
      keyOf(response).keyId,
    );
    if (outcome.kind === 'refused') {
      const code = outcome.verdict.action === 'return' ? 'message.returned' : 'message.blocked';
      sendProblem(response, code, publicUrl, { fields: [], verdict: outcome.verdict, messageId: outcome.id });
      return;
    }
    response.status(202).json(views.outcomeView(outcome));
  });
  router.get('/messages', messages, async (request, response) => {
    const { orderId, sellerId, status, limit, cursor } = shaped(shapes.messagesShape, request.query);
    const page = await parts.store.listMessages({ orderId, sellerId, status }, { limit, after: cursor });
    response.json(views.pageView(page, views.messageView));
  });
  router.get('/messages/:id', messages, async (request, response) => {
    const id = parseMessageId(String(request.params['id']));
    const message = id === undefined ? undefined : await parts.store.findMessage(id);
    if (message === undefined) throw new RelayError('notFound');
    response.json({ ...views.messageView(message), ...parts.readContent(message) });
  });
}

/** JSON fields, or a whole message as `message/rfc822`. */
function lintRoute(router: Router, parts: HttpParts, body: ReturnType<typeof json>): void {
  const mail = raw({ type: 'message/rfc822', limit: parts.maxMessage });
  router.post('/lint', needs('lint', parts), mail, body, (request, response) => {
    if (Buffer.isBuffer(request.body)) {
      response.json(parts.lintMail(request.body));
      return;
    }
    const { subject, text, html } = shaped(shapes.lintShape, request.body);
    response.json(parts.lintDraft({ subject, text, html }));
  });
}

function caseRoutes(router: Router, parts: HttpParts, body: ReturnType<typeof json>): void {
  const cases = needs('cases', parts);
  const find = async (text: unknown) => {
    const id = parseCaseId(String(text));
    const found = id === undefined ? undefined : await parts.store.findCase(id);
    if (found === undefined) throw new RelayError('notFound');
    return found;
  };
  router.get('/cases', cases, async (request, response) => {
    const { status, limit, cursor } = shaped(shapes.casesShape, request.query);
    const page = await parts.store.listCases({ status }, { limit, after: cursor });
    response.json(views.pageView(page, (found) => views.caseView(found, undefined)));
  });
  router.get('/cases/:id', cases, async (request, response) => {
    const found = await find(request.params['id']);
    const message = await parts.store.findMessage(found.messageId);
    response.json(views.caseView(found, message === undefined ? undefined : parts.readContent(message)));
  });
  router.post('/cases/:id/decision', cases, body, async (request, response) => {
    const found = await find(request.params['id']);
    const { outcome, reason, note } = shaped(shapes.decisionShape, request.body);
    const by = keyOf(response).keyId;
    const decided = await parts.decideCase({ caseId: found.id, outcome, reason, note, by, acceptsAuthor: false });
    response.json(views.caseView(decided, undefined));
  });
}
