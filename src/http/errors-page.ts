/**
 * errors-page: every error as a program's author looks it up. The `type` of each problem (RFC 9457) leads here.
 */
import { Router } from 'express';
import { ERRORS, rowOf, type ErrorCode } from '../core/errors.ts';
import { referencePage, type Entry } from './reference-page.ts';

export function errorsPage(): Router {
  const page = referencePage({
    title: 'Errors',
    lead:
      'Every refusal has a code. Over HTTP it is in the problem, over SMTP it is the reply with its enhanced code. A reply that begins ' +
      'with 4 is temporary: nothing was kept, send again later.',
    entries: (Object.keys(ERRORS) as ErrorCode[]).map(entryOf),
  });
  const router = Router();
  router.get('/errors', (_request, response) => void response.type('html').send(page));
  return router;
}

function entryOf(code: ErrorCode): Entry {
  const { smtp, http, text, fix } = rowOf(code);
  return {
    id: code,
    title: text,
    facts: [
      ['What to do', fix],
      ['Over HTTP', String(http)],
      ['Over SMTP', smtp.join(' ')],
    ],
  };
}
