/**
 * confirm-page: the page that asks the registered buyer whether a held message is theirs, and takes the answer; and the one that shows
 * which other addresses the buyer has allowed, and takes them back.
 *
 * GET and HEAD change nothing, since scanners of mail open every link. POST needs no token against forged requests: there is no session
 * and no cookie that a browser would bring along. The token in the address is all that counts, and whoever could make somebody's
 * browser post it already knows it. It is written to no log (the log names routes), sent to no other site (Referrer-Policy), and kept by
 * no cache. Whatever is not a question of ours is one and the same 404. No script, no cookie, nothing of the message.
 */
import { Router, urlencoded, type Request, type RequestHandler, type Response } from 'express';
import type { Answer, Question } from '../cases/confirm.ts';
import { codeOf } from '../core/errors.ts';
import { MINUTE } from '../core/time.ts';
import type { Language } from '../mail/ask.ts';
import { languageAskedFor } from './accept-language.ts';
import { allowedPage, askPage, documentOf, toldPage, type Page } from './confirm-html.ts';
import { CONFIRM_STYLE } from './confirm-words.ts';
import { countReaders } from './limits.ts';
import type { HttpParts } from './parts.ts';
import { requestIdOf } from './request-id.ts';
import { Windows } from './windows.ts';

const FORM_AT_MOST = '1kb';
const ASK = '/confirm/:token';
const ALLOWED = '/confirm/:token/addresses';
const METHODS = 'GET, HEAD, POST';
/**
 * Of one address in a minute, with the style that each page asks for: an office full of buyers behind one router. A guess at a link costs
 * a keyed hash and no look-up, so this guards the process and not the secret.
 */
const REQUESTS_AT_MOST = 300;

type ConfirmPageParts = Pick<
  HttpParts,
  'findQuestion' | 'answerQuestion' | 'showAccepted' | 'removeAccepted' | 'events' | 'clock'
>;

export function confirmPages(parts: ConfirmPageParts): Router {
  const router = Router();
  const form = urlencoded({ extended: false, limit: FORM_AT_MOST });
  const limit = countReaders(new Windows(parts.clock, MINUTE, REQUESTS_AT_MOST), (request, response) => {
    parts.events.requestLimited({ code: 'request.tooMany' });
    sendPage(response, 429, toldPage(languageIn(request), 'tooMany'), languageIn(request));
  });
  router.use(['/confirm', '/confirm.css'], limit);
  router.get('/confirm.css', (_request, response) => void response.type('css').send(CONFIRM_STYLE));
  router.get(ASK, asked(parts, showQuestion));
  router.post(ASK, form, asked(parts, takeAnswer));
  router.get(ALLOWED, asked(parts, showAllowed));
  router.post(ALLOWED, form, asked(parts, takeBack));
  router.all([ASK, ALLOWED], async (request, response) => {
    const language = (await parts.findQuestion(tokenIn(request)))?.language ?? languageIn(request);
    response.set('Allow', METHODS);
    sendPage(response, 405, toldPage(language, 'otherMethod'), language);
  });
  return router;
}

type Handler = (
  question: Question,
  request: Request,
  response: Response,
  parts: ConfirmPageParts,
) => Promise<void> | void;

/** Here stands a person and no program: trouble of ours is a page too. */
function asked(parts: ConfirmPageParts, handle: Handler): RequestHandler {
  return async (request, response) => {
    let language = languageIn(request);
    try {
      const question = await parts.findQuestion(tokenIn(request));
      if (question === undefined) return sendNotFound(response, language);
      language = question.language;
      await handle(question, request, response, parts);
    } catch (error) {
      // What the question was about is gone.
      if (codeOf(error) === 'notFound') return sendNotFound(response, language);
      parts.events.unexpected('http.confirm', error, requestIdOf(response));
      sendPage(response, 503, toldPage(language, 'failed'), language);
    }
  };
}

const showQuestion: Handler = (question, request, response) => {
  const { language, waiting } = question;
  const token = tokenIn(request);
  const page = waiting.length === 0 ? toldPage(language, 'already', token) : askPage(question, token);
  sendPage(response, 200, page, language);
};

const takeAnswer: Handler = async (question, request, response, { answerQuestion }) => {
  const { language, waiting } = question;
  const token = tokenIn(request);
  const answer = answerIn(request.body);
  if (waiting.length === 0) return sendPage(response, 409, toldPage(language, 'already', token), language);
  if (answer === undefined) return sendPage(response, 422, askPage(question, token), language);
  const answered = await answerQuestion(question, answer);
  sendPage(response, answered === 'already' ? 409 : 200, toldPage(language, answered, token), language);
};

const showAllowed: Handler = async (question, _request, response, { showAccepted }) => {
  sendPage(response, 200, allowedPage(question, await showAccepted(question.orderId)), question.language);
};

const takeBack: Handler = async (question, request, response, { showAccepted, removeAccepted }) => {
  const { orderId, language } = question;
  const id: unknown = typeof request.body === 'object' ? Reflect.get(request.body ?? {}, 'id') : undefined;
  const isRemoved = typeof id === 'string' && (await removeAccepted(orderId, id, 'buyer'));
  sendPage(response, isRemoved ? 200 : 409, allowedPage(question, await showAccepted(orderId)), language);
};

const tokenIn = ({ params }: Request): string => String(params['token']);

const languageIn = ({ headers }: Request): Language => languageAskedFor(headers['accept-language']);

/** What the form sends; `undefined` for anything else. */
function answerIn(body: unknown): Answer | undefined {
  if (typeof body !== 'object' || body === null || !('answer' in body)) return undefined;
  const shown = 'upTo' in body ? Number(body.upTo) : undefined;
  const upTo = Number.isSafeInteger(shown) ? shown : undefined;
  if (body.answer === 'no') return { isAuthor: false, acceptsAuthor: false, upTo };
  if (body.answer !== 'yes') return undefined;
  return { isAuthor: true, acceptsAuthor: 'always' in body && body.always === 'yes', upTo };
}

function sendNotFound(response: Response, language: Language): void {
  sendPage(response, 404, toldPage(language, 'notFound'), language);
}

function sendPage(response: Response, status: number, page: Page, language: Language): void {
  response.status(status).set('X-Robots-Tag', 'noindex, nofollow').type('html').send(documentOf(page, language));
}
