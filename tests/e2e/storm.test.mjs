// A page that fails in a loop: it stays as fast as it is without the agent, and nothing of it is lost.

import assert from 'node:assert/strict';
import { tag } from './forms.mjs';
import { story } from './stage.mjs';

const SECOND = 10_000;
const ROUNDS = 7;

/** Fails so often a second for a while, some each frame; says how many frames there were, and how often it has failed. */
const storm = async ([each, isOne]) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  const started = performance.now();
  let [frames, thrown, now] = [0, 0, started];
  while (now - started < 1500) {
    const due = Math.min(each, ((now - started) * each) / 1000 + 1);
    for (const from = thrown; thrown < due && thrown - from < each; thrown++) {
      const text = isOne ? 'in a loop' : 'in a loop ' + thrown;
      queueMicrotask(() => {
        throw new TypeError(text);
      });
    }
    await frame();
    frames++;
    now = performance.now();
  }
  return [frames / (now - started), thrown];
};
/** Else the browser would tell its tools of each, which takes longer than all the rest. */
const quiet = () => addEventListener('error', (event) => event.preventDefault());

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const sum = (records) => records.events('exception').length + records.events('vitrum.error_repeats').reduce((sum, event) => sum + event['vitrum.error.count'], 0);

for (const [what, isOne] of [['one error', true], ['ever other errors', false]]) {
  story(
    `a page that fails with ${what} ten thousand times a second has its frames, and each is counted`,
    async (stage) => {
      await stage.page.addInitScript(quiet);
      await stage.watch('plain.html');
      const without = await stage.context.newPage();
      await without.addInitScript(quiet);
      await without.goto(`${stage.site.origin}/stories/blank.html`);
      const rates = { own: [], bare: [] };
      let thrown = 0;
      for (let round = 0; round < ROUNDS; round++) {
        // In turns, so that what else the machine does is in both.
        for (const [name, page] of round % 2 ? [['own', stage.page], ['bare', without]] : [['bare', without], ['own', stage.page]]) {
          const [rate, count] = await page.evaluate(storm, [SECOND, isOne]);
          rates[name].push(rate);
          if (name === 'own') thrown += count;
        }
      }
      const [own, bare] = [median(rates.own), median(rates.bare)];
      assert.ok(own > 0.95 * bare, `${own * 1000} frames a second, and ${bare * 1000} without the agent`);
      await stage.leave();
      const records = await stage.until('all', (records) => sum(records) >= thrown && records);
      assert.equal(sum(records), thrown);
      assert.ok(records.events('exception').length <= (isOne ? 1 : 50), `${records.events('exception').length} in full`);
      assert.ok(records.events('vitrum.health').every((event) => !('vitrum.health.dropped_records' in event)), 'nothing is dropped');
    },
    [tag],
  );
}

story('a thousand equal errors are told once, with their number, also when the page goes', async (stage) => {
  await stage.page.addInitScript(quiet);
  await stage.watch('plain.html');
  await stage.run(() => {
    let seen = 0;
    const all = new Promise((resolve) => addEventListener('unhandledrejection', (event) => {
      event.preventDefault();
      if (++seen === 1000) resolve();
    }));
    for (let count = 0; count < 1000; count++) setTimeout(() => Promise.reject(new RangeError('again')));
    return all;
  });
  await stage.leave();
  const records = await stage.until('all', (records) => sum(records) >= 1000 && records);
  assert.deepEqual([records.events('exception').length, sum(records)], [1, 1000]);
  const [failure] = records.events('exception');
  for (const repeats of records.events('vitrum.error_repeats')) {
    assert.equal(repeats['vitrum.error.fingerprint'], failure['vitrum.error.fingerprint']);
    assert.equal(repeats['vitrum.view.id'], failure['vitrum.view.id']);
  }
});

story('a fault in a handler of ours is counted and leads to no other', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => {
    // What of ours needs this fails from now on, and the page reports it, which is heard by ours.
    const { flatMap } = Array.prototype;
    Array.prototype.flatMap = () => {
      window.faults = (window.faults ?? 0) + 1;
      reportError(new Error('of the page’s own flatMap'));
      throw new TypeError('broken');
    };
    window.mend = () => (Array.prototype.flatMap = flatMap);
    setTimeout(() => Promise.reject(new RangeError('the page’s own')));
  });
  await stage.held(() => window.faults);
  await stage.run(() => {
    window.mend();
    setTimeout(() => Promise.reject(new RangeError('after that')));
  });
  const records = await stage.until('the next', (records) => records.events('exception').some((failure) => failure['exception.message'] === 'after that') && records.events('vitrum.health'));
  assert.ok(records.event('vitrum.health')['vitrum.health.callback_faults'] >= 1);
  assert.equal(await stage.run(() => window.faults), 1);
  assert.deepEqual(records.events('exception').map((failure) => failure['exception.message']), ['after that']);
  const [repeats] = records.events('vitrum.error_repeats');
  assert.equal(repeats['vitrum.error.count'], 1, 'what came of it is counted, and not looked at');
});
