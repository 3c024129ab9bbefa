// Listeners of vitals on a page with the tag, and what explains a vital in the records that leave.

import assert from 'node:assert/strict';
import { tag } from './forms.mjs';
import { story } from './stage.mjs';

const ATTRIBUTION = 'vitrum.web_vital.attribution.';

story(
  'who waits on the queue hears of vitals, and so does who comes later',
  async (stage) => {
    await stage.page.addInitScript(() => {
      window.heard = { queued: {}, later: {}, broken: 0 };
      const note = (list) => (metric) => (window.heard[list][metric.name] = { ...metric, entries: metric.entries.length });
      window.note = note;
      window.vitrum = [
        ['onFCP', () => { window.heard.broken++; throw new Error('of the page itself'); }],
        ['onVital', note('queued')],
      ];
    });
    await stage.watch('button.html');
    await stage.held(() => window.heard.queued.TTFB && window.heard.queued.FCP);
    await stage.run(() => window.vitrum.onLCP(window.note('later')));
    await stage.run(() => window.vitrum.push(['onINP', window.note('later'), { reportAllChanges: true }]));
    await stage.page.click('#slow');
    const later = await stage.held(() => window.heard.later.LCP && window.heard.later.INP && window.heard.later);
    const { queued, broken } = await stage.run(() => window.heard);
    assert.equal(broken, 1);
    assert.deepEqual(stage.uncaught.splice(0).map(({ message }) => message), ['of the page itself']);
    assert.equal(later.LCP.value, queued.LCP.value);
    assert.equal(later.LCP.attribution.target, queued.LCP.attribution.target);
    assert.ok(later.INP.value >= 200 && later.INP.entries > 0);
    assert.equal(later.INP.attribution.interactionTarget, '#slow');
    assert.match(queued.FCP.id, /^v6-\d+-\d+$/);
    await stage.stop();
    await stage.run(() => (window.heard.later = {}));
    await stage.page.click('#slow');
    await stage.run(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(resolve)))));
    assert.deepEqual(await stage.run(() => window.heard.later), {}, 'after the end nobody hears anything');
  },
  [tag],
);

story('what explains a vital leaves with it', async (stage) => {
  await stage.watch('button.html');
  await stage.page.click('#slow');
  await stage.held(() => window.durations.some((duration) => duration >= 200));
  await stage.leave();
  const records = await stage.until('the INP', (records) => records.vital('inp') && records.vital('lcp'));

  const inp = records.vital('inp');
  const of = (name) => inp[ATTRIBUTION + name] ?? 0;
  assert.equal(of('target'), '#slow');
  assert.equal(of('interaction_type'), 'pointer');
  assert.equal(of('load_state'), 'complete');
  const parts = of('input_delay') + of('processing_duration') + of('presentation_delay');
  assert.ok(Math.abs(parts - inp['browser.web_vital.value']) <= 2, `${parts} in whole milliseconds`);
  assert.equal(of('longest_script.subpart'), 'processing-duration');
  assert.match(of('longest_script.invoker'), /onclick|BUTTON/);
  assert.ok(of('longest_script.intersecting_duration') >= 100);

  const lcp = records.vital('lcp');
  const [first, delay, duration, render] = ['time_to_first_byte', 'resource_load_delay', 'resource_load_duration', 'element_render_delay'].map(
    (name) => lcp[ATTRIBUTION + name] ?? 0,
  );
  assert.ok(Math.abs(first + delay + duration + render - lcp['browser.web_vital.value']) <= 2);
  assert.ok(lcp[ATTRIBUTION + 'target']);
  const ttfb = records.vital('ttfb');
  assert.ok(ttfb[ATTRIBUTION + 'request_duration'] > 0);
  assert.ok(records.vital('fcp')[ATTRIBUTION + 'first_byte_to_fcp'] > 0);
  assert.ok(records.event('vitrum.blocking')['vitrum.blocking.duration'] >= 100, 'the slow handler blocked the page');
});

story('what listeners need may be missing, and that is no error of the page', async (stage) => {
  await stage.page.route('**/dist/metrics.js', (route) => route.abort());
  await stage.page.addInitScript(() => {
    window.vitrum = [['onVital', () => {}]];
  });
  await stage.watch('plain.html');
  await stage.run(() => window.vitrum.onLCP(() => {}));
  await stage.leave();
  const records = await stage.until('the page', (records) => records.vital('cls'));
  assert.deepEqual(stage.uncaught, []);
  assert.deepEqual(records.events('exception').filter((failure) => /metrics|module/.test(failure['exception.message'])), []);
}, [tag]);
