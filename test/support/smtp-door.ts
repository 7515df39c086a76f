/**
 * smtp-door: a real SMTP door with a relay of a few lines behind it, which records what it is given and answers as it is told.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvents } from '../../src/core/events.ts';
import { mintCaseId, mintMessageId, parseSellerId } from '../../src/core/ids.ts';
import { readSpooled } from '../../src/core/spool.ts';
import type { LogFields } from '../../src/core/log.ts';
import { RelayError, type ErrorCode } from '../../src/core/errors.ts';
import type { RealAddress } from '../../src/core/real-address.ts';
import { systemClock } from '../../src/core/time.ts';
import type { Desks } from '../../src/mail/desks.ts';
import type { Admitted, Claim, Outcome, Relay } from '../../src/mail/types.ts';
import type { Evidence, Verdict } from '../../src/policy/rule.ts';
import type { GateLimits } from '../../src/smtp/gate.ts';
import { createLimits } from '../../src/smtp/limits.ts';
import { startSmtpDoor, type OpenDoor, type SmtpDoor } from '../../src/smtp/server.ts';

export interface Taken {
  readonly raw: Buffer;
  readonly admitted: readonly Admitted[];
  readonly claim: Claim;
}

export interface TestDoor extends OpenDoor {
  readonly taken: readonly Taken[];
  readonly admitted: readonly { recipient: string; sender: RealAddress | undefined; claim: Claim }[];
  readonly lines: readonly { readonly name: string; readonly fields: LogFields }[];
}

export interface TestDoorOptions extends Partial<Omit<SmtpDoor, 'parts' | 'limits'>> {
  readonly connections?: Partial<GateLimits>;
  /** What becomes of a recipient: a code to refuse with, something to throw, or what it is. Everything is admitted without it. */
  readonly admit?: (recipient: string) => ErrorCode | Error | Admitted | undefined;
  readonly relay?: (taken: Taken) => Promise<readonly Outcome[]> | readonly Outcome[];
  readonly clock?: SmtpDoor['parts']['clock'];
  readonly desks?: Desks;
}

export const PASSWORD = 'right horse';

export async function startTestDoor(options: TestDoorOptions = {}): Promise<TestDoor> {
  const {
    admit = () => undefined,
    relay = queuedOnly,
    clock = systemClock,
    connections,
    desks = NO_DESKS,
    ...door
  } = options;
  const limits = createLimits({ perAddress: 20, perNetwork: 50, inAll: 1000, ...connections }, clock);
  const taken: Taken[] = [];
  const admitted: { recipient: string; sender: RealAddress | undefined; claim: Claim }[] = [];
  const lines: { name: string; fields: LogFields }[] = [];
  const fake: Relay = {
    async admit(recipient, sender, claim) {
      admitted.push({ recipient, sender, claim });
      const refusal = admit(recipient);
      if (refusal instanceof Error) throw refusal;
      if (typeof refusal === 'object') return refusal;
      if (refusal !== undefined) throw new RelayError(refusal);
      return { kind: 'bounce', messageId: mintMessageId() };
    },
    async relay(all, raw, claim) {
      const one = { raw: raw instanceof Uint8Array ? Buffer.from(raw) : readSpooled(raw), admitted: all, claim };
      taken.push(one);
      return await relay(one);
    },
  };
  const opened = await startSmtpDoor({
    door: 'mx',
    listen: { host: '127.0.0.1', port: 0 },
    hostName: 'mail.relay.test',
    tls: undefined,
    implicitTls: false,
    requireTls: false,
    authRequired: false,
    sandboxLoopback: true,
    maxMessage: 25_000_000,
    limits,
    ...door,
    parts: {
      relay: fake,
      desks,
      signIn: async (username, password) =>
        username === 'nord' && password === PASSWORD ? parseSellerId('seller-1') : undefined,
      events: createEvents({ write: (_level, name, fields) => lines.push({ name, fields }) }),
      clock,
      ruleLink: (rule) => `https://relay.test/rules#${rule}`,
    },
  });
  return { ...opened, taken, admitted, lines };
}

export const NO_DESKS: Desks = {
  find: () => undefined,
  admit: () => assert.fail('there is no desk'),
  take: () => assert.fail('there is no desk'),
};

const queuedOnly = ({ admitted }: Taken): readonly Outcome[] => admitted.map(() => queued());

export const queued = (): Outcome => ({ kind: 'queued', id: mintMessageId(), verdict: verdict('deliver') });
export const held = (): Outcome => ({
  kind: 'held',
  id: mintMessageId(),
  caseId: mintCaseId(),
  verdict: verdict('hold'),
});
export const refused = (action: 'block' | 'return' = 'block', rule = 'refund-for-review'): Outcome => ({
  kind: 'refused',
  id: mintMessageId(),
  caseId: mintCaseId(),
  verdict: verdict(action, rule),
});

function verdict(action: Verdict['action'], rule?: string): Verdict {
  const evidence: readonly Evidence[] =
    rule === undefined
      ? []
      : [
          {
            rule,
            class: 'inducement',
            field: 'text',
            start: 0,
            end: 6,
            excerpt: 'SECRET words of the seller',
            why: 'why',
            fix: 'fix',
            policy: 'ftc-465.4',
          },
        ];
  return { action, policyVersion: '2026-11-23.1', language: 'en', evidence };
}

/** A key and a self-signed certificate, made once. */
export function makeTls(): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'veilpost-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=mail.relay.test', '-days', '2', '-nodes'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', key, '-out', cert, ...subject],
    { stdio: 'ignore' },
  );
  const made = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return made;
}
