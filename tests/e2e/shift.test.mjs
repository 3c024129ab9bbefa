// A page moves under its visitor's eyes: the shifts are told as the browser measured them.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

const VALUE = 'browser.web_vital.value';

story('shifts without input are the CLS', async (stage) => {
  await stage.watch('shift.html');
  const shifts = await stage.held(() => window.shifts.length === 2 && window.shifts);
  const expected = shifts.reduce((sum, { value }) => sum + value, 0);
  assert.ok(expected > 0 && shifts.every(({ hadRecentInput }) => !hadRecentInput), JSON.stringify(shifts));
  await stage.leave();
  const records = await stage.until('the CLS', (records) => records.vital('cls'));

  const cls = records.vital('cls');
  assert.equal(cls[VALUE], Math.round(expected * 1e4) / 1e4, `${cls[VALUE]}, the page says ${expected}`);
  const rating = expected <= 0.1 ? 'good' : expected <= 0.25 ? 'needs-improvement' : 'poor';
  assert.equal(cls['browser.web_vital.rating'], rating);
});

story('a shift that answers a click does not count', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => {
    window.shifts = [];
    const keep = (list) => window.shifts.push(...list.getEntries().map((entry) => entry.hadRecentInput));
    new PerformanceObserver(keep).observe({ type: 'layout-shift', buffered: true });
    document.querySelector('h1').addEventListener('click', (event) => (event.target.style.marginTop = '200px'));
  });
  await stage.page.click('h1');
  assert.deepEqual(await stage.held(() => window.shifts.length > 0 && window.shifts), [true]);
  await stage.leave();
  const records = await stage.until('the CLS', (records) => records.vital('cls'));
  assert.equal(records.vital('cls')[VALUE], 0);
});
