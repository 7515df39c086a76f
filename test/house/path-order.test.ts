/**
 * The order of the mail path is a fact of its types: whoever skips a stage is stopped by the compiler.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';

/** What every step starts from. */
const given = (src: string) => `
import { releaseOf, type AcceptParts } from '${src}/mail/accept.ts';
import { releaseHeld } from '${src}/mail/judge.ts';
import type { Message } from '${src}/mail/message.ts';
import { rewrite, type RewriteContext } from '${src}/mail/rewrite.ts';
import type { Arrival, Deliverable, Rewritten, Secrets, Verified } from '${src}/mail/types.ts';
import { verify } from '${src}/mail/verify.ts';
import type { Verdict } from '${src}/policy/rule.ts';
import type { DecisionRecord } from '${src}/store/records.ts';

declare const arrival: Arrival, message: Message, verdict: Verdict, bytes: Uint8Array;
declare const deliverable: Deliverable, rewritten: Rewritten, verified: Verified;
declare const context: RewriteContext, secrets: Secrets, parts: AcceptParts, decision: DecisionRecord;
declare const said: Parameters<typeof releaseOf>[1];
`;

const STEPS: readonly { readonly step: string; readonly code: string; readonly compiles: boolean }[] = [
  { step: 'judged, then rewritten', code: 'rewrite(deliverable, context)', compiles: true },
  { step: 'rewritten, then verified', code: 'verify(rewritten, secrets)', compiles: true },
  { step: 'verified, then queued', code: 'releaseOf(verified, said, 0, parts)', compiles: true },
  { step: 'rewritten without a judge', code: 'rewrite({ arrival, message, verdict }, context)', compiles: false },
  {
    step: 'verified without being rewritten',
    code: "verify({ arrival, verdict, bytes, ownId: '', originalId: '', masked: 0 }, secrets)",
    compiles: false,
  },
  { step: 'queued without being verified', code: 'releaseOf(rewritten, said, 0, parts)', compiles: false },
  { step: 'queued straight from the judge', code: 'releaseOf(deliverable, said, 0, parts)', compiles: false },
  {
    step: 'released without a decision to release',
    code: 'releaseHeld(arrival, message, verdict, decision)',
    compiles: false,
  },
];

let folder = '';
let complaints = '';

/** One file for each step, compiled together with the settings of the house. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilpost-path-order-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const [index, { code }] of STEPS.entries()) {
    await writeFile(join(folder, `step-${index}.ts`), `${given(resolve('src'))}void ${code};\n`);
  }
  const compilerOptions = { noUnusedLocals: false, typeRoots: [resolve('node_modules/@types')] };
  const settings = { extends: resolve('tsconfig.json'), compilerOptions, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const compiler = resolve('node_modules/.bin/tsc');
  const { stdout, error } = spawnSync(compiler, ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
  assert.equal(error, undefined);
  complaints = stdout;
});
after(() => rm(folder, { recursive: true, force: true }));

for (const [index, { step, compiles }] of STEPS.entries()) {
  test(`${step}: ${compiles ? 'compiles' : 'does not compile'}`, () => {
    const about = complaints.split('\n').filter((line) => line.includes(`step-${index}.ts`));
    assert.equal(about.length, compiles ? 0 : 1, about.join('\n'));
    // An argument of the wrong type, and no other mistake.
    if (!compiles) assert.match(about[0] ?? '', /error TS2345/);
  });
}
