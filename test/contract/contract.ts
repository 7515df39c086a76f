/**
 * contract: what every store must do, run against two handles on the same data.
 */
import { after, before, describe } from 'node:test';
import { casesContract } from './cases.ts';
import { directoryContract } from './directory.ts';
import type { Handles, Open } from './handles.ts';
import { inboxesContract } from './inboxes.ts';
import { mailContract } from './mail.ts';
import { outboxContract } from './outbox.ts';
import { questionsContract } from './questions.ts';
import { standingContract } from './standing.ts';
import { stsContract } from './sts.ts';

export function storeContract(name: string, open: Open, skip: string | false = false): void {
  const families = {
    directory: directoryContract,
    mail: mailContract,
    questions: questionsContract,
    cases: casesContract,
    outbox: outboxContract,
    sts: stsContract,
    inboxes: inboxesContract,
    standing: standingContract,
  };
  for (const [family, contract] of Object.entries(families)) {
    describe(`${family} on ${name}`, { skip }, () => {
      let handles: Handles;
      before(async () => {
        handles = await open();
      });
      after(() => handles[Symbol.asyncDispose]());
      contract(() => handles);
    });
  }
}
