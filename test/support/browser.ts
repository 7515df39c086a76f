/**
 * browser: a real Chromium for scenarios about pages. What the page complained of is kept, so that a scenario can insist on nothing.
 */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = PLACES.find((path) => existsSync(path));

/** For the `skip` of a test: why there is no browser, or `false`. The runner counts a skip as a failure in CI. */
export const noBrowser = program === undefined ? 'chromium is not installed' : false;

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Console errors and warnings, page errors, requests that failed and CSP violations. */
  readonly complaints: readonly string[];
}

export interface RunningBrowser extends AsyncDisposable {
  open(url: string, look: { readonly theme: 'light' | 'dark'; readonly width?: number }): Promise<OpenPage>;
}

// Without these Chromium calls home at every start.
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function startBrowser(): Promise<RunningBrowser> {
  const browser = await chromium.launch({ executablePath: program ?? '', args: QUIET });
  return {
    open: (url, { theme, width = 1440 }) => open(browser, url, theme, width),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function open(browser: Browser, url: string, theme: 'light' | 'dark', width: number): Promise<OpenPage> {
  const context = await browser.newContext({ colorScheme: theme, viewport: { width, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} ${request.failure()?.errorText ?? ''}`));
  await page.goto(url);
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}
