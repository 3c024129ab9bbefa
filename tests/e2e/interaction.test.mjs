// A visitor acts: the slowest interaction is told as the browser measured it.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

const VALUE = 'browser.web_vital.value';

story('a slow click is the INP', async (stage) => {
  await stage.watch('button.html');
  await stage.page.click('#slow');
  await stage.held(() => window.durations.some((duration) => duration >= 200));
  const { durations, handlerMs } = await stage.run(() => ({ durations, handlerMs }));
  await stage.leave();
  const records = await stage.until('the INP', (records) => records.vital('inp'));

  const inp = records.vital('inp');
  assert.equal(inp[VALUE], Math.max(...durations));
  assert.ok(inp[VALUE] >= handlerMs - 8, `${inp[VALUE]} ms for ${handlerMs} ms of work; the browser rounds to 8`);
  assert.equal(inp['browser.web_vital.rating'], inp[VALUE] <= 500 ? 'needs-improvement' : 'poor');
  assert.equal(inp['vitrum.view.id'], records.event('browser.navigation')['vitrum.view.id']);
});

story('a slower interaction after a quick one grows the same vital', async (stage) => {
  await stage.watch('button.html');
  await stage.page.click('h1');
  await stage.page.click('#slow');
  await stage.held(() => window.durations.some((duration) => duration >= 200));
  const largest = await stage.run(() => Math.max(...window.durations));
  await stage.leave();
  const records = await stage.until('the INP', (records) => records.vital('inp'));
  const told = records.events('browser.web_vital').filter((vital) => vital['browser.web_vital.name'] === 'inp');
  assert.equal(new Set(told.map((vital) => vital['browser.web_vital.id'])).size, 1);
  assert.equal(told.reduce((sum, vital) => sum + vital['browser.web_vital.delta'], 0), largest);
});

story('the largest paint before the first click is the LCP', async (stage) => {
  await stage.watch('button.html');
  const largest = await stage.run(
    () =>
      new Promise((resolve) =>
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true }),
      ),
  );
  await stage.page.click('#slow');
  const records = await stage.until('the LCP, though the page is still shown', (records) => records.vital('lcp'));
  assert.ok(Math.abs(records.vital('lcp')[VALUE] - largest) < 0.1);
});
