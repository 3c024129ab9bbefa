// Pages that hide and are shown again, and pages that were hidden from the beginning: what is told, and what no longer is.

import assert from 'node:assert/strict';
import { duet } from './duet.mjs';

const names = (told) => [...new Set(told.believed.map(({ name }) => name))].sort();

duet('a page in a tab that nobody has looked at', {}, async (visitor) => {
  await visitor.openBehind('text.html');
  const told = await visitor.leave();
  assert.deepEqual(names(told), ['TTFB']);
});

duet('a page in a tab that is looked at later', {}, async (visitor) => {
  await visitor.openBehind('input.html');
  await visitor.show();
  await visitor.sees('paint', { name: 'first-contentful-paint' });
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 120 });
  const told = await visitor.leave();
  assert.deepEqual(names(told), ['INP', 'TTFB']);
});

duet('a page that hides before it has painted anything', {}, async (visitor) => {
  await visitor.open('unseen.html');
  await visitor.hide();
  await visitor.show();
  visitor.gates.open('content');
  await visitor.sees('paint', { name: 'first-contentful-paint' });
  const told = await visitor.leave();
  assert.deepEqual(names(told), ['TTFB']);
});

duet('a page that paints late', {}, async (visitor) => {
  await visitor.open('unseen.html');
  visitor.gates.open('content');
  await visitor.sees('paint', { name: 'first-contentful-paint' });
  const told = await visitor.leave();
  assert.deepEqual(names(told), ['CLS', 'FCP', 'LCP', 'TTFB']);
});

duet('a page that hides twice tells what has changed', {}, async (visitor) => {
  await visitor.open('shift.html');
  await visitor.ask(() => document.querySelector('.moved').addEventListener('pointerdown', () => busy(100)));
  await visitor.ask(() => grow(80));
  await visitor.sees('layout-shift');
  await visitor.click('.moved');
  await visitor.sees('event', { name: 'pointerdown', duration: 100 });
  await visitor.hide();
  await visitor.show();
  // What follows a click is an answer to it for half a second.
  await visitor.ask(() => pause(600));
  await visitor.ask(() => grow(400));
  await visitor.sees('layout-shift', { times: 2 });
  await visitor.ask(() => document.querySelector('.moved').addEventListener('pointerdown', () => busy(300)));
  await visitor.click('.moved');
  await visitor.sees('event', { name: 'pointerdown', duration: 400 });
  await visitor.hide();
  const told = await visitor.leave();
  for (const name of ['CLS', 'INP']) {
    const [first, second, ...more] = told.of(name);
    assert.deepEqual(more, [], name);
    assert.equal(first.id, second.id, name);
    assert.equal(first.delta, first.value, name);
    assert.ok(second.delta > 0 && Math.abs(second.value - first.value - second.delta) < 1e-9, name);
    assert.deepEqual([first.during, second.during], ['visibilitychange', 'visibilitychange'], name);
  }
  assert.equal(told.of('LCP').length, 1);
});

duet('a page that hides twice without a change tells nothing twice', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 120 });
  await visitor.hide();
  await visitor.show();
  await visitor.hide();
  const told = await visitor.leave();
  for (const name of ['CLS', 'FCP', 'INP', 'LCP', 'TTFB']) assert.equal(told.of(name).length, 1, name);
});
