// Routes within a page, which the browser tells of as soft navigations: each has measures of its own for who wants them.

import assert from 'node:assert/strict';
import { duet } from './duet.mjs';

const ROUTES = { sets: [{ reportSoftNavs: true }] };
const SOFT = 'soft-navigation';

async function goTo(visitor, route, times) {
  await visitor.click(`#${route}`);
  await visitor.sees(SOFT, { times });
}

/** Which route a report is of; the first is the page that was loaded. */
const routeOf = ({ navigationURL }) => new URL(navigationURL).pathname.split('/').at(-1);
const routes = (told, name, which) => told.of(name, which).map(routeOf);

duet('three routes', ROUTES, async (visitor) => {
  await visitor.open('routes.html');
  await goTo(visitor, 'first', 1);
  await goTo(visitor, 'second', 2);
  await goTo(visitor, 'third', 3);
  const told = await visitor.leave();
  for (const name of ['CLS', 'FCP', 'LCP', 'TTFB']) {
    assert.deepEqual(routes(told, name), ['routes.html', 'first', 'second', 'third'], name);
    assert.deepEqual(told.of(name).map(({ navigationType }) => navigationType), ['navigate', SOFT, SOFT, SOFT], name);
    assert.equal(new Set(told.of(name).map(({ navigationId }) => navigationId)).size, 4, name);
  }
  assert.deepEqual(told.of('LCP').slice(1).map(({ attribution }) => attribution.target), ['first', 'second', 'third'].map((route) => `#view>p.${route}`));
  for (const { value, attribution } of told.of('LCP').slice(1)) {
    assert.ok(value > 0);
    assert.equal(attribution.navigationEntry.entryType, SOFT);
  }
  assert.ok(told.of('INP').length >= 1);
});

duet('interactions and shifts on routes', ROUTES, async (visitor) => {
  await visitor.open('routes.html');
  await visitor.ask(() => grow(50));
  await visitor.sees('layout-shift', { times: 1 });
  await goTo(visitor, 'first', 1);
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 136, times: 1 });
  await visitor.ask(() => pause(600));
  const shifts = await visitor.count('layout-shift');
  await visitor.ask(() => grow(200));
  await visitor.sees('layout-shift', { times: shifts + 1 });
  await goTo(visitor, 'second', 2);
  await visitor.ask(() => pause(600));
  const more = await visitor.count('layout-shift');
  await visitor.ask(() => grow(300));
  await visitor.sees('layout-shift', { times: more + 1 });
  const told = await visitor.leave();
  const scores = Object.fromEntries(told.of('CLS').map((report) => [routeOf(report), report.value]));
  assert.ok(scores['routes.html'] > 0 && scores.first > 0 && scores.second > 0, JSON.stringify(scores));
  const slow = told.of('INP').find((report) => routeOf(report) === 'first');
  assert.ok(slow.value >= 136, `${slow.value}`);
});

duet('a route with a picture', ROUTES, async (visitor) => {
  await visitor.open('routes.html');
  await goTo(visitor, 'photo', 1);
  await visitor.sees('interaction-contentful-paint');
  const told = await visitor.leave();
  const { attribution } = told.last('LCP');
  assert.equal(routeOf(told.last('LCP')), 'photo');
  assert.equal(attribution.target, '#view>img');
  assert.match(attribution.url, /size=600x400/);
  assert.ok(attribution.resourceLoadDuration >= 120, `${attribution.resourceLoadDuration}`);
});

duet('all changes on routes', { sets: [{ reportSoftNavs: true, reportAllChanges: true }] }, async (visitor) => {
  await visitor.open('routes.html');
  await visitor.tells('CLS');
  await goTo(visitor, 'first', 1);
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 136 });
  await goTo(visitor, 'second', 2);
  const told = await visitor.leave();
  for (const name of ['CLS', 'FCP', 'LCP', 'TTFB']) assert.deepEqual([...new Set(routes(told, name))], ['routes.html', 'first', 'second'], name);
});

duet('only fast interactions on a route', { sets: [{ reportSoftNavs: true, durationThreshold: 400 }] }, async (visitor) => {
  await visitor.open('routes.html');
  await goTo(visitor, 'first', 1);
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 136 });
  const told = await visitor.leave();
  const inp = told.last('INP');
  assert.equal(routeOf(inp), 'first');
  assert.equal(inp.value, 8);
  assert.deepEqual(inp.entries, []);
});

duet('a route that hides and is shown again', ROUTES, async (visitor) => {
  await visitor.open('routes.html');
  await goTo(visitor, 'first', 1);
  await visitor.hide();
  await visitor.show();
  await goTo(visitor, 'second', 2);
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 136 });
  await visitor.hide();
  const told = await visitor.leave();
  assert.deepEqual(routes(told, 'LCP'), ['routes.html', 'first', 'second']);
  assert.deepEqual(routes(told, 'FCP'), ['routes.html', 'first', 'second']);
});

duet('a return to a route', ROUTES, async (visitor) => {
  await visitor.open('routes.html');
  await goTo(visitor, 'first', 1);
  await visitor.away();
  await visitor.back();
  await visitor.tells('LCP', 3);
  await visitor.settled();
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 136 });
  await goTo(visitor, 'second', 2);
  const told = await visitor.leave();
  for (const name of ['FCP', 'LCP', 'TTFB']) {
    assert.deepEqual(told.of(name).map(({ navigationType }) => navigationType), ['navigate', SOFT, 'back-forward-cache', SOFT], name);
  }
});

duet('routes that nobody has asked for', { sets: [{}, { reportSoftNavs: true }] }, async (visitor) => {
  await visitor.open('routes.html');
  await goTo(visitor, 'first', 1);
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 136 });
  const told = await visitor.leave();
  for (const name of ['CLS', 'FCP', 'INP', 'LCP', 'TTFB']) {
    assert.deepEqual(routes(told, name, { set: 0 }), ['routes.html'], name);
    assert.ok(routes(told, name, { set: 1 }).includes('first'), name);
  }
});
