/** The page that asks a buyer, in a real Chromium. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser, startBrowser, type RunningBrowser } from '../support/browser.ts';
import { startAsking, type Asking } from '../support/questions.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the page that asks a buyer', { skip: noBrowser }, () => {
  let asking: Asking;
  let browser: RunningBrowser;
  let orders = 0;
  before(async () => {
    [asking, browser] = await Promise.all([startAsking('SQLite'), startBrowser()]);
  });
  after(async () => {
    await browser[Symbol.asyncDispose]();
    await asking[Symbol.asyncDispose]();
  });

  const asked = async (locale?: string) => {
    orders += 1;
    const alias = await asking.order(`PAGE-${orders}`, locale);
    await asking.write(alias, 'Where is my parcel?');
    return { alias, orderId: `PAGE-${orders}`, ...(await asking.question()) };
  };
  const statusOf = async (orderId: string) => (await asking.cases(orderId))[0]?.status;

  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing to object to in the ${theme} theme, wide and narrow, before and after the answer`, async () => {
      for (const [width, locale] of [
        [1440, 'en'],
        [320, 'de'],
      ] as const) {
        const { link } = await asked(locale);
        await using opened = await browser.open(link, { theme, width });
        const { page } = opened;
        assert.equal(await page.getAttribute('html', 'lang'), locale);
        assert.deepEqual(await violations(page), []);
        assert.ok(
          (await page.evaluate<number>('document.documentElement.scrollWidth')) <= width,
          'no sideways scrolling',
        );
        await page.locator('button[value=no]').click();
        await page.locator('[role=status]').waitFor();
        assert.deepEqual(await violations(page), []);
        assert.deepEqual(opened.complaints, []);
      }
      await using nowhere = await browser.open(`${asking.world.relay.url}/confirm/none`, { theme });
      assert.deepEqual(await violations(nowhere.page), []);
    });
  }

  test('the keyboard is enough, and Enter in the checkbox is no answer', async () => {
    const { link, alias, orderId } = await asked();
    await using opened = await browser.open(link, { theme: 'light' });
    const { page } = opened;
    const focused = () => page.evaluate('document.activeElement.id || document.activeElement.value');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'always');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    assert.equal(await page.isChecked('#always'), true);
    assert.equal(await statusOf(orderId), 'open');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'yes');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'no');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.locator('[role=status]', { hasText: 'The message goes to the seller now' }).waitFor();
    assert.match((await asking.next()).mail.text, /^Where is my parcel\?/);
    assert.match((await asking.write(alias, 'The second')).text, /^250 2\.0\.0 queued/, 'the box was ticked');
    await asking.next();
    await page.reload();
    await page.locator('[role=status]', { hasText: 'There is nothing that you need to do' }).waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    assert.ok(
      opened.complaints.every((complaint) => /409/.test(complaint)),
      opened.complaints.join('; '),
    );
  });

  test('a reader who presses nothing leaves the message where it is', async () => {
    const { link, orderId } = await asked();
    for (let visit = 0; visit < 3; visit++) {
      await using opened = await browser.open(link, { theme: 'dark' });
      await opened.page.getByRole('button', { name: 'Yes, that was me' }).waitFor();
    }
    assert.equal(await statusOf(orderId), 'open');
  });
});

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
  assert.ok(found.passes > 10, `axe checked ${found.passes} rules`);
  return found.violations;
}
