/**
 * doors: SMTP, HTTP and the port for figures, each as the configuration wants it.
 */
import type { Router } from 'express';
import type { Config } from '../config/schema.ts';
import { listAccepted, removeAccepted, showAccepted } from '../cases/accepted.ts';
import { answerQuestion, findQuestion } from '../cases/confirm.ts';
import { decideCase } from '../cases/decide.ts';
import { systemClock } from '../core/time.ts';
import { HttpLimits, type RequestLimits } from '../http/limits.ts';
import { startMetrics, type Figures } from '../http/metrics.ts';
import type { HttpParts } from '../http/parts.ts';
import { startHttp } from '../http/server.ts';
import { listening } from '../listening.ts';
import { confirmKey } from '../mail/confirm-token.ts';
import { openContent } from '../mail/content.ts';
import { lintDraft, lintMail } from '../mail/lint.ts';
import type { PathParts } from '../mail/path.ts';
import { postMessage } from '../mail/post.ts';
import type { Relay } from '../mail/types.ts';
import { SignIn } from '../orders/credentials.ts';
import { sellerProfile } from '../orders/order.ts';
import { addCredential, registerOrder, registerSeller } from '../orders/register.ts';
import { standingOf } from '../orders/standing.ts';
import type { Certificate } from '../smtp/certificate.ts';
import { createLimits } from '../smtp/limits.ts';
import { startSmtpDoor, type OpenDoor } from '../smtp/server.ts';
import { openDesks } from './desks.ts';
import { allowanceParts, registerParts, type Foundation } from './foundation.ts';
import { readCertificate, watchCertificate } from './reloading.ts';

export async function openSmtpDoors(
  { isWanted, hasEgress }: { readonly isWanted: boolean; readonly hasEgress: boolean },
  relay: Relay,
  base: Foundation,
  path: PathParts,
  undo: AsyncDisposableStack,
) {
  const { config, events, store, vault } = base;
  const isSandbox = config.mode === 'sandbox';
  const signIn = new SignIn({ store, vault, clock: systemClock });
  const doors: OpenDoor[] = [];
  // Before the certificate is read: what changes between the two would not be seen.
  const use = (certificate: Certificate): void => {
    for (const door of doors) door.useCertificate(certificate);
  };
  const watch = isWanted ? await watchCertificate(config, events, use) : undefined;
  if (watch !== undefined) undo.use(watch);
  const tls = await readCertificate(config);
  const connections = {
    perAddress: config['smtp.maxConnectionsPerPeer'],
    perNetwork: config['smtp.maxConnectionsPerNetwork'],
    inAll: config['smtp.maxConnections'],
  };
  const limits = createLimits(connections, systemClock);
  const desks = isWanted ? await openDesks(base, path, hasEgress, undo) : undefined;
  const open = async (
    name: 'smtp.mx' | 'smtp.submission' | 'smtp.submissions',
    door: 'mx' | 'submission',
  ): Promise<number | undefined> => {
    const listen = config[name];
    if (listen === undefined || desks === undefined) return undefined;
    const settings = {
      door,
      listen,
      hostName: config['domains.host'],
      tls,
      implicitTls: name === 'smtp.submissions',
      requireTls: door === 'submission' && !isSandbox,
      authRequired: door === 'submission',
      sandboxLoopback: isSandbox,
      maxMessage: config['smtp.maxMessage'],
      limits,
      parts: {
        relay,
        desks: desks.desks,
        signIn: (username: string, password: string) => signIn.signIn(username, password),
        events,
        clock: systemClock,
        ruleLink: (rule: string) => `${config['http.publicUrl']}/rules#${rule}`,
      },
    };
    const opened = undo.use(await listening(name, listen, () => startSmtpDoor(settings)));
    doors.push(opened);
    events.listening({ door: name, port: opened.port });
    return opened.port;
  };
  const ports = {
    mx: await open('smtp.mx', 'mx'),
    submission: await open('smtp.submission', 'submission'),
    submissions: await open('smtp.submissions', 'submission'),
  };
  return {
    ports,
    reload() {
      watch?.reload();
      desks?.reload();
    },
  };
}

export async function openHttpDoor(
  parts: HttpParts,
  { config, events }: Foundation,
  routers: readonly Router[],
  undo: AsyncDisposableStack,
): Promise<number | undefined> {
  const listen = config['http.listen'];
  if (listen === undefined) return undefined;
  const trustedProxies = config['http.trustedProxies'];
  const start = () => startHttp({ listen, publicUrl: config['http.publicUrl'], trustedProxies, parts, routers });
  const door = undo.use(await listening('http.listen', listen, start));
  events.listening({ door: 'http', port: door.port });
  return door.port;
}

/** A second sandbox on this machine finds the port taken, and starts all the same: its newcomer did not ask for figures. */
export async function openMetrics(
  figures: Figures,
  { config, events }: Foundation,
  undo: AsyncDisposableStack,
): Promise<void> {
  const listen = config['http.metrics'];
  if (listen === undefined) return;
  try {
    undo.use(await listening('http.metrics', listen, () => startMetrics(listen, figures.registry)));
  } catch (error) {
    if (config.mode !== 'sandbox') throw error;
    events.metricsOff({ port: listen.port });
  }
}

function requestLimits(config: Config): RequestLimits {
  return {
    perKey: config['http.maxRequestsPerKey'],
    perAdminKey: config['http.maxRequestsPerAdminKey'],
    perPeer: config['http.maxRequestsPerPeer'],
    wrongKeysPerPeer: config['http.maxWrongKeysPerPeer'],
  };
}

export function httpParts(relay: Relay, path: PathParts, base: Foundation): HttpParts {
  const { config, events, keys, store, vault } = base;
  const { clock } = path;
  const register = { ...registerParts(base), clock };
  const standing = { ...allowanceParts(base), responseTargetMs: config['response.target'] };
  const confirm = { path, key: confirmKey(keys.alias) };
  return {
    store,
    events,
    clock,
    limits: new HttpLimits(requestLimits(config), clock),
    maxMessage: config['smtp.maxMessage'],
    readContent: (message) => openContent(message, vault),
    readSellerName: (seller) => sellerProfile(seller, vault).name,
    registerSeller: (input) => registerSeller(input, register),
    standingOf: (sellerId) => standingOf(sellerId, clock.now(), standing),
    addCredential: (input) => addCredential(input, register),
    registerOrder: (input) => registerOrder(input, register),
    postMessage: (posted, keyId) => postMessage(posted, keyId, { relay, store, clock }),
    lintDraft: (draft) => lintDraft(draft, path.policy),
    lintMail: (raw) => lintMail(raw, path.policy),
    decideCase: (decision) => decideCase(decision, path),
    findQuestion: (token) => findQuestion(token, confirm),
    listAccepted: (orderId) => listAccepted(orderId, path),
    showAccepted: (orderId) => showAccepted(orderId, path),
    removeAccepted: (orderId, id, by) => removeAccepted(orderId, id, by, path),
    answerQuestion: (question, answer) => answerQuestion(question, answer, confirm),
  };
}
