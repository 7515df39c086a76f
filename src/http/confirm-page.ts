/**
 * confirm-page: the page that asks the registered buyer whether a held message is theirs, and takes the answer.
 *
 * GET and HEAD change nothing, since scanners of mail open every link. POST needs no token against forged requests: there is no session
 * and no cookie that a browser would bring along. The token in the address is all that counts, and whoever could make somebody's
 * browser post it already knows it. It is written to no log (the log names routes), sent to no other site (Referrer-Policy), and kept by
 * no cache. Whatever is not a question of ours is one and the same 404. No script, no cookie, nothing of the message.
 */
import { Router, urlencoded, type Response } from 'express';
import type { Answer, Answered, Question } from '../cases/confirm.ts';
import { codeOf } from '../core/errors.ts';
import { shownTime } from '../mail/ask.ts';
import { CONFIRM_STYLE, NOT_FOUND, WORDS, type PageWords } from './confirm-words.ts';
import type { HttpParts } from './parts.ts';
import { escape } from './reference-page.ts';
import { requestIdOf } from './request-id.ts';

const FORM_AT_MOST = '1kb';
const PATH = '/confirm/:token';
const METHODS = 'GET, HEAD, POST';

type ConfirmPageParts = Pick<HttpParts, 'findQuestion' | 'answerQuestion' | 'events'>;

export function confirmPages(parts: ConfirmPageParts): Router {
  const { findQuestion } = parts;
  const router = Router();
  const form = urlencoded({ extended: false, limit: FORM_AT_MOST });
  router.get('/confirm.css', (_request, response) => void response.type('css').send(CONFIRM_STYLE));
  router.get(PATH, async (request, response) => {
    const question = await findQuestion(tokenIn(request.params));
    if (question === undefined) sendNotFound(response);
    else if (question.isAnswered) sendPage(response, 200, toldPage(question, 'already'), question);
    else sendPage(response, 200, askPage(question), question);
  });
  router.post(PATH, form, async (request, response) => {
    const question = await findQuestion(tokenIn(request.params));
    const answer = answerIn(request.body);
    if (question === undefined) return sendNotFound(response);
    if (question.isAnswered) return sendPage(response, 409, toldPage(question, 'already'), question);
    if (answer === undefined) return sendPage(response, 422, askPage(question), question);
    await sendAnswered(response, question, answer, parts);
  });
  router.all(PATH, (_request, response) => {
    response.status(405).set('Allow', METHODS).type('text').send(`This page takes ${METHODS}.\n`);
  });
  return router;
}

/** Here stands a person and no program: trouble of ours is a page too. */
async function sendAnswered(
  response: Response,
  question: Question,
  answer: Answer,
  { answerQuestion, events }: ConfirmPageParts,
): Promise<void> {
  try {
    const answered = await answerQuestion(question, answer);
    sendPage(response, answered === 'already' ? 409 : 200, toldPage(question, answered), question);
  } catch (error) {
    // What the question was about is gone.
    if (codeOf(error) === 'notFound') return sendNotFound(response);
    events.unexpected('http.confirm', error, requestIdOf(response));
    sendPage(response, 503, toldPage(question, 'failed'), question);
  }
}

const tokenIn = (params: Readonly<Record<string, unknown>>): string => String(params['token']);

/** What the form sends; `undefined` for anything else. */
function answerIn(body: unknown): Answer | undefined {
  if (typeof body !== 'object' || body === null || !('answer' in body)) return undefined;
  if (body.answer === 'no') return { isAuthor: false, acceptsAuthor: false };
  if (body.answer !== 'yes') return undefined;
  return { isAuthor: true, acceptsAuthor: 'always' in body && body.always === 'yes' };
}

function sendNotFound(response: Response): void {
  sendPage(response, 404, told(NOT_FOUND), { language: 'en' });
}

function sendPage(
  response: Response,
  status: number,
  { title, main }: Page,
  { language }: Pick<Question, 'language'>,
): void {
  response.status(status).set('X-Robots-Tag', 'noindex, nofollow').type('html').send(`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${escape(title)}</title>
<link rel="icon" type="image/svg+xml" href="/icon.svg">
<link rel="stylesheet" href="/confirm.css">
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`);
}

interface Page {
  readonly title: string;
  readonly main: string;
}

const toldPage = ({ language }: Question, answered: Answered | 'failed'): Page => told(WORDS[language].told[answered]);

function told({ title, text }: PageWords['told'][Answered]): Page {
  return { title, main: `<h1>${escape(title)}</h1>\n<p role="status">${escape(text)}</p>` };
}

function askPage({ language, orderId, receivedAt }: Question): Page {
  const words = WORDS[language];
  // Enter in the checkbox presses the first button of the form (HTML, implicit submission): so that no slip is an answer, that is one out
  // of sight that closes the dialog around it, and there is none. One that is disabled will not do: Chromium takes the next.
  return {
    title: words.title,
    main: `<h1>${escape(words.title)}</h1>
<p>${escape(words.what)}</p>
<dl>
<dt>${escape(words.order)}</dt><dd>${escape(orderId)}</dd>
<dt>${escape(words.came)}</dt><dd>${escape(shownTime(receivedAt, language))}</dd>
</dl>
<p>${escape(words.choice)}</p>
<form method="post">
<button type="submit" formmethod="dialog" class="never" tabindex="-1" aria-hidden="true"></button>
<div class="always">
<input type="checkbox" id="always" name="always" value="yes" aria-describedby="always-means">
<label for="always">${escape(words.always)}</label>
<p id="always-means">${escape(words.alwaysMeans)}</p>
</div>
<div class="answers">
<button type="submit" name="answer" value="yes">${escape(words.yes)}</button>
<button type="submit" name="answer" value="no">${escape(words.no)}</button>
</div>
</form>
<p class="quiet">${escape(words.quiet)}</p>`,
  };
}
