// Interactions: which one is the page's INP, of what it consists, and what kept the browser busy.

import assert from 'node:assert/strict';
import { duet } from './duet.mjs';

/** The parts of an interaction together. */
const sum = ({ inputDelay, processingDuration, presentationDelay }) => inputDelay + processingDuration + presentationDelay;

duet('nothing is done', {}, async (visitor) => {
  await visitor.open('input.html');
  const told = await visitor.leave();
  assert.deepEqual(told.of('INP'), []);
  assert.equal(told.of('LCP').length, 1);
});

duet('a slow click', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 120 });
  await visitor.sees('long-animation-frame', { duration: 100 });
  const { value, entries, attribution, during } = (await visitor.leave()).single('INP');
  assert.ok(value >= 120, `${value}`);
  assert.equal(during, 'visibilitychange');
  assert.ok(entries.length >= 1);
  assert.equal(attribution.interactionType, 'pointer');
  assert.equal(attribution.interactionTarget, '#slow');
  assert.ok(attribution.processingDuration >= 120);
  assert.ok(Math.abs(sum(attribution) - value) < 0.1);
  assert.deepEqual(attribution.processedEventEntries, []);
  assert.equal(attribution.longAnimationFrameEntries.length, 1);
  assert.equal(attribution.longestScript.subpart, 'processing-duration');
  assert.ok(attribution.longestScript.intersectingDuration >= 120);
  assert.ok(attribution.totalScriptDuration >= 120);
});

duet('a slow key', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.ask(() => document.getElementById('field').focus());
  await visitor.press('x');
  await visitor.sees('event', { name: 'keydown', duration: 136 });
  const { value, attribution } = (await visitor.leave()).single('INP');
  assert.ok(value >= 136);
  assert.equal(attribution.interactionType, 'keyboard');
  assert.equal(attribution.interactionTarget, '#field');
});

duet('a press that is slow, with a click that is not', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#press');
  await visitor.sees('event', { name: 'pointerdown', duration: 150 });
  const { value, entries } = (await visitor.leave()).single('INP');
  assert.ok(value >= 150);
  assert.equal(entries[0].name, 'pointerdown');
});

duet('work in each event of a click', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#several');
  await visitor.sees('event', { name: 'click', duration: 60 });
  await visitor.sees('long-animation-frame', { duration: 60 });
  const scripts = await visitor.ask(() => performance.getEntriesByType('long-animation-frame').map(({ scripts }) => scripts.length));
  assert.ok(Math.max(...scripts) >= 2, scripts.join());
  const { value, attribution } = (await visitor.leave()).single('INP');
  assert.ok(value >= 60);
  assert.ok(attribution.longAnimationFrameEntries.length >= 1);
});

duet('dragging and scrolling', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.drag('#from', '#to');
  await visitor.scroll(100);
  await visitor.sees('event', { name: 'pointerup', duration: 110 });
  const { value, attribution } = (await visitor.leave()).single('INP');
  assert.ok(value >= 110);
  assert.equal(attribution.interactionType, 'pointer');
});

duet('scrolling alone is nothing done', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.scroll(100);
  await visitor.settled();
  assert.deepEqual((await visitor.leave()).of('INP'), []);
});

duet('of sixty interactions the slowest is left out', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#longest');
  await visitor.sees('event', { name: 'click', duration: 800 });
  await visitor.click('#long');
  await visitor.sees('event', { name: 'click', duration: 400, times: 2 });
  for (let n = 0; n < 58; n++) await visitor.click('#quick');
  await visitor.until(() => performance.interactionCount >= 60);
  await visitor.click('#fifty');
  await visitor.sees('event', { name: 'click', duration: 48, times: 3 });
  const { value, attribution } = (await visitor.leave()).single('INP');
  assert.ok(value >= 400 && value < 800, `${value}`);
  assert.equal(attribution.interactionTarget, '#long');
});

duet('the target removes itself', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#gone');
  await visitor.sees('event', { name: 'click', duration: 120 });
  const { value, attribution } = (await visitor.leave()).single('INP');
  assert.ok(value >= 120);
  assert.equal(attribution.interactionType, 'pointer');
});

duet('the answer is slow to paint', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#paint');
  await visitor.sees('event', { name: 'click', duration: 150 });
  await visitor.sees('long-animation-frame', { duration: 150 });
  const { attribution } = (await visitor.leave()).single('INP');
  assert.ok(attribution.presentationDelay >= 150, `${attribution.presentationDelay}`);
  assert.equal(attribution.longestScript.subpart, 'presentation-delay');
});

duet('the browser is busy when the click comes', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.point('#slow');
  // The page waits for an answer and does nothing else; the answer comes some time after the click.
  await visitor.ask(() => {
    setTimeout(() => {
      const request = new XMLHttpRequest();
      request.open('GET', '/api/wait?gate=busy&wait=400', false);
      request.send();
    });
  });
  await visitor.gates.reached('busy');
  visitor.gates.open('busy');
  await visitor.tap();
  await visitor.sees('event', { name: 'click', duration: 120 });
  await visitor.sees('long-animation-frame');
  const { attribution } = (await visitor.leave()).single('INP');
  assert.ok(attribution.inputDelay > 50, `${attribution.inputDelay}`);
  assert.ok(attribution.longAnimationFrameEntries.length >= 1);
});

duet('only fast interactions: the first one is told', { sets: [{}, { durationThreshold: 400 }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#quick');
  await visitor.sees('first-input');
  await visitor.click('#fifty');
  await visitor.sees('event', { name: 'click', duration: 48 });
  const told = await visitor.leave();
  assert.ok(told.single('INP', { set: 0 }).value >= 48);
  const { value, entries } = told.single('INP', { set: 1 });
  assert.ok(value < 400, `${value}`);
  assert.deepEqual(entries.map(({ entryType }) => entryType), ['first-input']);
});

duet('a lower threshold', { sets: [{ durationThreshold: 16 }, {}] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#quick');
  await visitor.sees('first-input');
  const before = await visitor.ask(() => performance.interactionCount);
  await visitor.click('#brief');
  await visitor.until((before) => performance.interactionCount > before, before);
  await visitor.sees('event', { name: 'click', duration: 24 });
  const told = await visitor.leave();
  const [low, usual] = [0, 1].map((set) => told.single('INP', { set }).value);
  assert.ok(low >= 24 && low >= usual, `${low}, and ${usual} by the usual threshold`);
});

duet('the events of the frame are asked for', { sets: [{ includeProcessedEventEntries: true }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 120 });
  const { attribution } = (await visitor.leave()).single('INP');
  const names = attribution.processedEventEntries.map(({ name }) => name);
  assert.ok(names.includes('click') && names.length > 1, names.join());
});

duet('the page names the targets', { sets: [{ generateTarget: true }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#slow');
  await visitor.sees('event', { name: 'click', duration: 120 });
  await visitor.ask(() => {
    document.querySelector('p').style.marginBottom = '200px';
  });
  await visitor.sees('layout-shift');
  const told = await visitor.leave();
  assert.equal(told.single('INP').attribution.interactionTarget, 'the slow one');
  assert.equal(told.single('LCP').attribution.target, 'the text');
  assert.ok(told.single('CLS'));
});

duet('what is done in a page within the page is of that page only', {}, async (visitor) => {
  await visitor.open('frame.html');
  await visitor.ask(() => document.querySelector('iframe').contentWindow.pair.ready);
  await visitor.click('#own');
  await visitor.sees('event', { name: 'click', duration: 80 });
  const [x, y] = await visitor.ask(() => {
    const frame = document.querySelector('iframe').getBoundingClientRect();
    const button = document.querySelector('iframe').contentDocument.getElementById('slow').getBoundingClientRect();
    return [frame.x + button.x + 5, frame.y + button.y + 5];
  });
  await visitor.tab.move([x, y]);
  await visitor.tap();
  await visitor.until(() => document.querySelector('iframe').contentWindow.durations.some((duration) => duration >= 248));
  await visitor.settled();
  await visitor.ask(() => document.querySelector('iframe').contentWindow.pair.settled());
  const told = await visitor.leave();
  const outer = told.single('INP', { document: 0 });
  assert.ok(outer.value >= 80, `${outer.value}`);
  assert.equal(outer.attribution.interactionTarget, '#own');
  const inner = told.single('INP', { document: 1 });
  assert.ok(inner.value >= 248, `${inner.value}`);
  assert.equal(inner.attribution.interactionTarget, '#slow');
});
