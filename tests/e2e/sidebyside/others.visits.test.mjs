// Firefox and WebKitGTK when visitors return, pages hide, all changes are asked for, or the libraries come late.

import assert from 'node:assert/strict';
import { BOTH, duetIn, FIREFOX, namesOf } from './others.mjs';

const ALL = { sets: [{ reportAllChanges: true }] };
const LATE = { late: true };
const KEPT = 'back-forward-cache';
const PAINT = 'largest-contentful-paint';

/** Values that add up by their deltas, of one instance. */
function areChanges(reports) {
  assert.equal(new Set(reports.map(({ id }) => id)).size, 1);
  reports.forEach(({ value, delta }, n) => {
    const before = reports[n - 1]?.value ?? 0;
    assert.ok(Math.abs(value - before - delta) < 1e-9, `${value} after ${before} is no change by ${delta}`);
  });
}

duetIn(BOTH, 'a return', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.comeBack();
  const told = await visitor.leave();
  assert.deepEqual(namesOf(told), visitor.untouched);
  for (const name of visitor.untouched) {
    const [load, back, ...more] = told.of(name);
    assert.deepEqual(more, [], name);
    assert.deepEqual([load.navigationType, back.navigationType], ['navigate', KEPT], name);
    assert.deepEqual(back.entries, [], name);
  }
  const { value, during } = told.last('TTFB');
  assert.deepEqual([value, during], [0, 'pageshow']);
  assert.ok(told.last('FCP').value > 0);
});

duetIn(FIREFOX, 'two returns with interactions', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.clickTimed('#slow', 120);
  await visitor.comeBack(1);
  await visitor.clickTimed('#slower', 240);
  await visitor.comeBack(2);
  await visitor.clickTimed('#several', 60, 3);
  const told = await visitor.leave();
  for (const name of ['FCP', 'INP', 'LCP', 'TTFB']) assert.equal(told.of(name).length, 3, name);
  assert.deepEqual(told.of('INP').map(({ attribution }) => attribution.interactionTarget), ['#slow', '#slower', '#several']);
});

duetIn(FIREFOX, 'only fast interactions after a return', { sets: [{}, { durationThreshold: 400 }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.comeBack();
  await visitor.clickTimed('#fifty', 48);
  const { value, navigationType } = (await visitor.leave()).last('INP', { set: 1 });
  assert.ok(value < 400, `${value}`);
  assert.equal(navigationType, KEPT);
});

duetIn(BOTH, 'a page that hides twice tells nothing twice', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.clickTimed('#slow', 120);
  await visitor.hide();
  await visitor.show();
  await visitor.hide();
  const told = await visitor.leave();
  for (const name of visitor.measured) told.single(name);
});

duetIn(FIREFOX, 'a page that hides twice tells what has changed', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.clickTimed('#slow', 120);
  await visitor.hide();
  await visitor.show();
  await visitor.clickTimed('#slower', 240);
  await visitor.hide();
  const told = await visitor.leave();
  const [first, second, ...more] = told.of('INP');
  assert.deepEqual(more, []);
  assert.equal(first.id, second.id);
  assert.ok(first.value >= 120 && second.value >= 240);
  assert.equal(second.delta, second.value - first.value);
  assert.deepEqual([first.during, second.during], ['visibilitychange', 'visibilitychange']);
  told.single('LCP');
});

duetIn(BOTH, 'a page that hides before it has painted anything', {}, async (visitor) => {
  await visitor.openUnseen('unseen.html');
  await visitor.hide();
  await visitor.show();
  visitor.gates.open('content');
  await visitor.sees('paint', { name: 'first-contentful-paint' });
  assert.deepEqual(namesOf(await visitor.leave()), ['TTFB']);
});

duetIn(BOTH, 'a page that paints late', {}, async (visitor) => {
  await visitor.openUnseen('unseen.html');
  visitor.gates.open('content');
  await visitor.painted();
  await visitor.leaveUntouched();
});

duetIn(FIREFOX, 'each larger paint', ALL, async (visitor) => {
  await visitor.open('text.html');
  await visitor.ask(() => place({ src: '/api/picture?size=600x350', id: 'large', height: 350 }));
  await visitor.sees(PAINT, { times: 2 });
  await visitor.ask(() => {
    document.getElementById('large').style.position = 'absolute';
    place({ src: '/api/picture?size=600x450', id: 'larger' });
  });
  await visitor.sees(PAINT, { times: 3 });
  const reports = (await visitor.leave()).of('LCP');
  assert.deepEqual(reports.map(({ attribution }) => attribution.target).slice(-2), ['#large', '#larger']);
  assert.ok(reports.every(({ visibility }) => visibility === 'visible'));
  areChanges(reports);
});

duetIn(FIREFOX, 'each slower interaction', ALL, async (visitor) => {
  await visitor.open('input.html');
  await visitor.clickTimed('#fifty', 48);
  await visitor.clickTimed('#long', 400);
  await visitor.clickTimed('#fifty', 48, 3);
  await visitor.clickTimed('#longest', 800);
  const reports = (await visitor.leave()).of('INP');
  // An interaction may be told twice: the browser may tell of its click after it has told of its press.
  assert.deepEqual([...new Set(reports.map(({ attribution }) => attribution.interactionTarget))], ['#fifty', '#long', '#longest']);
  areChanges(reports);
});

duetIn(BOTH, 'several options at once', { sets: [{}, { reportAllChanges: true }, { generateTarget: true, together: true }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.clickTimed('#slow', 120);
  const told = await visitor.leave();
  for (const set of [0, 1, 2]) assert.deepEqual(namesOf(told, { set }), visitor.measured);
  const instances = new Set(told.believed.map(({ name, set }) => `${name} ${set}`));
  assert.equal(new Set(told.believed.map(({ id }) => id)).size, instances.size);
});

duetIn(BOTH, 'the libraries come late', LATE, async (visitor) => {
  await visitor.enter('picture.html');
  await visitor.until(() => window.pair && performance.getEntriesByName('first-contentful-paint').length);
  await visitor.ask(() => frames(3));
  const began = await visitor.ask(() => performance.now());
  await visitor.start();
  const told = await visitor.leaveUntouched();
  for (const name of visitor.untouched) assert.ok(told.single(name).value < began, name);
});

duetIn(FIREFOX, 'the libraries come after the first click', LATE, async (visitor) => {
  await visitor.enter('input.html');
  await visitor.ask(() => {
    const found = (list) => (window.clicked ||= list.getEntriesByName('click').length > 0);
    new PerformanceObserver(found).observe({ type: 'event', durationThreshold: 16 });
  });
  await visitor.click('#slow');
  await visitor.until(() => window.clicked);
  await visitor.start();
  await visitor.sees('event', { name: 'click', duration: 120 });
  const { value, attribution } = (await visitor.leave()).single('INP');
  assert.ok(value >= 120, `${value}`);
  assert.equal(attribution.interactionTarget, '#slow');
});
