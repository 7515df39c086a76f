/**
 * rules-page: the rules as sellers read them. A refusal over SMTP links here: which rule, why it is there, how to mend the message.
 */
import { Router } from 'express';
import { RULES } from '../policy/rules/index.ts';
import type { Rule } from '../policy/rule.ts';
import { SOURCES } from '../policy/sources.ts';
import { referencePage, type Entry } from './reference-page.ts';

export function rulesPage(): Router {
  const page = referencePage({
    title: 'What a message may not hold',
    lead:
      'Messages between sellers and buyers are read by these rules before they are delivered. A refusal names the rule; here is why it ' +
      'is there, and how to write the message so that it arrives.',
    entries: RULES.map(entryOf),
  });
  const router = Router();
  router.get('/rules', (_request, response) => void response.type('html').send(page));
  return router;
}

function entryOf({ id, title, why, fix, policy }: Rule): Entry {
  const source = SOURCES[policy];
  return {
    id,
    title,
    facts: [
      ['Why', why.en],
      ['How to mend it', fix.en],
      ['Source', `${source.title}, ${source.clause}`],
    ],
  };
}
