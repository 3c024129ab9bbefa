// Libraries that come late: what happened before they did is read from what the browser has kept.

import assert from 'node:assert/strict';
import { duet } from './duet.mjs';

const LATE = { late: true };

/** Opens a page that nobody measures yet. */
async function openUnmeasured(visitor, page) {
  await visitor.enter(page, { loaded: true });
  await visitor.until(() => window.pair);
  await visitor.ask(() => frames(3));
}

async function start(visitor) {
  await visitor.ask(() => window.pair.start());
  await visitor.ready();
}

/** Clicks, and waits until the browser has told the page how long it took. */
async function clickUnmeasured(visitor, selector) {
  await visitor.ask(() => {
    window.clicked = false;
    const found = (list) => (window.clicked ||= list.getEntriesByName('click').length > 0);
    new PerformanceObserver(found).observe({ type: 'event', durationThreshold: 16 });
  });
  await visitor.click(selector);
  await visitor.until(() => window.clicked);
}

duet('two seconds late', LATE, async (visitor) => {
  await openUnmeasured(visitor, 'picture.html');
  await visitor.ask(() => pause(2000));
  await start(visitor);
  const told = await visitor.leave();
  for (const name of ['CLS', 'FCP', 'LCP', 'TTFB']) told.single(name);
  assert.ok(told.single('LCP').value < 2000);
  assert.equal(told.single('LCP').attribution.target, '#photo');
});

duet('after the first click', LATE, async (visitor) => {
  await openUnmeasured(visitor, 'input.html');
  await clickUnmeasured(visitor, '#slow');
  await start(visitor);
  await visitor.sees('event', { name: 'click', duration: 120 });
  const told = await visitor.leave();
  const { value, attribution } = told.single('INP');
  assert.ok(value >= 120, `${value}`);
  assert.equal(attribution.interactionTarget, '#slow');
  told.single('LCP');
});

duet('after the first click, and there are more', LATE, async (visitor) => {
  await openUnmeasured(visitor, 'input.html');
  await clickUnmeasured(visitor, '#slow');
  await start(visitor);
  await visitor.click('#slower');
  await visitor.sees('event', { name: 'click', duration: 240 });
  assert.ok((await visitor.leave()).single('INP').value >= 240);
});

duet('after shifts', LATE, async (visitor) => {
  await openUnmeasured(visitor, 'shift.html');
  await visitor.ask(async () => {
    grow(100);
    await frames(3);
    grow(250);
    await frames(3);
  });
  await start(visitor);
  await visitor.sees('layout-shift', { times: 2 });
  const { entries } = (await visitor.leave()).single('CLS');
  assert.equal(entries.length, 2);
});

duet('after the page has been hidden', LATE, async (visitor) => {
  await openUnmeasured(visitor, 'text.html');
  await visitor.hide();
  await visitor.show();
  await start(visitor);
  const told = await visitor.leave();
  for (const name of ['CLS', 'FCP', 'LCP', 'TTFB']) told.single(name);
});

duet('after the page has been hidden before it painted', LATE, async (visitor) => {
  await openUnmeasured(visitor, 'unseen.html');
  await visitor.hide();
  await visitor.show();
  visitor.gates.open('content');
  await visitor.until(() => performance.getEntriesByName('first-contentful-paint').length);
  await start(visitor);
  const told = await visitor.leave();
  told.single('TTFB');
  assert.deepEqual(told.of('FCP'), []);
  assert.deepEqual(told.of('LCP'), []);
});

duet('after routes', { late: true, sets: [{ reportSoftNavs: true }] }, async (visitor) => {
  await openUnmeasured(visitor, 'routes.html');
  for (const [before, route] of ['first', 'second'].entries()) {
    await clickUnmeasured(visitor, `#${route}`);
    await visitor.until((before) => performance.getEntriesByType('soft-navigation').length > before, before);
  }
  await start(visitor);
  const told = await visitor.leave();
  assert.equal(told.of('FCP').length, 3);
});
