// The largest paint: what it is, of what it consists, and what ends the search for it.

import assert from 'node:assert/strict';
import { duet } from './duet.mjs';

const PAINT = 'largest-contentful-paint';
const TEXT = 'html>body>main.page.wide>p.big.lead';

/** A picture that is larger than the text, and how the page is to have it. */
const LARGER = '/api/picture?size=600x450';

/** Puts a larger picture into the page of text and waits until the browser has told of its paint. */
async function place(visitor, picture) {
  await visitor.ask((picture) => place(picture), { src: LARGER, ...picture });
  await visitor.sees(PAINT, { times: 2 });
}

/** The same when the browser no longer looks for the largest paint, and so tells nothing. */
async function placeInVain(visitor) {
  await visitor.ask((src) => place({ src }), LARGER);
  await visitor.sees('resource', { name: visitor.site.origin + LARGER });
  await visitor.ask(() => frames(3));
  await visitor.settled();
}

duet('text is the largest', {}, async (visitor) => {
  await visitor.open('text.html');
  await visitor.sees(PAINT);
  const { value, rating, attribution } = (await visitor.leave()).single('LCP');
  assert.ok(value > 0);
  assert.equal(rating, 'good');
  assert.equal(attribution.target, TEXT);
  assert.equal(attribution.url, undefined);
  assert.equal(attribution.resourceLoadDuration, 0);
});

duet('a picture is the largest', {}, async (visitor) => {
  await visitor.open('picture.html');
  const { value, attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, '#photo');
  assert.match(attribution.url, /size=500x400/);
  assert.ok(attribution.resourceLoadDuration >= 150, `${attribution.resourceLoadDuration}`);
  assert.equal(attribution.lcpResourceEntry.name, attribution.url);
  const parts = ['timeToFirstByte', 'resourceLoadDelay', 'resourceLoadDuration', 'elementRenderDelay'];
  const sum = parts.reduce((sum, part) => sum + attribution[part], 0);
  assert.ok(Math.abs(sum - value) < 0.1, `${sum} is not ${value}`);
});

duet('the picture comes from the cache', {}, async (visitor) => {
  await visitor.open('picture.html');
  await visitor.away();
  await visitor.go('picture.html');
  await visitor.ready();
  const size = await visitor.ask(() => performance.getEntriesByType('resource').find(({ name }) => name.includes('picture')).transferSize);
  assert.equal(size, 0, 'it was loaded again');
  const told = await visitor.leave();
  assert.ok(told.single('LCP', { document: 0 }).attribution.resourceLoadDuration >= 150);
  const { attribution } = told.single('LCP', { document: 1 });
  assert.equal(attribution.target, '#photo');
  assert.ok(attribution.resourceLoadDuration < 150, `${attribution.resourceLoadDuration}`);
});

duet('a background is the largest', {}, async (visitor) => {
  await visitor.open('background.html');
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, 'html>body>section.hero');
  assert.ok(attribution.resourceLoadDuration >= 120);
});

duet('the poster of a film is the largest', {}, async (visitor) => {
  await visitor.open('poster.html');
  await visitor.until(() => window.pair.entries.filter(({ entryType }) => entryType === 'largest-contentful-paint').length >= 2);
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, 'html>body>video.film');
  assert.match(attribution.url, /picture/);
});

duet('a larger picture comes later', {}, async (visitor) => {
  await visitor.open('text.html');
  await visitor.ask(() => place({ src: '/api/picture?size=600x450&gate=photo', id: 'later' }));
  visitor.gates.open('photo');
  await visitor.sees(PAINT, { times: 2 });
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, '#later');
});

duet('the picture is asked for late', {}, async (visitor) => {
  await visitor.open('text.html');
  await visitor.ask(() => ask('/api/wait?wait=300'));
  await place(visitor, { id: 'late' });
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, '#late');
  assert.ok(attribution.resourceLoadDelay >= 300, `${attribution.resourceLoadDelay}`);
});

duet('the picture is of another site that hides its times', {}, async (visitor) => {
  await visitor.open('text.html');
  await place(visitor, { src: `${visitor.site.other}${LARGER}&secret=yes&wait=50`, id: 'foreign' });
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, '#foreign');
  assert.ok(attribution.lcpResourceEntry, 'its load is known');
});

duet('the picture is asked for again after it was painted', {}, async (visitor) => {
  await visitor.open('text.html');
  await place(visitor, { id: 'twice' });
  await visitor.ask((src) => ask(src), LARGER);
  await visitor.sees('resource', { name: visitor.site.origin + LARGER, times: 2 });
  const { value, attribution } = (await visitor.leave()).single('LCP');
  assert.ok(attribution.lcpResourceEntry.startTime < value);
});

for (const [what, act] of [
  ['a click', (visitor) => visitor.click('button')],
  ['a key', (visitor) => visitor.press('a')],
]) {
  duet(`${what} ends the search`, {}, async (visitor) => {
    await visitor.open('text.html');
    await act(visitor);
    await visitor.tells('LCP');
    await placeInVain(visitor);
    const { visibility, attribution } = (await visitor.leave()).single('LCP');
    assert.equal(visibility, 'visible', 'it was told before the page was left');
    assert.equal(attribution.target, TEXT);
  });
}

duet('scrolling ends the search, and nobody is told', {}, async (visitor) => {
  await visitor.open('text.html');
  await visitor.scroll(200);
  await placeInVain(visitor);
  const { during, attribution } = (await visitor.leave()).single('LCP');
  assert.equal(during, 'visibilitychange');
  assert.equal(attribution.target, TEXT);
});

duet('hiding ends the search', {}, async (visitor) => {
  await visitor.open('text.html');
  await visitor.hide();
  await visitor.tells('LCP');
  await visitor.show();
  await placeInVain(visitor);
  const { during, attribution } = (await visitor.leave()).single('LCP');
  assert.equal(during, 'visibilitychange');
  assert.equal(attribution.target, TEXT);
});

duet('the largest element is removed after it was told', {}, async (visitor) => {
  await visitor.open('text.html');
  await place(visitor, { classes: 'photo' });
  await visitor.ask(() => document.querySelector('.photo').remove());
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, '#place>img.photo');
});

duet('the largest element is removed before it is told, and had an id', {}, async (visitor) => {
  await visitor.open('removed.html');
  await place(visitor, { id: 'short' });
  await visitor.until(() => !document.getElementById('short'));
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, '#short');
});

duet('the largest element is removed before it is told, and had no id', {}, async (visitor) => {
  await visitor.open('removed.html');
  await place(visitor, { classes: 'short' });
  await visitor.until(() => !document.querySelector('.short'));
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, undefined);
  assert.match(attribution.url, /picture/);
});

duet('the largest element has classes, in an order of their own', {}, async (visitor) => {
  await visitor.open('text.html');
  await place(visitor, { classes: 'zebra  apple mango' });
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.equal(attribution.target, '#place>img.apple.mango.zebra');
});

duet('the path to the largest element is too long', {}, async (visitor) => {
  await visitor.open('text.html');
  await visitor.ask((src) => {
    const outer = document.getElementById('place');
    outer.outerHTML = `<div class="${'outer-'.repeat(9)}"><div class="${'inner-'.repeat(8)}"><b id="place"></b></div></div>`;
    place({ src, classes: 'deep' });
    document.getElementById('place').removeAttribute('id');
  }, LARGER);
  await visitor.sees(PAINT, { times: 2 });
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.match(attribution.target, /^div\.(inner-)+>b>img\.deep$/);
});

duet('the largest element is in a shadow tree', {}, async (visitor) => {
  await visitor.open('text.html');
  await visitor.ask((src) => {
    const root = document.getElementById('place').attachShadow({ mode: 'open' });
    root.append(Object.assign(new Image(600, 450), { src, id: 'within' }));
  }, LARGER);
  await visitor.sees('resource', { name: visitor.site.origin + LARGER });
  await visitor.ask(() => frames(3));
  await visitor.settled();
  const { attribution } = (await visitor.leave()).single('LCP');
  assert.ok(attribution.lcpEntry);
});

duet('the font of the text comes late', {}, async (visitor) => {
  await visitor.enter('font.html');
  await visitor.until(() => performance.getEntriesByName('first-contentful-paint').length);
  visitor.gates.open('font');
  await visitor.ready();
  await visitor.until(() => document.fonts.check('30px Boxes'));
  await visitor.ask(() => frames(3));
  await visitor.settled();
  const told = await visitor.leave();
  assert.equal(told.single('LCP').attribution.target, '#words');
  assert.ok(told.single('CLS').value > 0, 'the text below has moved');
});
