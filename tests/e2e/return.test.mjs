// A visitor comes back to a page that the browser has kept: it is seen a second time.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

story('a page from the back/forward cache is a second view', async (stage) => {
  await stage.watch('button.html');
  await stage.run(() => addEventListener('pageshow', ({ persisted }) => (window.returned = persisted)));
  await stage.leave();
  await stage.page.goBack({ waitUntil: 'commit' });
  assert.equal(await stage.held(() => window.returned !== undefined && String(window.returned)), 'true', 'the agent keeps no page from the cache');
  await stage.page.click('#slow');
  await stage.held(() => window.durations.some((duration) => duration >= 200));
  const largest = await stage.run(() => Math.max(...window.durations));
  await stage.leave();
  const isReturn = (vital) => vital['browser.web_vital.navigation_type'] === 'back-forward-cache';
  const records = await stage.until('the second INP', (records) => records.vital('inp') && isReturn(records.vital('inp')));

  const [first, second, ...more] = records.events('browser.navigation');
  assert.deepEqual(more, []);
  assert.notEqual(first['vitrum.view.id'], second['vitrum.view.id']);
  assert.equal(first['session.id'], second['session.id']);
  assert.equal(first['url.full'], second['url.full']);
  assert.equal(second['browser.navigation.same_document'], false);
  assert.equal(records.events('browser.navigation_timing').length, 1, 'nothing was loaded again');

  const vitals = records.events('browser.web_vital');
  for (const vital of vitals) {
    const view = isReturn(vital) ? second : first;
    assert.equal(vital['vitrum.view.id'], view['vitrum.view.id'], vital['browser.web_vital.name']);
  }
  const named = (list) => [...new Set(list.map((vital) => vital['browser.web_vital.name']))].sort();
  assert.deepEqual(named(vitals.filter((vital) => !isReturn(vital))), ['cls', 'fcp', 'lcp', 'ttfb']);
  assert.equal(records.vital('inp')['browser.web_vital.value'], largest);
});

story('what happens after the return is told of the second view', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => addEventListener('pageshow', () => (window.returned = true)));
  await stage.leave();
  await stage.page.goBack({ waitUntil: 'commit' });
  await stage.held(() => window.returned);
  await stage.run(() => fetch('/api/again/ok'));
  const url = `${stage.site.origin}/api/again/ok`;
  const records = await stage.until('the request, though the page is still shown', (records) => records.requests(url));
  const [, second] = records.events('browser.navigation');
  assert.equal(records.request(url).attributes['vitrum.view.id'], second['vitrum.view.id']);
});
