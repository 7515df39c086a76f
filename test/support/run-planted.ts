/**
 * run-planted: every planted message of the leak suite through parse, open, rewrite and verify; prints what became of them as JSON.
 * A program of its own, so that it can run with one stage mutated (mutate.ts).
 */
import { GROUPS } from '../../leak-suite/cases/all.ts';
import { canRead } from '../../leak-suite/oracle.ts';
import { openFiles } from '../../src/mail/open.ts';
import { parse } from '../../src/mail/parse.ts';
import { rewrite } from '../../src/mail/rewrite.ts';
import { verify } from '../../src/mail/verify.ts';
import { BUYER, CONTEXT, deliverable, SECRETS } from './deliverable.ts';

export interface PlantedRun {
  /** Held before anything was rewritten. */
  held: number;
  /** Let through by verify. */
  sent: number;
  /** Stopped by verify. */
  stopped: string[];
  /** Let through, and the oracle reads the address in it. */
  leaked: string[];
}

const run: PlantedRun = { held: 0, sent: 0, stopped: [], leaked: [] };
for (const { what, mail } of GROUPS.flatMap(({ plants }) => plants)) {
  const message = await openFiles(parse(Buffer.from(mail(BUYER))), SECRETS, true);
  if (message.anomalies.length > 0) {
    run.held++;
    continue;
  }
  const rewritten = rewrite(deliverable(message), CONTEXT);
  if ((await verify(rewritten, SECRETS)).kind === 'leak') run.stopped.push(what);
  else {
    run.sent++;
    if (canRead(BUYER, rewritten.bytes)) run.leaked.push(what);
  }
}
process.stdout.write(JSON.stringify(run));
