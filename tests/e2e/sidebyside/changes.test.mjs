// Who asks for all changes gets each as it happens, and who measures with several options gets each by its own.

import assert from 'node:assert/strict';
import { duet } from './duet.mjs';

const ALL = { sets: [{ reportAllChanges: true }] };

/** Values that add up by their deltas, of one instance. */
function areChanges(reports) {
  assert.equal(new Set(reports.map(({ id }) => id)).size, 1);
  reports.forEach(({ value, delta }, n) => {
    const before = reports[n - 1]?.value ?? 0;
    assert.ok(Math.abs(value - before - delta) < 1e-9, `${value} after ${before} is no change by ${delta}`);
  });
}

duet('each larger paint', ALL, async (visitor) => {
  await visitor.open('text.html');
  await visitor.ask(() => place({ src: '/api/picture?size=600x350', id: 'large', height: 350 }));
  await visitor.sees('largest-contentful-paint', { times: 2 });
  await visitor.ask(() => {
    document.getElementById('large').style.position = 'absolute';
    place({ src: '/api/picture?size=600x450', id: 'larger' });
  });
  await visitor.sees('largest-contentful-paint', { times: 3 });
  const reports = (await visitor.leave()).of('LCP');
  assert.deepEqual(reports.map(({ attribution }) => attribution.target).slice(-2), ['#large', '#larger']);
  assert.ok(reports.every(({ visibility }) => visibility === 'visible'));
  areChanges(reports);
});

duet('each shift', ALL, async (visitor) => {
  await visitor.open('shift.html');
  await visitor.tells('CLS');
  for (const [times, height] of [40, 120, 300].entries()) {
    await visitor.ask((height) => grow(height), height);
    await visitor.sees('layout-shift', { times: times + 1 });
  }
  const reports = (await visitor.leave()).of('CLS');
  assert.equal(reports.length, 4, 'nothing yet, and three shifts');
  assert.equal(reports[0].value, 0);
  areChanges(reports);
});

duet('each slower interaction', ALL, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#fifty');
  await visitor.sees('event', { name: 'click', duration: 48 });
  await visitor.click('#long');
  await visitor.sees('event', { name: 'click', duration: 400 });
  await visitor.click('#fifty');
  await visitor.sees('event', { name: 'click', duration: 48, times: 3 });
  await visitor.click('#longest');
  await visitor.sees('event', { name: 'click', duration: 800 });
  const reports = (await visitor.leave()).of('INP');
  // An interaction may be told twice: the browser may tell of its click after it has told of its press.
  assert.deepEqual([...new Set(reports.map(({ attribution }) => attribution.interactionTarget))], ['#fifty', '#long', '#longest']);
  areChanges(reports);
});

duet('the slowest interaction is no longer the one that counts', ALL, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#longest');
  await visitor.sees('event', { name: 'click', duration: 800 });
  await visitor.click('#fifty');
  await visitor.sees('event', { name: 'click', duration: 48, times: 2 });
  for (let n = 0; n < 50; n++) await visitor.click('#quick');
  await visitor.until(() => performance.interactionCount >= 52);
  await visitor.click('#fifty');
  await visitor.sees('event', { name: 'click', duration: 48, times: 3 });
  const reports = (await visitor.leave()).of('INP');
  assert.ok(reports.some(({ delta }) => delta < 0), 'a change is for the better');
  areChanges(reports);
});

duet('all changes after a return', ALL, async (visitor) => {
  await visitor.open('shift.html');
  await visitor.away();
  await visitor.back();
  for (const name of ['TTFB', 'FCP', 'LCP', 'CLS']) await visitor.tells(name, 2);
  await visitor.ask(() => grow(100));
  await visitor.sees('layout-shift');
  const told = await visitor.leave();
  const returned = told.of('CLS').filter(({ navigationType }) => navigationType === 'back-forward-cache');
  assert.equal(returned.length, 2);
  areChanges(returned);
});

duet('several options at once', { sets: [{}, { reportAllChanges: true }, { durationThreshold: 16, generateTarget: true }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#fifty');
  await visitor.sees('event', { name: 'click', duration: 48 });
  await visitor.click('#long');
  await visitor.sees('event', { name: 'click', duration: 400 });
  const told = await visitor.leave();
  assert.deepEqual([0, 2].map((set) => told.of('INP', { set }).length), [1, 1]);
  assert.ok(told.of('INP', { set: 1 }).length >= 2);
  assert.equal(told.single('INP', { set: 2 }).attribution.interactionTarget, 'the long one');
  const instances = new Set(told.believed.map(({ name, set }) => `${name} ${set}`));
  assert.equal(new Set(told.believed.map(({ id }) => id)).size, instances.size);
});

duet('one function for all five', { sets: [{ together: true }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 120 });
  const told = await visitor.leave();
  for (const name of ['CLS', 'FCP', 'INP', 'LCP', 'TTFB']) told.single(name);
});
