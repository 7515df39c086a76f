/**
 * The sandbox page in a real Chromium, on the whole relay.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser, startBrowser, type RunningBrowser } from '../support/browser.ts';
import { startSandboxProcess, type Sandbox } from '../support/sandbox.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the sandbox page', { skip: noBrowser }, () => {
  let sandbox: Sandbox;
  let browser: RunningBrowser;
  before(async () => {
    [sandbox, browser] = await Promise.all([startSandboxProcess(), startBrowser()]);
  });
  after(async () => {
    await browser[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  const open = (orderId: string, theme: 'light' | 'dark', width = 1440) =>
    browser.open(`${sandbox.relay.url}/sandbox#${orderId}`, { theme, width });

  test('a message and its answer go through both mailboxes, and the X-ray shows each', async () => {
    await using opened = await open('A-1001', 'light');
    const { page } = opened;
    await page.selectOption('#order', 'A-1003');
    await page.locator('#seller-name', { hasText: 'Nord Tools' }).waitFor();
    await page.locator('#buyer-name', { hasText: 'Hana Satō' }).waitFor();
    await write(page, 'seller', 'Your whetstone', 'Soak it for ten minutes.');
    await page.locator('#seller .reply', { hasText: '250 2.0.0 queued as msg_' }).waitFor();
    const mail = page.locator('#buyer .mails li', { hasText: 'Your whetstone' });
    await mail.locator('pre', { hasText: 'Soak it for ten minutes.' }).waitFor();
    await page.locator('#xray .sentence', { hasText: 'Delivered to the buyer' }).waitFor();
    const dropped = page.locator('.fields .mark-dropped', { hasText: 'X-Originating-IP' });
    assert.equal(await dropped.locator('[role=img]').getAttribute('aria-label'), 'dropped');

    await mail.getByRole('button', { name: 'Reply' }).click();
    assert.equal(await page.inputValue('#buyer-subject'), 'Re: Your whetstone');
    await page.fill('#buyer-text', 'Thank you, it works.');
    await page.keyboard.press('Control+Enter');
    const answer = page.locator('#seller .mails li', { hasText: 'Re: Your whetstone' });
    await answer.locator('pre', { hasText: '> Soak it for ten minutes.' }).waitFor();
    await page.locator('#xray .sentence', { hasText: 'Delivered to the seller' }).waitFor();
    assert.doesNotMatch(await answer.innerText(), /hana\.sato@/);
    assert.deepEqual(opened.complaints, []);
  });

  test('a cheat card is refused in sight, with its rule, and the score counts it', async () => {
    await using opened = await open('A-1002', 'light');
    const { page } = opened;
    await page.locator('[data-card=bribe]').click();
    await page.locator('[data-card=bribe] .fate.good', { hasText: '550 refund-for-review-change' }).waitFor();
    await page.locator('#xray .sentence', { hasText: 'Blocked: refund-for-review-change' }).waitFor();
    await page.locator('#xray mark', { hasText: 'Change your 1 star to 5' }).first().waitFor();
    await page.locator('#score', { hasText: 'Caught 1 of 1' }).waitFor();
    await page.locator('[data-card=late-parcel]').click();
    await page.locator('#score', { hasText: '1 of 1 honest ones through' }).waitFor();
    await page.locator('[data-card=real-recipient]').click();
    await page.locator('#xray-body', { hasText: 'Refused at the door' }).waitFor();
    await page.locator('#score', { hasText: 'Caught 2 of 2' }).waitFor();
    assert.deepEqual(opened.complaints, []);
  });

  test('what others send shows without a reload, and hostile mail is text', async () => {
    await using opened = await open('C-3001', 'light');
    const { page } = opened;
    await page.locator('#buyer-name', { hasText: 'Ben Okafor' }).waitFor();
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    await sandbox.send({ orderId: 'C-3001', from: 'buyer', subject: hostile, text: hostile });
    await page.locator('#seller .mails .title', { hasText: '<img src=x' }).waitFor();
    await page.locator('#xray .sides pre', { hasText: '<img src=x' }).first().waitFor();
    assert.equal(await page.locator('main img, main script').count(), 0);
    assert.equal(await page.title(), 'Veilpost sandbox');
    assert.deepEqual(opened.complaints, []);
  });

  test('the keyboard is enough, and the focus stays where it is while mail comes in', async () => {
    await using opened = await open('C-3002', 'light');
    const { page } = opened;
    await page.locator('#buyer-name', { hasText: 'Maria Silva' }).waitFor();
    await page.focus('#seller-subject');
    await page.keyboard.type('Teapot');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Rinse it with hot water.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#buyer .mails .title', { hasText: 'Teapot' }).waitFor();
    await page.focus('#buyer-text');
    await sandbox.send({ orderId: 'C-3002', from: 'seller', subject: 'One more thing', text: 'No soap.' });
    await page.locator('#buyer .mails .title', { hasText: 'One more thing' }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.id'), 'buyer-text');
  });

  for (const path of ['/rules#telephone', '/errors#notFound']) {
    test(`axe finds nothing to object to on ${path} either`, async () => {
      for (const theme of ['light', 'dark'] as const) {
        await using opened = await browser.open(sandbox.relay.url + path, { theme, width: 380 });
        assert.deepEqual(await violations(opened.page), []);
        assert.deepEqual(opened.complaints, []);
      }
    });
  }

  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing to object to in the ${theme} theme, wide and narrow`, async () => {
      for (const width of [1440, 380]) {
        await using opened = await open('D-4002', theme, width);
        const { page } = opened;
        await page.locator('[data-card=own-address]').click();
        await page.locator('[data-card=own-address] .fate.good').waitFor();
        await page.locator('#seller .mails pre', { hasText: 'invoice' }).first().waitFor();
        await page.locator('[data-card=bribe]').click();
        await page.locator('.finding').first().waitFor();
        assert.deepEqual(await violations(page), []);
        assert.ok(
          (await page.evaluate<number>('document.documentElement.scrollWidth')) <= width,
          'no sideways scrolling',
        );
        assert.deepEqual(opened.complaints, []);
      }
    });
  }
});

async function write(page: Page, party: 'seller' | 'buyer', subject: string, text: string): Promise<void> {
  await page.fill(`#${party}-subject`, subject);
  await page.fill(`#${party}-text`, text);
  await page.locator(`#${party} button[type=submit]`).click();
}

/** Rule and place of everything that axe objects to; it must have looked at something. */
async function violations(page: Page): Promise<readonly string[]> {
  // Through the debugger, which the page's CSP does not bind.
  await page.evaluate(axe);
  const found = await page.evaluate<{ passes: number; violations: string[] }>(
    `axe.run().then(({ passes, violations }) => ({
      passes: passes.length,
      violations: violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' at ' + target.join(' '))),
    }))`,
  );
  assert.ok(found.passes > 20, `axe checked ${found.passes} rules`);
  return found.violations;
}
