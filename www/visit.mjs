// A scripted visit of the shop, and what the collector has to have stored of it.

import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** Where the pictures go. */
const PICTURES = 'target/demo';

/** Headless, without a sandbox (which root has not) and without calls to its maker. */
const ARGUMENTS = [
  ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

const VITALS = ['lcp', 'inp', 'cls', 'fcp', 'ttfb'];

/** Each kind of event that the visit causes, and how to know it among the records. */
const EXPECTED = {
  'session start': (record) => record.kind === 'session.start',
  'page view': (record) => record.kind === 'browser.navigation' && !record.attributes['browser.navigation.same_document'],
  'route change': (record) => record.kind === 'browser.navigation' && record.attributes['browser.navigation.same_document'],
  'navigation timing': (record) => record.kind === 'browser.navigation_timing',
  'resource timing': (record) => record.kind === 'browser.resource_timing',
  'long task': (record) => record.kind === 'browser.long_task',
  'long animation frame': (record) => record.kind === 'browser.long_animation_frame',
  'uncaught error': (record) => record.kind === 'exception' && record.attributes['exception.type'] === 'TypeError',
  'unhandled rejection': (record) => record.kind === 'exception' && record.attributes['exception.type'] !== 'TypeError',
  'request that succeeded': (record) => record.kind === 'span' && record.attributes['http.response.status_code'] === 200,
  'request that failed': (record) => record.kind === 'span' && record.attributes['http.response.status_code'] === 500,
  'request without an answer': (record) => record.kind === 'span' && record.attributes['error.type'] === 'TypeError',
  'span of the page view': (record) => record.kind === 'span' && record.attributes['span.name'].startsWith('load '),
  'span of an action': (record) => record.kind === 'span' && record.attributes['vitrum.action.type'] === 'click',
  'resource group': (record) => record.kind === 'vitrum.resource_group',
  ...Object.fromEntries(
    VITALS.map((name) => [name.toUpperCase(), (record) => record.attributes['browser.web_vital.name'] === name && isMeasured(name, record)]),
  ),
};

/** The script shifts the layout and blocks a click, so that CLS and INP cannot be 0. */
const isMeasured = (name, record) => record.attributes['browser.web_vital.value'] > (name === 'cls' ? 0.01 : name === 'inp' ? 100 : 0);

const json = async (url) => (await fetch(url)).json();

/** What is expected and not among what is stored. */
const missing = async (collector) => {
  const { records } = await json(`${collector}/api/records?limit=1000`);
  return Object.keys(EXPECTED).filter((name) => !records.some(EXPECTED[name]));
};

const until = async (what, deadlineMs, condition) => {
  const deadline = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const use = async (page, shop) => {
  const step = (text) => console.log(`  ${text}`);
  const click = (name) => page.getByTestId(name).first().click();
  step('opens the shop');
  await page.goto(`${shop}/?utm_source=demo`);
  await page.waitForFunction(() => window.vitrum?.stop);
  await page.screenshot({ path: `${PICTURES}/shop.png` });
  step('sorts, by a slow handler');
  await click('sort');
  step('is shown a banner that moves the page');
  await page.evaluate(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => !entry.hadRecentInput && window.shifts++)).observe({ type: 'layout-shift' });
  });
  await click('banner');
  await page.waitForFunction(() => window.shifts > 0);
  for (const [name, text, url] of [
    ['recommend', 'asks for recommendations', '/api/recommendations'],
    ['broken', 'asks for something broken', '/api/broken'],
    ['offline', 'asks a server that is not there', ':9/'],
  ]) {
    step(text);
    const ended = Promise.race([
      page.waitForEvent('response', (response) => response.url().includes(url)),
      page.waitForEvent('requestfailed', (request) => request.url().includes(url)),
    ]);
    await click(name);
    await ended;
  }
  step('meets an error and a rejection');
  for (const name of ['error', 'reject']) {
    const thrown = page.waitForEvent('pageerror');
    await click(name);
    await thrown;
  }
  step('opens a product');
  await click('open-product');
  await page.waitForURL('**/product/*');
  step('leaves');
  await page.goto('about:blank');
};

const picture = async (browser, url, name, viewport) => {
  const page = await browser.newPage({ viewport });
  await page.goto(url);
  // A vital's figure, or a row of a table, which may be folded away. Charts are there before their data.
  await page.locator('.figure small, tbody tr').first().waitFor({ state: 'attached' });
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
  await page.close();
};

const show = async (collector) => {
  const { kinds } = await json(`${collector}/api/kinds`);
  console.log('\nStored:');
  for (const { kind, count } of kinds) console.log(`${String(count).padStart(6)}  ${kind}`);
  const { records } = await json(`${collector}/api/records?limit=1000`);
  console.log('\nAmong them:');
  for (const [name, matches] of Object.entries(EXPECTED)) {
    const { attributes } = records.find(matches) || {};
    if (!attributes) continue;
    const detail = ['browser.web_vital.value', 'exception.message', 'url.full', 'browser.long_task.duration', 'browser.long_animation_frame.duration', 'span.name', 'vitrum.resource_group.origin', 'session.id'];
    console.log(`  ${name.padEnd(26)}${detail.map((key) => attributes[key]).find((value) => value !== undefined)}`);
  }
};

/** Visits the shop. Returns the names of what the collector should have stored and has not. */
export const visit = async (shop, collector) => {
  mkdirSync(PICTURES, { recursive: true });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ARGUMENTS });
  try {
    console.log('A user');
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await use(page, shop);
    await until('the last beacon', 5000, async () => !(await missing(collector)).length).catch(() => {});
    await show(collector);
    const absent = await missing(collector);
    // There would be nothing to see.
    if (absent.length) return absent;
    const { views } = await json(`${collector}/api/overview?range=15m`);
    await picture(browser, collector, 'dashboard', { width: 1280, height: 900 });
    await picture(browser, collector, 'dashboard-phone', { width: 390, height: 844 });
    if (views.length) await picture(browser, `${collector}/views/${views.at(-1).id}`, 'view', { width: 1280, height: 900 });
    console.log(`\nPictures: ${['shop', 'dashboard', 'dashboard-phone', 'view'].map((name) => `${PICTURES}/${name}.png`).join(' ')}`);
    return [];
  } finally {
    await browser.close();
  }
};
