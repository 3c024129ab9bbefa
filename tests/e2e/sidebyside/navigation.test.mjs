// How a page was come to: how long its first byte took and of what that consists, and by which kind of navigation.

import assert from 'node:assert/strict';
import { duet, duetAlone } from './duet.mjs';

const typesOf = (told, document) => [...new Set(told.believed.filter((report) => report.document === document).map(({ navigationType }) => navigationType))];

duet('the first byte takes its time', {}, async (visitor) => {
  await visitor.open('/api/late?file=/stories/vitals/text.html&wait=250');
  const { value, entries, attribution } = (await visitor.leave()).single('TTFB');
  assert.ok(value >= 250, `${value}`);
  assert.ok(attribution.requestDuration >= 250, `${attribution.requestDuration}`);
  assert.equal(attribution.navigationEntry.number, entries[0].number);
});

duet('the first byte is poor', {}, async (visitor) => {
  await visitor.open('/api/late?file=/stories/vitals/text.html&wait=1850');
  const told = await visitor.leave();
  assert.equal(told.single('TTFB').rating, 'poor');
  assert.notEqual(told.single('FCP').rating, 'good');
});

duet('redirects come before', {}, async (visitor) => {
  const last = encodeURIComponent('/api/hop?wait=120&to=/stories/vitals/text.html');
  await visitor.open(`/api/hop?wait=80&to=${last}`);
  const { value, attribution } = (await visitor.leave()).single('TTFB');
  assert.ok(attribution.waitingDuration >= 200, `${attribution.waitingDuration}`);
  assert.ok(value >= attribution.waitingDuration);
});

duet('a page is loaded again', {}, async (visitor) => {
  await visitor.open('text.html');
  await visitor.reload();
  await visitor.ready();
  const told = await visitor.leave();
  assert.deepEqual(typesOf(told, 0), ['navigate']);
  assert.deepEqual(typesOf(told, 1), ['reload']);
  for (const name of ['CLS', 'FCP', 'LCP', 'TTFB']) told.single(name, { document: 1 });
});

duet('a visitor comes back to a page that is not kept', {}, async (visitor) => {
  await visitor.open('unkept.html');
  await visitor.away();
  await visitor.backToLoad();
  await visitor.ready();
  const told = await visitor.leave();
  assert.deepEqual(typesOf(told, 1), ['back-forward']);
  for (const name of ['CLS', 'FCP', 'LCP', 'TTFB']) told.single(name, { document: 1 });
});

duetAlone('a page is rendered before anybody comes', 'ahead.html', async (gates, leave) => {
  await gates.reached('rendering');
  gates.open('come');
  const told = await leave();
  assert.deepEqual(typesOf(told, 0), ['prerender']);
  assert.equal(told.single('TTFB').value, 0);
  for (const name of ['CLS', 'FCP', 'LCP']) told.single(name);
});
