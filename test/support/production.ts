/**
 * production: the relay as it runs for real: nobody's word counts, and who writes is shown by DNS and signatures. One marketplace, with a
 * name server of its own that also speaks for everybody who writes.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createKeyFile } from '../../src/vault/key-file.ts';
import { ED25519, RSA, sealed, signed } from '../mail/authentication/letters.ts';
import { texts } from '../mail/authentication/zones.ts';
import { assertNoCanary } from './canary.ts';
import { startNameServer, type NameServer } from './name-server.ts';
import { mail, type Draft } from './registered.ts';
import { startRelayProcess, type Json, type RelayProcess } from './relay-process.ts';
import { startSink, type Sink } from './sink.ts';
import { sendRaw, type Reply } from './smtp-client.ts';
import { openScenarioStore, type ScenarioStore, type STORES } from './stores.ts';

export const SHOP = 'canary.shop@nord-shop.example';
export const FREE_SHOP = 'canary.nord@gmail.example';
/** A registered address of a domain that never sends from here: what bears it was written by others. */
export const NOT_HERE = 'canary.nord@away.example';
/** Registered, of domains that let a host of many customers send for them, in the ways there are to say so. */
export const HOSTED = ['include', 'redirect', 'mx', 'exists', 'all'].map(
  (way) => `canary.${way}@${way}-hosted.example`,
);
/** Names its own machine in a record of its own, beside the host. */
export const OWN_INCLUDE = 'canary.nord@own-include.example';
export const HELPDESK = 'canary.agent.4711@desk-help.example';
export const BUYER = 'canary.kim@kim-home.example';
export const OTHER_SHOP = 'canary.sued@sued-shop.example';

const HERE = 'v=spf1 ip4:127.0.0.1 -all';
const key = (domain: string, record = RSA.record) => ({ [`s._domainkey.${domain}`]: record });

/** Everybody sends from this machine; `away` never does, `strict` wants what fails refused, and one has no answers. */
const ZONE = {
  ...texts({
    'nord-shop.example': HERE,
    'gmail.example': HERE,
    'desk-help.example': HERE,
    'sued-shop.example': HERE,
    'kim-home.example': HERE,
    'elsewhere.example': HERE,
    'swift.example': HERE,
    'shared-host.example': HERE,
    'include-hosted.example': 'v=spf1 include:shared-host.example -all',
    'redirect-hosted.example': 'v=spf1 redirect=shared-host.example',
    'mx-hosted.example': 'v=spf1 a:out.shared-host.example -all',
    'exists-hosted.example': 'v=spf1 exists:%{i}.shared-host.example -all',
    'all-hosted.example': 'v=spf1 +all',
    'own-include.example': 'v=spf1 include:shared-host.example include:_spf.own-include.example -all',
    '_spf.own-include.example': HERE,
    'away.example': 'v=spf1 -all',
    '_dmarc.strict.example': 'v=DMARC1; p=reject',
    '_dmarc.kim-home.example': 'v=DMARC1; p=none',
    ...key('nord-shop.example'),
    ...key('gmail.example', ED25519.record),
    ...key('desk-help.example'),
    ...key('sued-shop.example'),
    ...key('kim-home.example'),
    ...key('elsewhere.example'),
    ...key('swift.example'),
    'a._domainkey.lists.example': RSA.record,
    'a._domainkey.others.example': RSA.record,
  }),
  'A out.shared-host.example': ['127.0.0.1'],
  'A 127.0.0.1.shared-host.example': ['127.0.0.2'],
  'SERVFAIL silent.example': [],
  'SERVFAIL _dmarc.silent.example': [],
  'SERVFAIL s._domainkey.silent.example': [],
};

export interface Production extends AsyncDisposable {
  readonly relay: RelayProcess;
  readonly store: ScenarioStore;
  readonly sink: Sink;
  readonly names: NameServer;
  /** Its key file. */
  readonly keys: string;
  /** Of one order with carrier swift.example, of another seller's order, and of an order that is over. */
  readonly aliases: Readonly<Record<'buyer' | 'seller' | 'foreign' | 'closed', string>>;
  /** Hands in one message with `path` as reverse path (the author, if not said), signed or not. */
  send(draft: Draft & { readonly path?: string; readonly also?: string }, how?: How): Promise<Reply>;
  /** The same message as bytes on the wire, without the line that ends it. */
  letter(draft: Draft, how?: How): Promise<string>;
}

/** How a message is signed; `sealedBy` says that a forwarder changed it and put its ARC set in front. */
export interface How {
  readonly domain?: string;
  readonly ed25519?: true;
  readonly sealedBy?: string;
}

export async function startProduction(
  kind: (typeof STORES)[number],
  env: Readonly<Record<string, string>> = {},
): Promise<Production> {
  await using undo = new AsyncDisposableStack();
  const store = undo.use(await openScenarioStore(kind));
  const sink = undo.use(await startSink());
  const names = undo.use(await startNameServer(ZONE));
  const keys = join(store.folder, 'data', 'keys.json');
  await createKeyFile(keys);
  const relay = undo.use(
    await startRelayProcess({
      folder: store.folder,
      apiKey: `vk_live_${randomBytes(32).toString('base64url')}`,
      route: `smtp://127.0.0.1:${sink.port}`,
      ...(store.dataUrl === undefined ? {} : { dataUrl: store.dataUrl }),
      env: {
        VEILPOST_MODE: 'production',
        VEILPOST_SMTP__SUBMISSION: 'off',
        VEILPOST_DOMAINS__ALIAS: 'ord.market.example',
        VEILPOST_DOMAINS__HOST: 'mail.market.example',
        VEILPOST_DNS__SERVERS: `127.0.0.1:${names.port}`,
        VEILPOST_AUTH__SEALERS: 'lists.example',
        ...env,
      },
    }),
  );
  const aliases = await registerAll(relay);
  const running = undo.move();
  return {
    relay,
    store,
    sink,
    names,
    keys,
    aliases,
    letter: (draft, how = {}) => written(draft, how),
    send: async (draft, how = {}) =>
      sendRaw(relay.ports.mx, {
        from: draft.path ?? draft.from,
        to: draft.also === undefined ? [draft.to] : [draft.to, draft.also],
        data: await written(draft, how),
      }),
    async [Symbol.asyncDispose]() {
      assertNoCanary('what the process printed', relay.printed(), [SHOP, FREE_SHOP, HELPDESK, BUYER, OTHER_SHOP]);
      await running.disposeAsync();
    },
  };
}

async function written(draft: Draft, { domain, ed25519, sealedBy }: How): Promise<string> {
  const letter = `${mail(draft)}\r\n`;
  const signing = { signingDomain: domain ?? '', signTime: new Date(), ...(ed25519 === true ? { key: ED25519 } : {}) };
  const original = domain === undefined ? letter : await signed(letter, signing);
  if (sealedBy === undefined) return original;
  const author = draft.from.split('@')[1];
  const changed = original.replace(/$/, '_______\r\nSent through a list.\r\n');
  const authResults = `${sealedBy}; dkim=pass header.d=${author}; dmarc=pass header.from=${author}`;
  return await sealed(changed, { signingDomain: sealedBy, signTime: new Date(), authResults });
}

async function registerAll(relay: RelayProcess): Promise<Production['aliases']> {
  const put = async (path: string, body: Json) => {
    const answer = await relay.api('PUT', path, body);
    assert.ok(answer.status === 200 || answer.status === 201, answer.text);
    return JSON.parse(answer.text);
  };
  await put('/v1/sellers/nord', {
    name: 'Nord Tools',
    inbox: SHOP,
    senders: [SHOP, FREE_SHOP, NOT_HERE, OWN_INCLUDE, ...HOSTED, '@desk-help.example'],
  });
  await put('/v1/sellers/sued', { name: 'Sued Tools', inbox: OTHER_SHOP, senders: [OTHER_SHOP] });
  const order = (sellerId: string, more: Record<string, Json> = {}) => ({
    sellerId,
    buyer: { id: 'kim', address: BUYER },
    carriers: ['@swift.example'],
    ...more,
  });
  const { aliases } = await put('/v1/orders/ORDER-1', order('nord'));
  const { aliases: foreign } = await put('/v1/orders/ORDER-2', order('sued'));
  const { aliases: closed } = await put('/v1/orders/ORDER-3', order('nord', { closesAt: '2020-01-01T00:00:00Z' }));
  return { buyer: aliases.buyer, seller: aliases.seller, foreign: foreign.buyer, closed: closed.buyer };
}
