// Visits any page with both libraries in it: what they need is put into the page on its way to the browser.

import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { Chromium } from '../e2e/sidebyside/chromium.mjs';
import { read, Told } from '../e2e/sidebyside/told.mjs';

/** Below this path of the page's site is what we bring along. */
const OURS = '/vitrum-recorder';
const ROOTS = { sidebyside: 'tests/e2e/sidebyside', 'web-vitals': 'node_modules/web-vitals/dist', dist: 'dist' };
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript' };

const LIBRARIES = { 'web-vitals': `${OURS}/web-vitals/web-vitals.attribution.js`, vitrum: `${OURS}/dist/index.js` };
const SETS = [{}, { reportAllChanges: true, reportSoftNavs: true }];

/** So long the page is left to itself after its load. */
const PAUSE_MS = 3000;

const pair = `<script type="application/json" id="pair">${JSON.stringify({ libraries: LIBRARIES, sets: SETS })}</script>
<script type="module" async src="${OURS}/sidebyside/pair.mjs"></script>`;

/** Answers what is asked for below our path; a page of its own where there is no such file. */
async function answer(route) {
  const [root, ...rest] = new URL(route.request().url()).pathname.slice(OURS.length + 1).split('/');
  const type = TYPES[extname(rest.at(-1) ?? '')];
  if (!type) return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Elsewhere</title>' });
  return route.fulfill({ contentType: type, body: await readFile(join(ROOTS[root] ?? '/nowhere', normalize(`/${rest.join('/')}`))) });
}

/** Puts this first into the head of pages; what they forbid of scripts is not heard. */
const preparing = (head) => async (route) => {
  const request = route.request();
  const { pathname } = new URL(request.url());
  if (pathname.startsWith(OURS)) return answer(route);
  if (request.resourceType() !== 'document' || request.frame().parentFrame()) return route.continue();
  const response = await route.fetch({ maxRedirects: 0 });
  const headers = { ...response.headers() };
  if (!headers['content-type']?.startsWith('text/html')) return route.fulfill({ response });
  delete headers['content-security-policy'];
  const body = (await response.text()).replace(/<head[^>]*>|(?=<body)|$/i, (tag) => tag + head);
  return route.fulfill({ response, headers, body });
};

/** What a visit has kept: the page loads, is scrolled, is given one key, and is left. */
export async function visit(url, capture) {
  const browser = await Chromium.start();
  try {
    const tab = await browser.tab();
    await tab.page.route('**/*', preparing(capture + pair));
    await tab.goto(url);
    await tab.waitFor(() => window.pair);
    await tab.evaluate(() => window.pair.ready);
    await tab.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), PAUSE_MS);
    await tab.wheel(300);
    await tab.press('Tab');
    await tab.evaluate(() => window.pair.settled());
    const origin = await tab.evaluate(() => location.origin);
    await tab.goto(`${origin}${OURS}/`);
    const kept = await tab.evaluate(() => ({ ...sessionStorage }));
    // Both libraries have to tell the same, or there is nothing to expect.
    new Told(read(kept));
    return { kept, origins: [origin], sets: SETS };
  } finally {
    await browser.close();
  }
}
