/** The whole relay, and a text as large as the relay takes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startScenario } from '../support/scenario.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';

const LINE = 'Schöne Grüße aus Köln, das Gerät für die Küche wäre morgen größtenteils verfügbar.\r\n';
const ofOctets = (octets: number): string => LINE.repeat(Math.ceil(octets / Buffer.byteLength(LINE)));

for (const kind of STORES) {
  describe(`on ${kind}`, { skip: storeIsMissing(kind) }, () => {
    test('5 MB of text in German are held at once, and 200 kB of it arrive', async () => {
      await using scene = await startScenario(kind);
      const { pair } = scene;
      const saying = (text: string): string =>
        [
          `From: <${pair.seller}>`,
          `To: <${pair.aliases.buyer}>`,
          'Subject: A long letter',
          'MIME-Version: 1.0',
          'Content-Type: text/plain; charset=utf-8',
          'Content-Transfer-Encoding: 8bit',
          '',
          text,
        ].join('\r\n');
      const held = await scene.sellerWrites(saying(ofOctets(5_000_000)));
      assert.match(held.text, /^250 2\.0\.0 held/);
      assert.ok(!scene.relay.printed().includes('path.thread'), 'no thread had to be ended for it');
      const sent = await scene.sellerWrites(saying(ofOctets(200_000)));
      assert.match(sent.text, /^250 2\.0\.0 queued/);
      const { mail } = await scene.arrival(1, 'buyer');
      assert.ok(JSON.stringify(mail).includes('Grüße aus Köln'));
    });
  });
}
