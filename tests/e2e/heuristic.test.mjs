// Routes where the browser tells of no soft navigations: each is a view with an INP of its own and the time until it was
// painted, and both say that they are guesses.

import assert from 'node:assert/strict';
import { firefox, story } from './browsers.mjs';

const vital = (key) => `browser.web_vital.${key}`;

story('a route has what can be known of it', async (stage) => {
  const isFirefox = stage.browser === firefox;
  await stage.watch('button.html');
  await stage.page.click('#slow');
  if (isFirefox) await stage.held(() => window.durations.length > 0);
  await stage.run(() => {
    history.pushState(null, '', '/second');
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))));
  });
  const before = await stage.run(() => window.durations.length);
  await stage.page.click('#slow');
  if (isFirefox) await stage.held((before) => window.durations.length > before, before);
  await stage.leave();
  const records = await stage.until('the route', (records) => records.events('vitrum.route_transition').length && records);

  const [first, second] = records.events('browser.navigation');
  assert.deepEqual([first['url.template'], second['url.template']], ['/stories/button.html', '/second']);
  const [painted, ...more] = records.events('vitrum.route_transition');
  assert.deepEqual(more, []);
  assert.equal(painted['vitrum.view.id'], second['vitrum.view.id']);
  assert.equal(painted['vitrum.web_vital.heuristic'], true);
  assert.ok(painted['vitrum.route_transition.duration'] >= 0 && painted['vitrum.route_transition.duration'] < 10_000);

  const told = records.events('browser.web_vital').filter((record) => record[vital('name')] === 'inp');
  const lines = told.map((record) => [record[vital('navigation_type')], record['vitrum.web_vital.heuristic'], record['vitrum.view.id']]);
  const expected = [
    ['navigate', undefined, first['vitrum.view.id']],
    ['soft-navigation', true, second['vitrum.view.id']],
  ];
  assert.deepEqual(lines, isFirefox ? expected : []);
  for (const record of told) assert.ok(record[vital('value')] >= 240, 'the handler takes 250 ms');
  assert.equal(new Set(told.map((record) => record[vital('id')])).size, told.length);
});

story('a route that nobody sees is not painted when they are back', async (stage) => {
  await stage.watch('button.html');
  await stage.run(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    history.pushState(null, '', '/unseen');
    delete document.hidden;
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))));
  });
  await stage.leave();
  const records = await stage.until('the route', (records) => records.events('browser.navigation').length > 1 && records);
  assert.deepEqual(records.events('vitrum.route_transition'), []);
});
