// The dashboard's screens of errors: the list by cause, one error with its stack and what happened before, and its state: mended,
// back, and changed by nobody but the dashboard.

import assert from 'node:assert/strict';
import { tag } from './forms.mjs';
import { story } from './stage.mjs';
import { CHROME, FIREFOX, failure, record, send } from './told_errors.mjs';

const BROKEN = '00000000000000a1';
const HIDDEN = '00000000000000a2';
const FOREIGN = '00000000000000a3';

const STACK = '    at n (https://shop.example/assets/main.js:1:20)\n    at https://shop.example/assets/main.js:1:90\nCaused by: RangeError: no price\n    at Array.map (<anonymous>)';
const CRUMBS = '12 navigation /cart\n1000 action click #pay\n2800 request POST https://shop.example/api/orders/:id 500';

const broken = (at, place, more) =>
  record('exception', at, { ...place, ...failure('TypeError', 'x is undefined', BROKEN, STACK, { 'vitrum.error.breadcrumbs': CRUMBS, 'vitrum.flag.cart': 'new', ...more }) });

const FIRST = { session: 'a1'.repeat(16), view: 'aa'.repeat(8), path: '/cart' };
const SECOND = { session: 'b2'.repeat(16), view: 'bb'.repeat(8), path: '/pay' };

/** Two sessions of two releases, with errors of three causes and the page view of the first. */
async function tell(origin) {
  const now = Date.now() - 10_000;
  const first = [
    record('browser.navigation', now - 3000, { ...FIRST, 'url.full': 'https://shop.example/cart', 'browser.navigation.same_document': false }),
    broken(now, FIRST, { 'user.hash': 'someone' }),
    record('vitrum.error_repeats', now + 10, { ...FIRST, 'vitrum.error.fingerprint': BROKEN, 'vitrum.error.count': 11 }),
    record('exception', now - 50, { ...FIRST, ...failure('Error', 'Script error.', HIDDEN, '', { 'vitrum.error.origin': 'cross-origin' }) }),
  ];
  await send(origin, { 'service.version': '1.0.0', 'user_agent.original': CHROME }, first);
  const second = [
    broken(now - 500, SECOND),
    record('exception', now - 60, { ...SECOND, ...failure('ReferenceError', 'y is not defined', FOREIGN, '    at chrome-extension://x/y.js:1:1', { 'vitrum.error.origin': 'extension' }) }),
  ];
  await send(origin, { 'service.version': '1.1.0', 'user_agent.original': FIREFOX }, second);
}

async function list({ page, collector, uncaught }) {
  await page.goto(`${collector.origin}/errors`);
  await page.getByText('No errors in this range.').waitFor();
  await tell(collector.origin);

  // By the overview, whose list leads there.
  await page.getByRole('link', { name: 'Overview' }).click();
  const latest = page.getByRole('region', { name: 'Latest errors' });
  await latest.getByText('13 times · 2 sessions · /cart').waitFor();
  await latest.getByRole('link', { name: 'All errors' }).click();
  await page.waitForURL(`${collector.origin}/errors`);
  const table = page.getByRole('table', { name: 'Errors' });
  const row = (name) => table.getByRole('row').filter({ hasText: name });
  await row('x is undefined').waitFor();
  const cells = async (name) => (await row(name).getByRole('cell').allInnerTexts()).map((text) => text.trim());
  assert.deepEqual((await cells('x is undefined')).slice(2, 5), ['13', '2', '1']);
  assert.match((await cells('x is undefined'))[0], /TypeError\s*x is undefined\s+New in 1\.1\.0\s*shop · \/cart · 1\.0\.0 and 1 other/);
  assert.match((await cells('Script error.'))[0], /Cross-origin/);
  assert.match((await cells('y is not defined'))[0], /New in 1\.1\.0\s*Extension/);
  assert.equal(await row('x is undefined').getByRole('img').locator('i.on').count(), 1);

  await page.getByRole('button', { name: 'Extension 1' }).click();
  await page.waitForURL(/origin=extension/);
  await row('x is undefined').waitFor({ state: 'detached' });
  assert.equal(await table.getByRole('row').count(), 2, 'the head and one error');
  await page.getByRole('button', { name: 'Any origin' }).click();
  await page.getByRole('combobox', { name: 'Order' }).selectOption('Most often');
  await page.waitForURL(/sort=count/);
  await row('Script error.').waitFor();
  assert.match(await table.getByRole('row').nth(1).innerText(), /x is undefined/);
  await page.getByRole('button', { name: 'Resolved', exact: true }).click();
  await page.getByText('No error of this range is marked as resolved.').waitFor();
  assert.deepEqual(uncaught, []);
}

async function group({ page, collector, uncaught }) {
  await tell(collector.origin);
  await page.goto(`${collector.origin}/errors`);
  await page.getByRole('link', { name: 'x is undefined' }).click();
  await page.waitForURL(`${collector.origin}/errors/${BROKEN}?service=shop`);
  await page.getByRole('heading', { name: 'TypeError' }).waitFor();

  const stack = page.getByRole('region', { name: 'Stack' });
  assert.deepEqual(await stack.getByRole('listitem').allInnerTexts(), ['n\nmain.js:1:20', 'anonymous\nmain.js:1:90', 'Array.map\nin the browser']);
  await stack.getByText('Caused by RangeError: no price').waitFor();
  await stack.getByText(`vitrum-collector sourcemaps upload dist --release 1.0.0 --to ${collector.origin}`).waitFor();

  const before = page.getByRole('region', { name: 'What happened before' }).getByRole('listitem');
  const crumbs = (await before.allInnerTexts()).map((text) => text.split('\n').filter(Boolean));
  assert.deepEqual(crumbs, [
    ['−2.99 s', 'Navigation', '/cart'],
    ['−2 s', 'Action', 'click #pay'],
    ['−200 ms', 'Request', 'POST https://shop.example/api/orders/:id 500'],
    ['0', 'This error'],
  ]);

  const whom = page.getByRole('region', { name: 'Whom it happens to' });
  const shares = async (name) => (await whom.getByRole('region', { name }).getByRole('listitem').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  assert.deepEqual(await shares('Browsers'), ['Chrome 156 92%', 'Firefox 153 8%']);
  assert.deepEqual(await shares('Routes'), ['/cart 92%', '/pay 8%']);
  assert.deepEqual(await shares('Flags'), ['cart: new 100%']);

  // Another occurrence, and the page view with its waterfall.
  const where = page.getByRole('table', { name: 'Where it happened' });
  await where.getByRole('row').nth(2).getByTitle('Show this occurrence above').click();
  await page.waitForURL(/record=/);
  await stack.getByText('of the one').waitFor();
  await where.getByRole('link', { name: '/cart' }).click();
  await page.waitForURL(`${collector.origin}/views/${FIRST.view}`);
  await page.getByRole('heading', { name: 'Page load of /cart' }).waitFor();
  await page.getByText('The same as a table').click();
  await page.getByRole('table', { name: 'Rows of the waterfall' }).getByRole('button', { name: 'TypeError: x is undefined' }).click();
  await page.getByRole('link', { name: 'The error, with its stack as it was written' }).click();
  await page.waitForURL(`${collector.origin}/errors/${BROKEN}`);
  await stack.getByText('of the latest').waitFor();

  await page.goto(`${collector.origin}/errors/${HIDDEN}`);
  const advice = page.getByRole('note').filter({ hasText: 'The browser hides what this error was' });
  await advice.getByText('crossorigin="anonymous"').waitFor();
  await advice.getByText('Access-Control-Allow-Origin: *').waitFor();
  await page.goto(`${collector.origin}/errors/${FOREIGN}`);
  await page.getByText('Not of your site').waitFor();
  await page.goto(`${collector.origin}/errors/ffffffffffffffff`);
  await page.getByRole('heading', { name: 'No such error' }).waitFor();
  assert.deepEqual(uncaught, []);
}

async function mended({ page, collector, site, context, uncaught }) {
  await tell(collector.origin);
  const ask = async () => (await (await fetch(`${collector.origin}/api/errors/${BROKEN}`)).json()).state;

  // A page of the site may send records, and nothing else.
  const visitor = await context.newPage();
  await visitor.goto(`${site.origin}/stories/blank.html`);
  const address = `${collector.origin}/api/errors/${BROKEN}/state`;
  const tried = await visitor.evaluate(async (address) => {
    const body = JSON.stringify({ state: 'resolved', version: '1.1.0' });
    const simple = await fetch(address, { method: 'POST', body, mode: 'no-cors' }).then(({ type }) => type);
    const json = await fetch(address, { method: 'POST', body, headers: { 'content-type': 'application/json' } }).catch(({ name }) => name);
    return [simple, json];
  }, address);
  assert.deepEqual(tried, ['opaque', 'TypeError']);
  assert.equal(await ask(), 'open');

  await page.goto(`${collector.origin}/errors/${BROKEN}`);
  const state = page.getByRole('group', { name: 'State of the error' });
  const fixed = state.getByRole('combobox', { name: 'Release with the fix' });
  await fixed.waitFor();
  assert.deepEqual(await fixed.locator('option').allInnerTexts(), ['1.1.0', '1.0.0'], 'the latest first');
  await state.getByRole('button', { name: 'Mark resolved in' }).click();
  await state.getByText('Resolved in 1.1.0').waitFor();
  assert.equal(await ask(), 'resolved');

  // It is seen in a later release while the page is open.
  await page.getByText('Live', { exact: true }).waitFor();
  await send(collector.origin, { 'service.version': '1.2.0' }, [broken(Date.now() + 1000, { ...SECOND, page: 'cc'.repeat(8) })]);
  await state.getByText('Resolved in 1.1.0, seen again in 1.2.0').waitFor();
  await page.getByText('Regressed', { exact: true }).waitFor();
  await fixed.selectOption('1.2.0');
  await state.getByRole('button', { name: 'Mark resolved in' }).click();
  await state.getByText('Resolved in 1.2.0').waitFor();
  await state.getByRole('button', { name: 'Reopen' }).click();
  await fixed.waitFor();
  assert.equal(await ask(), 'open');
  assert.deepEqual(uncaught, []);
}

async function small({ page, collector }) {
  await tell(collector.origin);
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const [path, heading] of [['/errors', 'x is undefined'], [`/errors/${BROKEN}`, 'What happened before'], [`/errors/${HIDDEN}`, 'crossorigin']]) {
      await page.goto(collector.origin + path);
      await page.getByText(heading).first().waitFor();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(over, 0, `${path} at ${width}`);
    }
  }
}

story('errors are listed by their cause, and the list can be narrowed', list, [tag]);
story('an error is shown with its stack, what happened before, and whom it happens to', group, [tag]);
story('an error is mended by the dashboard alone, and comes back with a later release', mended, [tag]);
story('the screens of errors fit a phone', small, [tag]);
