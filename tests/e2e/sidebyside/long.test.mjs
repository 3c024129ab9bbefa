// Long visits: more shifts, interactions and loads than browsers and libraries keep.

import assert from 'node:assert/strict';
import { duet } from './duet.mjs';

const MANY = 200;

duet('two hundred shifts', {}, async (visitor) => {
  await visitor.open('shift.html');
  await visitor.ask(async (many) => {
    const shifts = () => pair.entries.filter(({ entryType }) => entryType === 'layout-shift').length;
    for (let n = 1; shifts() < many; n++) {
      grow(n % 2 ? 40 + (n % 50) : 0);
      await frames(1);
    }
  }, MANY);
  await visitor.sees('layout-shift', { times: MANY });
  const { value, entries } = (await visitor.leave()).single('CLS');
  assert.ok(value > 0.25);
  assert.ok(entries.length > 50, `${entries.length}`);
});

duet('two hundred interactions', { sets: [{ durationThreshold: 16 }] }, async (visitor) => {
  await visitor.open('input.html');
  await visitor.ask(() => document.getElementById('uneven').focus());
  for (let n = 0; n < MANY; n++) await visitor.press('x');
  await visitor.until((many) => performance.interactionCount >= many, MANY);
  await visitor.click('#longest');
  await visitor.sees('event', { name: 'click', duration: 800 });
  const { value, attribution } = (await visitor.leave()).single('INP');
  assert.ok(value >= 56 && value < 800, `${value}`);
  assert.equal(attribution.interactionType, 'keyboard');
});

/** More than browsers keep, which is 250. */
const LOADS = 260;

/** Loads so many things, one after the other, of which nothing is shown. */
const load = (visitor, count) =>
  visitor.ask(async (count) => {
    for (let n = 0; n < count; n++) await ask(`/api/wait?n=${n}`);
  }, count);

async function placeAfterLoads(visitor) {
  await visitor.open('text.html');
  await load(visitor, LOADS);
  await visitor.ask(() => place({ src: '/api/picture?size=600x450', id: 'last' }));
  await visitor.sees('largest-contentful-paint', { times: 2 });
  assert.equal(await visitor.ask(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('picture')).length), 0);
}

duet('the picture is loaded after more than the browser keeps', {}, async (visitor) => {
  await placeAfterLoads(visitor);
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, '#last');
  assert.match(attribution.lcpResourceEntry.name, /picture/);
});

duet('more is loaded after the picture than libraries keep', {}, async (visitor) => {
  await placeAfterLoads(visitor);
  await load(visitor, 60);
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, '#last');
  assert.equal(attribution.lcpResourceEntry, undefined);
});

duet('libraries are asked to keep more loads', { sets: [{ resourceBufferSize: 100 }] }, async (visitor) => {
  await placeAfterLoads(visitor);
  await load(visitor, 60);
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.match(attribution.lcpResourceEntry.name, /picture/);
});
