// Shifts: which of them count, how they add up, and what has moved.

import assert from 'node:assert/strict';
import { duet } from './duet.mjs';

const SHIFT = 'layout-shift';
/** Longer than what belongs together, which is a second. */
const GAP_MS = 1200;

/** Has the page shift to each of these heights, a few frames apart. */
const shift = (visitor, ...heights) =>
  visitor.ask(async (heights) => {
    for (const height of heights) {
      grow(height);
      await frames(3);
    }
  }, heights);

duet('nothing moves', {}, async (visitor) => {
  await visitor.open('shift.html');
  const { value, entries, attribution, during } = (await visitor.leave()).single('CLS');
  assert.equal(value, 0);
  assert.deepEqual(entries, []);
  assert.deepEqual(attribution, {});
  assert.equal(during, 'visibilitychange');
});

duet('one shift', {}, async (visitor) => {
  await visitor.open('shift.html');
  await shift(visitor, 150);
  await visitor.sees(SHIFT);
  const { value, entries, attribution } = (await visitor.leave()).single('CLS');
  assert.ok(value > 0);
  assert.equal(entries.length, 1);
  assert.equal(attribution.largestShiftValue, value);
  assert.equal(attribution.largestShiftSource.node.path.startsWith('#document html body'), true);
  assert.ok(attribution.largestShiftTarget);
  assert.equal(attribution.loadState, 'complete');
});

duet('shifts within a second add up', {}, async (visitor) => {
  await visitor.open('shift.html');
  await shift(visitor, 60, 300, 330);
  await visitor.sees(SHIFT, { times: 3 });
  const { value, entries, attribution } = (await visitor.leave()).single('CLS');
  assert.equal(entries.length, 3);
  assert.ok(attribution.largestShiftValue < value);
  assert.equal(attribution.largestShiftEntry.startTime, entries[1].startTime);
});

duet('of two bursts of shifts the larger one counts', {}, async (visitor) => {
  await visitor.open('shift.html');
  await shift(visitor, 20, 40);
  await visitor.sees(SHIFT, { times: 2 });
  await visitor.ask((gap) => pause(gap), GAP_MS);
  await shift(visitor, 240, 340);
  await visitor.sees(SHIFT, { times: 4 });
  await visitor.ask((gap) => pause(gap), GAP_MS);
  await shift(visitor, 360);
  await visitor.sees(SHIFT, { times: 5 });
  const { entries, attribution } = (await visitor.leave()).single('CLS');
  assert.equal(entries.length, 2);
  assert.ok(attribution.largestShiftTime > GAP_MS);
});

duet('shifts that go on are cut after five seconds', {}, async (visitor) => {
  await visitor.open('shift.html');
  await visitor.ask(async () => {
    for (let n = 1; n <= 16; n++) {
      grow(20 * n);
      await pause(400);
    }
  });
  await visitor.sees(SHIFT, { times: 16 });
  const { entries } = (await visitor.leave()).single('CLS');
  assert.ok(entries.length > 2 && entries.length < 16, `${entries.length}`);
  assert.ok(entries.at(-1).startTime - entries[0].startTime < 5000);
});

duet('a shift that answers a click does not count', {}, async (visitor) => {
  await visitor.open('shift.html');
  await visitor.click('#grow');
  await visitor.sees(SHIFT);
  const { value, entries } = (await visitor.leave()).single('CLS');
  assert.equal(value, 0);
  assert.deepEqual(entries, []);
});

duet('text moves that has no element of its own', {}, async (visitor) => {
  await visitor.open('shift.html');
  await visitor.ask(() => {
    const box = document.createElement('i');
    box.style.cssText = 'display: inline-block; width: 200px; height: 60px';
    document.getElementById('bare').prepend(box);
  });
  await visitor.sees(SHIFT);
  const { value, attribution } = (await visitor.leave()).single('CLS');
  assert.ok(value > 0);
  assert.equal(attribution.largestShiftTarget, '#bare>TEXT');
  assert.match(attribution.largestShiftSource.node.path, /#text$/);
});

duet('what has moved is removed after it was told', {}, async (visitor) => {
  await visitor.open('shift.html');
  await shift(visitor, 150);
  await visitor.sees(SHIFT);
  await visitor.ask(() => document.querySelector('.moved').remove());
  await visitor.sees(SHIFT, { times: 2 });
  const { entries, attribution } = (await visitor.leave()).single('CLS');
  assert.equal(entries.length, 2);
  assert.ok(attribution.largestShiftTarget);
});

duet('what has moved is removed before it is told', {}, async (visitor) => {
  await visitor.open('removed.html');
  await visitor.ask(() => (document.getElementById('above').style.height = '150px'));
  await visitor.sees(SHIFT);
  await visitor.until(() => !document.querySelector('.moved'));
  const { value, attribution } = (await visitor.leave()).single('CLS');
  assert.ok(value > 0);
  assert.ok(attribution.largestShiftEntry);
  assert.equal(attribution.largestShiftTarget, undefined);
});

duet('what moves is in a shadow tree', {}, async (visitor) => {
  await visitor.open('shift.html');
  await visitor.ask(() => grow(40, shadow.getElementById('inner')));
  await visitor.sees(SHIFT);
  const { value, attribution } = (await visitor.leave()).single('CLS');
  assert.ok(value > 0);
  assert.ok(attribution.largestShiftEntry);
});
