import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { mail } from '../support/registered.ts';
import { oneHeader, startScenario, type Scenario } from '../support/scenario.ts';
import { sendRaw } from '../support/smtp-client.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

/** Nobody can look into this, so it is held. */
const LOCKED = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1rQ\r\n-----END PGP MESSAGE-----';

async function hold(scene: Scenario): Promise<void> {
  const { pair } = scene;
  const reply = await scene.sellerWrites(
    mail({ from: pair.seller, to: pair.aliases.buyer, subject: 'locked', text: LOCKED }),
  );
  assert.match(reply.text, /^250 2\.0\.0 held/);
}

interface CaseView {
  readonly id: string;
  readonly status: string;
  readonly decision: { readonly by: string; readonly outcome: string } | null;
}

async function cases({ relay }: Scenario): Promise<readonly CaseView[]> {
  const { data }: { data: readonly CaseView[] } = JSON.parse((await relay.api('GET', '/v1/cases')).text);
  return data;
}

async function onlyCase(scene: Scenario): Promise<CaseView | undefined> {
  const found = await cases(scene);
  assert.equal(found.length, 1);
  return found[0];
}

for (const kind of STORES) {
  describe(`a hold that nobody decides, on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test('is returned at its deadline, and its author is told once', async () => {
      await using scene = await startScenario(kind, { VEILPOST_HOLD__DEADLINE: '1s' });
      await hold(scene);
      const { mail: notice } = await scene.arrival(1, 'seller');
      assert.match(oneHeader(notice, 'Subject'), /needs a change/);
      const decided = await onlyCase(scene);
      assert.deepEqual(
        [decided?.status, decided?.decision?.outcome, decided?.decision?.by],
        ['decided', 'return', 'deadline'],
      );
      assert.equal(scene.sink.messages.length, 1);
    });

    test('is released at its deadline where the marketplace says so, and arrives once', async () => {
      await using scene = await startScenario(kind, {
        VEILPOST_HOLD__DEADLINE: '1s',
        VEILPOST_HOLD__ON_DEADLINE: 'release',
      });
      await hold(scene);
      const { mail: arrived } = await scene.arrival(1, 'buyer');
      assert.equal(oneHeader(arrived, 'Subject'), 'locked');
      assert.equal((await onlyCase(scene))?.decision?.outcome, 'release');
      assert.equal(scene.sink.messages.length, 1);
    });

    test('is told to nobody when no person stands behind it: an answering machine, a program, whoever knew a return path', async () => {
      await using scene = await startScenario(kind, { VEILPOST_HOLD__DEADLINE: '1s' });
      const { pair, relay, sink } = scene;
      const locked = (headers: readonly string[]): string =>
        mail({ from: pair.buyer, to: pair.aliases.seller, text: LOCKED, headers });
      await scene.sellerWrites(mail({ from: pair.seller, to: pair.aliases.buyer, text: 'Hello' }));
      const { message } = await scene.arrival(1, 'buyer');
      const replies = [
        await scene.buyerWrites(locked(['Precedence: bulk'])),
        await scene.buyerWrites(locked(['Auto-Submitted: auto-replied'])),
        await sendRaw(relay.ports.mx, { from: '', to: [message.from], data: locked(['Auto-Submitted: auto-replied']) }),
      ];
      for (const reply of replies) assert.match(reply.text, /^250 2\.0\.0 held/);
      assert.match((await scene.buyerWrites(locked([]))).text, /^250 2\.0\.0 held/);
      const { mail: notice } = await scene.arrival(2, 'buyer');
      assert.match(oneHeader(notice, 'Subject'), /needs a change/, 'the person is told');
      while ((await cases(scene)).some(({ status }) => status === 'open')) await setTimeout(50);
      await scene.sellerWrites(mail({ from: pair.seller, to: pair.aliases.buyer, text: 'the next' }));
      assert.match((await scene.arrival(3, 'buyer')).mail.text, /the next/);
      assert.equal(sink.messages.length, 3, 'and nobody else');
    });

    test('waits for a person until then', async () => {
      await using scene = await startScenario(kind, { VEILPOST_HOLD__DEADLINE: '1h' });
      await hold(scene);
      const open = await onlyCase(scene);
      assert.deepEqual([open?.status, open?.decision], ['open', null]);
      assert.equal(scene.sink.messages.length, 0);
    });
  });
}
