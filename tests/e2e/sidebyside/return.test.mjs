// Visitors who come back to a page that the browser has kept: all is measured anew.

import assert from 'node:assert/strict';
import { duet } from './duet.mjs';

const ALL = ['CLS', 'FCP', 'INP', 'LCP', 'TTFB'];
const KEPT = 'back-forward-cache';

/** Goes away and comes back, and waits until the first measures of the return have been told. */
async function comeBack(visitor, times = 1) {
  await visitor.away();
  await visitor.back();
  for (const name of ['TTFB', 'FCP', 'LCP']) await visitor.tells(name, times + 1);
  await visitor.settled();
}

duet('a return', {}, async (visitor) => {
  await visitor.open('input.html');
  await comeBack(visitor);
  const told = await visitor.leave();
  for (const name of ['FCP', 'LCP', 'TTFB', 'CLS']) {
    const [load, back, ...more] = told.of(name);
    assert.deepEqual(more, [], name);
    assert.deepEqual([load.navigationType, back.navigationType], ['navigate', KEPT], name);
    assert.ok(back.navigationStartTime > 0, name);
    assert.deepEqual(back.entries, [], name);
  }
  const [, ttfb] = told.of('TTFB');
  assert.equal(ttfb.value, 0);
  assert.equal(ttfb.during, 'pageshow');
  assert.ok(told.last('FCP').value > 0);
  assert.ok(told.last('LCP').value > 0);
});

duet('interactions and shifts after a return', {}, async (visitor) => {
  await visitor.open('shift.html');
  await visitor.ask(() => grow(300));
  await visitor.sees('layout-shift');
  await visitor.ask(() => document.querySelector('.moved').addEventListener('pointerdown', () => busy(400)));
  await visitor.click('.moved');
  await visitor.sees('event', { name: 'pointerdown', duration: 400 });
  await visitor.ask(() => pause(600));
  await comeBack(visitor);
  await visitor.ask(() => document.getElementById('bare').addEventListener('pointerdown', () => busy(88)));
  await visitor.ask(() => grow(340));
  await visitor.sees('layout-shift', { times: 2 });
  await visitor.click('#bare');
  await visitor.sees('event', { name: 'pointerdown', duration: 88, times: 2 });
  const told = await visitor.leave();
  for (const name of ['CLS', 'INP']) {
    const [load, back, ...more] = told.of(name);
    assert.deepEqual(more, [], name);
    assert.deepEqual([load.navigationType, back.navigationType], ['navigate', KEPT], name);
    assert.ok(back.value > 0, name);
    assert.equal(back.delta, back.value, name);
    assert.notEqual(back.id, load.id, name);
  }
  assert.equal(told.last('INP').attribution.interactionTarget, '#bare');
});

duet('two returns', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 120 });
  await comeBack(visitor, 1);
  await visitor.click('#slower');
  await visitor.sees('event', { name: 'click', duration: 240 });
  await comeBack(visitor, 2);
  await visitor.click('#several');
  await visitor.sees('event', { name: 'click', duration: 60, times: 3 });
  const told = await visitor.leave();
  for (const name of ALL) assert.equal(told.of(name).length, 3, name);
  assert.deepEqual(told.of('INP').map(({ attribution }) => attribution.interactionTarget), ['#slow', '#slower', '#several']);
  assert.equal(new Set(told.of('INP').map(({ id }) => id)).size, 3);
});

duet('only fast interactions after a return', { sets: [{}, { durationThreshold: 400 }] }, async (visitor) => {
  await visitor.open('input.html');
  await comeBack(visitor);
  await visitor.click('#fifty');
  await visitor.sees('event', { name: 'click', duration: 48 });
  const told = await visitor.leave();
  const { value, navigationType } = told.last('INP', { set: 1 });
  assert.ok(value < 400, `${value}`);
  assert.equal(navigationType, KEPT);
});

duet('only fast interactions after a return, and others before', { sets: [{ durationThreshold: 400 }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#long');
  await visitor.sees('event', { name: 'click', duration: 400 });
  await comeBack(visitor);
  await visitor.click('#fifty');
  await visitor.sees('event', { name: 'click', duration: 48, times: 2 });
  const [load, back] = (await visitor.leave()).of('INP');
  assert.ok(load.value >= 400);
  assert.equal(back.value, 8);
  assert.deepEqual(back.entries, []);
});

duet('a return to a page that was hidden before it painted', {}, async (visitor) => {
  await visitor.open('unseen.html');
  await visitor.hide();
  await visitor.show();
  visitor.gates.open('content');
  await visitor.sees('paint', { name: 'first-contentful-paint' });
  await visitor.away();
  await visitor.back();
  for (const name of ['FCP', 'LCP']) await visitor.tells(name);
  await visitor.settled();
  const told = await visitor.leave();
  assert.equal(told.single('FCP').navigationType, KEPT);
  assert.equal(told.single('LCP').navigationType, KEPT);
});
