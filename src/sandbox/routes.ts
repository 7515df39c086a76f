/**
 * routes: the sandbox over HTTP: the page, the marketplace, the mailboxes, the X-ray, and writing mail as somebody.
 *
 * Mounted in sandbox mode only, on loopback, without sign-in: whoever is here is at the machine, and everybody in here is invented.
 * Throws `RelayError`s; the server's error handler answers with problem+json.
 */
import express, { type Request, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { join } from 'node:path';
import { z } from 'zod';
import { RelayError } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/seal.ts';
import { cardsFor } from './cards.ts';
import { send, type DoorReply } from './compose.ts';
import { listMailbox, rawMail, readMail, sentEntry, sidesOf } from './inboxes.ts';
import { peopleOf } from './people.ts';
import type { Marketplace } from './seed.ts';
import { xrayOf } from './xray.ts';

export interface SandboxParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly marketplace: Marketplace;
  /** Our own SMTP doors on loopback; `undefined` where another process runs them. */
  readonly ports: { readonly mx: number | undefined; readonly submission: number | undefined };
}

const PAGE = join(import.meta.dirname, 'page');

export function sandboxRoutes(parts: SandboxParts): Router {
  const router = express.Router();
  router.use('/sandbox', fromHereOnly);
  router.get('/sandbox', pageHeaders, (_request, response) => response.sendFile('index.html', { root: PAGE }));
  router.use(
    '/sandbox/page',
    pageHeaders,
    express.static(PAGE, { index: false, redirect: false, cacheControl: false }),
  );
  router.get('/sandbox/marketplace', (_request, response) => response.json(parts.marketplace));
  router.get('/sandbox/inboxes/:address', async (request, response) => {
    response.json({ data: await listMailbox(at(request, 'address'), parts) });
  });
  router.get('/sandbox/inboxes/:address/:id', async (request, response) => {
    const bytes = await rawMail(at(request, 'address'), at(request, 'id'), parts);
    response.type('message/rfc822').set('Content-Disposition', 'attachment').send(bytes);
  });
  router.get('/sandbox/inboxes/:address/:id/text', async (request, response) => {
    response.json(await readMail(at(request, 'address'), at(request, 'id'), parts));
  });
  router.get('/sandbox/orders/:orderId', async (request, response) => {
    const people = peopleOf(at(request, 'orderId'), parts.marketplace);
    response.json({ order: people.order, ...(await sidesOf(people, parts)) });
  });
  router.get('/sandbox/orders/:orderId/cards', (request, response) => {
    response.json({ data: cardsFor(peopleOf(at(request, 'orderId'), parts.marketplace).order) });
  });
  router.get('/sandbox/messages', async (_request, response) => {
    const everything = { orderId: undefined, sellerId: undefined, status: undefined };
    const { rows } = await parts.store.listMessages(everything, { limit: 50, after: undefined });
    response.json({ data: rows.map((row) => ({ ...sentEntry(row, parts.vault), orderId: row.orderId })) });
  });
  router.post('/sandbox/messages', express.json({ limit: '200kb' }), async (request, response) => {
    response.status(200).json(await write(request.body, parts));
  });
  router.get('/sandbox/xray/:messageId', async (request, response) => {
    response.json(await xrayOf(at(request, 'messageId'), parts));
  });
  return router;
}

/** The page loads nothing from elsewhere, runs no script but its own file, and never turns text into markup. */
const pageHeaders: RequestHandler = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'"],
    'connect-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ["'none'"],
  },
});

/** A page from elsewhere that is open in the same browser has no business here; browsers say where a request comes from. */
const fromHereOnly: RequestHandler = (request, _response, next) => {
  const site = request.get('Sec-Fetch-Site') ?? 'none';
  if (site !== 'same-origin' && site !== 'none' && request.get('Sec-Fetch-Mode') !== 'navigate') {
    throw new RelayError('auth.scope');
  }
  next();
};

const writing = z.strictObject({
  orderId: z.string().max(64),
  from: z.enum(['seller', 'buyer']),
  recipient: z.enum(['alias', 'real']).default('alias'),
  subject: z.string().max(500),
  text: z.string().max(100_000),
  /** Id of the received mail that is answered. */
  inReplyTo: z.string().max(64).optional(),
});

/** Sends one message and tells what the door said, with the message's id where it has one. */
async function write(
  body: unknown,
  parts: SandboxParts,
): Promise<DoorReply & { readonly messageId: string | undefined }> {
  const { data, error } = writing.safeParse(body);
  if (data === undefined) throw invalid(error);
  const people = peopleOf(data.orderId, parts.marketplace);
  const author = people[data.from];
  const answered = data.inReplyTo === undefined ? undefined : await readMail(author.address, data.inReplyTo, parts);
  const reply = await send({ ...data, people, answered }, parts);
  return { ...reply, messageId: /\bmsg_[0-9a-z]{20}\b/.exec(reply.line)?.[0] };
}

function invalid(error: z.ZodError): RelayError {
  const fields = error.issues.map(({ path, message }) => ({
    pointer: `/${path.join('/')}`,
    code: 'request.invalid',
    detail: message,
  }));
  return new RelayError('request.invalid', { fields });
}

function at(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}
