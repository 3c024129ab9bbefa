// The dashboard, after a visit: its vitals, the page view and its waterfall, and a second visit as it comes in; and what it
// makes of a site that is told in part, and of what did not arrive.

import assert from 'node:assert/strict';
import { tag } from './forms.mjs';
import { story } from './stage.mjs';

async function dashboard(stage) {
  await stage.watch('load.html');
  await stage.held(() => window.largest?.url === document.images[0].src);
  const url = stage.page.url();
  await stage.leave();
  const records = await stage.until('the vitals', (records) => records.vital('lcp') && records.vital('cls'));
  const id = records.event('browser.navigation')['vitrum.view.id'];

  const { page } = stage;
  await page.goto(stage.collector.origin);
  const lcp = page.getByRole('article').filter({ has: page.getByRole('heading', { name: 'LCP' }) });
  await lcp.locator('.figure', { hasText: /^[\d.]+ m?sp75$/ }).waitFor();
  assert.match(await lcp.locator('.verdict').innerText(), /^(Good|Needs improvement|Poor)$/);

  const link = page.getByRole('table', { name: 'Latest page views' }).getByRole('link', { name: '/stories/load.html' });
  await link.click();
  await page.waitForURL(`${stage.collector.origin}/views/${id}`);
  await page.getByRole('heading', { name: 'Page load of /stories/load.html' }).waitFor();
  await page.getByText(url, { exact: true }).first().waitFor();
  await page.getByText('The same as a table').click();
  const rows = page.getByRole('table', { name: 'Rows of the waterfall' });
  for (const name of ['glass.svg', 'greeting.js', 'LCP']) await rows.getByRole('button', { name, exact: true }).waitFor();
  await page.getByRole('list', { name: 'Vitals of this page view' }).getByText('CLS', { exact: true }).waitFor();
  assert.equal(await rows.getByRole('button', { name: 'CLS' }).count(), 0, 'what is no moment of the page has no lane');

  await page.getByRole('link', { name: 'All page views' }).click();
  await page.getByText('1 page view', { exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await stage.run(() => (window.isSame = true));
  const visitor = await stage.context.newPage();
  await visitor.goto(`${stage.site.origin}/stories/plain.html`);
  await page.getByText('2 page views', { exact: true }).waitFor();
  assert.equal(await stage.run(() => window.isSame), true, 'it was not loaded again');
  assert.deepEqual(stage.uncaught, []);
}

story('a visit is seen on the dashboard, and the next one while it happens', dashboard, [tag]);

/** A visit too short for the agent, of a site that reports a quarter of its sessions. */
const visit = (page, at) => ({
  v: 1, page, at, service: 'shop', rate: 0.25, view: page, session: page + page,
  url: 'https://shop.example/cart', template: '/cart', type: 'navigate', vitals: [['lcp', 3000]], errors: [[5, 'TypeError', 'broken', '']],
});

async function estimates(stage) {
  const { page, collector } = stage;
  const send = async (body) => assert.equal((await fetch(`${collector.origin}/v1/beacon`, { method: 'POST', body })).status, 204);
  await send(JSON.stringify({ ...visit('00000000000000aa', Date.now()), rate: 1 }));
  await page.goto(collector.origin);
  await page.getByText('1 page view', { exact: true }).waitFor();
  await page.getByText('Nothing is missing of 3 records', { exact: true }).waitFor();
  const note = page.getByText('Counts are estimates');
  assert.equal(await note.isVisible(), false, 'where all is told nothing is estimated');

  await send(JSON.stringify(visit('00000000000000bb', Date.now())));
  await page.getByText('about 5 page views', { exact: true }).waitFor();
  await note.waitFor();
  const lcp = page.getByRole('article').filter({ has: page.getByRole('heading', { name: 'LCP' }) });
  await lcp.getByText('about 5 samples', { exact: true }).waitFor();

  const gaps = { pages: 2, pages_with_gaps: 1, records: { sent: 1234, missing: 12 }, batches: { sent: 9, missing: 1 } };
  await page.route('**/api/gaps?*', (route) => route.fulfill({ json: gaps }));
  await page.reload();
  await page.getByText('12 records of 1,234 did not arrive, from 1 page of 2', { exact: true }).waitFor();
  assert.deepEqual(stage.uncaught, []);
}

story('a site that is told in part is shown as an estimate, and what did not arrive is told', estimates, [tag]);
