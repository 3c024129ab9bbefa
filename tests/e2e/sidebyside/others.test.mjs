// Firefox and WebKitGTK: both libraries tell the same of what each of them measures, and nothing of what it does not.

import assert from 'node:assert/strict';
import { BOTH, duetIn, FIREFOX, namesOf } from './others.mjs';

const PAINT = 'largest-contentful-paint';
const TEXT = 'html>body>main.page.wide>p.big.lead';
/** A picture that is larger than the text. */
const LARGER = '/api/picture?size=600x450';

const typesOf = (told, document) => [...new Set(told.believed.filter((report) => report.document === document).map(({ navigationType }) => navigationType))];

duetIn(BOTH, 'text is the largest', {}, async (visitor) => {
  await visitor.open('text.html');
  const told = await visitor.leaveUntouched();
  assert.ok(told.single('FCP').value > 0);
  if (!visitor.measures('LCP')) return;
  const { value, attribution, during } = told.single('LCP');
  assert.ok(value > 0);
  assert.equal(attribution.target, TEXT);
  assert.equal(attribution.url, undefined);
  assert.equal(during, 'visibilitychange', 'it is told when the page is left');
});

duetIn(BOTH, 'a picture is the largest', {}, async (visitor) => {
  await visitor.open('picture.html');
  if (visitor.measures('LCP')) await visitor.until(() => window.pair.entries.some(({ entryType, startTime }) => entryType === 'largest-contentful-paint' && startTime >= 150));
  const told = await visitor.leaveUntouched();
  if (!visitor.measures('LCP')) return;
  const { value, attribution } = told.single('LCP');
  assert.equal(attribution.target, '#photo');
  assert.match(attribution.url, /size=500x400/);
  assert.ok(attribution.resourceLoadDuration >= 140, `${attribution.resourceLoadDuration}`);
  const parts = ['timeToFirstByte', 'resourceLoadDelay', 'resourceLoadDuration', 'elementRenderDelay'];
  const sum = parts.reduce((sum, part) => sum + attribution[part], 0);
  assert.ok(Math.abs(sum - value) < 0.1, `${sum} is not ${value}`);
});

duetIn(FIREFOX, 'a larger picture comes later', {}, async (visitor) => {
  await visitor.open('text.html');
  await visitor.ask((src) => place({ src, id: 'later' }), `${LARGER}&gate=photo`);
  visitor.gates.open('photo');
  await visitor.sees(PAINT, { times: 2 });
  const { attribution } = (await visitor.leaveUntouched()).single('LCP');
  assert.equal(attribution.target, '#later');
});

for (const [what, act] of [
  ['a click', (visitor) => visitor.click('button')],
  ['a key', (visitor) => visitor.press('a')],
]) {
  duetIn(FIREFOX, `${what} ends the search`, {}, async (visitor) => {
    await visitor.open('text.html');
    await act(visitor);
    await visitor.tells('LCP');
    await visitor.ask((src) => place({ src }), LARGER);
    await visitor.sees('resource', { name: visitor.site.origin + LARGER });
    await visitor.ask(() => frames(3));
    const { visibility, attribution } = (await visitor.leave()).single('LCP');
    assert.equal(visibility, 'visible', 'it was told before the page was left');
    assert.equal(attribution.target, TEXT);
  });
}

duetIn(BOTH, 'a slow click', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.ask(() => document.getElementById('slow').addEventListener('click', () => (window.clicked = true)));
  await visitor.clickTimed('#slow', 120);
  await visitor.until(() => window.clicked);
  const told = await visitor.leave();
  if (!visitor.measures('INP')) return assert.deepEqual(namesOf(told), visitor.untouched);
  const { value, entries, attribution, during } = told.single('INP');
  assert.ok(value >= 120, `${value}`);
  assert.equal(during, 'visibilitychange');
  assert.ok(entries.length >= 1);
  assert.equal(attribution.interactionType, 'pointer');
  assert.equal(attribution.interactionTarget, '#slow');
  // Its clocks are coarse, and each rounds for itself.
  assert.ok(attribution.processingDuration >= 110, `${attribution.processingDuration}`);
  assert.deepEqual(attribution.longAnimationFrameEntries, []);
});

duetIn(FIREFOX, 'a slow key', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.ask(() => document.getElementById('field').focus());
  await visitor.press('x');
  await visitor.sees('event', { name: 'keydown', duration: 136 });
  const { value, attribution } = (await visitor.leave()).single('INP');
  assert.ok(value >= 136);
  assert.equal(attribution.interactionType, 'keyboard');
  assert.equal(attribution.interactionTarget, '#field');
});

duetIn(FIREFOX, 'only fast interactions: the first one is told', { sets: [{}, { durationThreshold: 400 }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.click('#quick');
  await visitor.sees('first-input');
  await visitor.clickTimed('#fifty', 48);
  const told = await visitor.leave();
  assert.ok(told.single('INP', { set: 0 }).value >= 48);
  const { value, entries } = told.single('INP', { set: 1 });
  assert.ok(value < 400, `${value}`);
  assert.deepEqual(entries.map(({ entryType }) => entryType), ['first-input']);
});

duetIn(FIREFOX, 'of sixty interactions the slowest is left out', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.clickTimed('#longest', 800);
  await visitor.clickTimed('#long', 400, 2);
  for (let n = 3; n <= 60; n++) await visitor.clickTimed('#fifty', 48, n);
  const { value, attribution } = (await visitor.leave()).single('INP');
  assert.ok(value >= 400 && value < 800, `${value}`);
  assert.equal(attribution.interactionTarget, '#long');
});

duetIn(FIREFOX, 'the target removes itself', {}, async (visitor) => {
  await visitor.open('input.html');
  await visitor.clickTimed('#gone', 120);
  const { value, attribution } = (await visitor.leave()).single('INP');
  assert.ok(value >= 120);
  assert.equal(attribution.interactionType, 'pointer');
});

duetIn(FIREFOX, 'the page names the targets', { sets: [{ generateTarget: true }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.clickTimed('#slow', 120);
  const told = await visitor.leave();
  assert.equal(told.single('INP').attribution.interactionTarget, 'the slow one');
  assert.equal(told.single('LCP').attribution.target, 'the text');
});

duetIn(BOTH, 'a page is loaded again', {}, async (visitor) => {
  await visitor.open('text.html');
  await visitor.reload();
  await visitor.ready();
  await visitor.painted();
  const told = await visitor.leaveUntouched({ document: 1 });
  assert.deepEqual([0, 1].map((document) => typesOf(told, document)), [['navigate'], ['reload']]);
});

duetIn(BOTH, 'redirects come before', {}, async (visitor) => {
  const last = encodeURIComponent('/api/hop?wait=120&to=/stories/vitals/text.html');
  await visitor.open(`/api/hop?wait=80&to=${last}`);
  const { value, attribution } = (await visitor.leaveUntouched()).single('TTFB');
  assert.ok(value >= 195, `${value}`);
  assert.ok(value >= attribution.waitingDuration);
});

duetIn(BOTH, 'the first byte takes its time', {}, async (visitor) => {
  await visitor.open('/api/late?file=/stories/vitals/text.html&wait=250');
  const { value, entries, attribution } = (await visitor.leaveUntouched()).single('TTFB');
  assert.ok(value >= 245, `${value}`);
  assert.ok(attribution.requestDuration >= 240, `${attribution.requestDuration}`);
  assert.equal(attribution.navigationEntry.number, entries[0].number);
});

duetIn(BOTH, 'the first byte is poor', {}, async (visitor) => {
  await visitor.open('/api/late?file=/stories/vitals/text.html&wait=1850');
  const told = await visitor.leaveUntouched();
  assert.equal(told.single('TTFB').rating, 'poor');
  assert.notEqual(told.single('FCP').rating, 'good');
});

// WebKitGTK keeps this page too. What Firefox has from its HTTP cache has no times, so the answer must not be stored.
duetIn(FIREFOX, 'a visitor comes back to a page that is not kept', {}, async (visitor) => {
  await visitor.open('/api/late?file=/stories/vitals/unkept.html');
  await visitor.away();
  await visitor.backToLoad();
  await visitor.ready();
  await visitor.painted();
  const told = await visitor.leaveUntouched({ document: 1 });
  assert.deepEqual(typesOf(told, 1), ['back-forward']);
});
