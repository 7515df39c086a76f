/**
 * stages: what each stage of the mail path costs by itself, on the message that the relay bench sends.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintMessageId, parseBuyerId, parseOrderId, parseSellerId } from '../src/core/ids.ts';
import { RealAddress } from '../src/core/real-address.ts';
import { systemClock } from '../src/core/time.ts';
import { accept } from '../src/mail/accept.ts';
import { judge, type Policy } from '../src/mail/judge.ts';
import { parse } from '../src/mail/parse.ts';
import { rewrite } from '../src/mail/rewrite.ts';
import { secretsOf } from '../src/mail/secrets.ts';
import { sign } from '../src/mail/sign.ts';
import type { Arrival } from '../src/mail/types.ts';
import { verify } from '../src/mail/verify.ts';
import { registerOrder, registerSeller } from '../src/orders/register.ts';
import { openSqliteStore } from '../src/store/sqlite/store.ts';
import { createKeyFile, keyFile } from '../src/vault/key-file.ts';
import { Vault } from '../src/vault/seal.ts';
import { loadModel } from '../src/policy/model/load.ts';

const BATCHES = 9;
const BATCH = 200;

export async function benchStages(
  template: string,
): Promise<readonly (readonly [stage: string, microseconds: number])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'veilpost-bench-'));
  const keyPath = join(folder, 'keys.json');
  await createKeyFile(keyPath);
  const keys = await keyFile(keyPath).load();
  const vault = new Vault(keys);
  await using store = await openSqliteStore({ folder, writer: undefined });
  const register = { store, vault, clock: systemClock, aliasDomain: 'relay.test', aliasKey: keys.alias };
  const seller = await registerSeller(
    {
      sellerId: known(parseSellerId('s')),
      name: 'Nord',
      inbox: 'shop@nord.test',
      senders: ['shop@nord.test'],
      locale: undefined,
      notify: undefined,
    },
    register,
  );
  const { order } = await registerOrder(
    {
      orderId: known(parseOrderId('o')),
      sellerId: seller.sellerId,
      buyer: {
        id: known(parseBuyerId('b')),
        address: 'kim@post.test',
        name: undefined,
        locale: undefined,
        acceptsUnsolicited: true,
      },
      placedAt: undefined,
      closesAt: undefined,
      carriers: [],
    },
    register,
  );
  const raw = Buffer.from(
    template.replaceAll('{FROM}', 'shop@nord.test').replaceAll('{TO}', order.aliases.buyer).replaceAll('{N}', '1'),
  );
  const arrival = (): Arrival => ({
    id: mintMessageId(),
    sender: {
      envelope: { reversePath: RealAddress.parse('shop@nord.test'), alias: order.aliases.buyer },
      order,
      seller,
      from: 'seller',
      to: 'buyer',
    },
    proof: 'sandbox-loopback',
    doubt: undefined,
    door: 'mx',
    receivedAt: systemClock.now(),
    raw,
  });
  const policy: Policy = {
    profile: 'marketplace-strict',
    model: loadModel(),
    ownDomains: ['market.test', 'relay.test'],
  };
  const one = arrival();
  const message = parse(raw);
  const secrets = secretsOf(one, message, vault, ['relay.test']);
  const judgement = judge(one, message, policy, secrets);
  if (judgement.kind !== 'deliver') throw new Error('the bench message must pass');
  const context = {
    secrets,
    links: [],
    names: { from: 'Nord', to: 'Buyer' },
    aliasDomain: 'relay.test',
    hostName: 'mail.relay.test',
    now: 0,
  };
  const rewritten = rewrite(judgement.deliverable, context);
  const verified = await verify(rewritten, secrets);
  if (verified.kind !== 'clean') throw new Error('the bench message must be clean');
  const rsa = keys.dkim.filter((key) => key.algorithm === 'rsa-sha256');
  const ed25519 = keys.dkim.filter((key) => key.algorithm !== 'rsa-sha256');
  const keep = () => {
    const fresh = arrival();
    return accept(
      [
        {
          kind: 'deliver',
          arrival: fresh,
          message,
          likeness: { text: vault.fingerprintOf('words', ''), isRepeated: false },
          notes: [],
          bypasses: [],
          charges: [],
          marks: [],
          mail: { ...verified.mail, arrival: fresh },
        },
      ],
      false,
      {
        store,
        vault,
        retryForMs: 1,
        holdForMs: 1,
        unconfirmedForMs: 1,
      },
    );
  };
  const results: (readonly [string, number])[] = [
    ['parse', await timed(() => parse(raw))],
    ['judge', await timed(() => judge(one, message, policy, secrets))],
    ['open both addresses', await timed(() => secretsOf(one, message, vault, ['relay.test']))],
    ['rewrite', await timed(() => rewrite(judgement.deliverable, context))],
    ['verify', await timed(() => verify(rewritten, secrets))],
    ['seal the body (AES-256-GCM)', await timed(() => vault.sealBytes(rewritten.bytes, 'outgoing/x'))],
    ['sign, RSA-2048', await timed(() => sign(rewritten.bytes, { keys: rsa, domain: 'relay.test', now: 0 }))],
    [
      'sign, RSA-2048, and seal',
      await timed(() => sign(rewritten.bytes, { keys: rsa, domain: 'relay.test', now: 0, sealer: 'mail.relay.test' })),
    ],
    ['sign, Ed25519', await timed(() => sign(rewritten.bytes, { keys: ed25519, domain: 'relay.test', now: 0 }))],
    ['accept: commit of one, waited for', await timed(keep)],
    [
      'accept: commits of 20 at once, each',
      (await timed(() => Promise.all(Array.from({ length: 20 }, keep)), 20)) / 20,
    ],
  ];
  await rm(folder, { recursive: true, force: true });
  return results;
}

/** Median over batches, in microseconds a call. */
async function timed(work: () => unknown, batch = BATCH): Promise<number> {
  const figures: number[] = [];
  for (let round = 0; round < BATCHES; round++) {
    const begun = performance.now();
    for (let index = 0; index < batch; index++) await work();
    figures.push(((performance.now() - begun) * 1000) / batch);
  }
  return figures.sort((a, b) => a - b)[Math.floor(BATCHES / 2)] ?? 0;
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('not a valid id');
  return value;
}
