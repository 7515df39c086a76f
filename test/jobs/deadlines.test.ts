import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mail } from '../support/registered.ts';
import { oneHeader, startScenario, type Scenario } from '../support/scenario.ts';
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

async function onlyCase({ relay }: Scenario) {
  const { text } = await relay.api('GET', '/v1/cases');
  const {
    data,
  }: { data: readonly { id: string; status: string; decision: { by: string; outcome: string } | null }[] } =
    JSON.parse(text);
  assert.equal(data.length, 1);
  return data[0];
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

    test('waits for a person until then', async () => {
      await using scene = await startScenario(kind, { VEILPOST_HOLD__DEADLINE: '1h' });
      await hold(scene);
      const open = await onlyCase(scene);
      assert.deepEqual([open?.status, open?.decision], ['open', null]);
      assert.equal(scene.sink.messages.length, 0);
    });
  });
}
