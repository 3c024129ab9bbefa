// The dashboard, after a visit: its vitals, the page view and its waterfall, and a second visit as it comes in.

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
