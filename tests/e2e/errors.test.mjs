// A page fails: what nobody caught is told, also what was thrown before the agent was there.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

const told = (attributes) => [attributes['exception.type'], attributes['exception.message']];

story('uncaught errors and rejections are told, early and late', async (stage) => {
  await stage.watch('errors.html');
  await stage.run(() => {
    const late = (action) => setTimeout(action);
    late(() => {
      throw new TypeError('thrown late');
    });
    late(() => Promise.reject(new SyntaxError('rejected with an error')));
    late(() => Promise.reject('rejected with a text'));
    late(() => Promise.reject({ reason: 'rejected with an object' }));
  });
  const records = await stage.until('five errors', (records) => records.events('exception').length >= 5);

  assert.deepEqual(records.events('exception').map(told).sort(), [
    ['RangeError', 'thrown early'],
    ['SyntaxError', 'rejected with an error'],
    ['TypeError', 'thrown late'],
    ['UnhandledRejection', '[object Object]'],
    ['UnhandledRejection', 'rejected with a text'],
  ]);
  for (const { name, severity, attributes } of records.logs) assert.equal(severity, name === 'exception' ? 17 : 9, name);
  const [first] = records.events('exception');
  assert.equal(first['exception.message'], 'thrown early', 'an error is told with its time');
  assert.match(first['exception.stacktrace'], /^RangeError: thrown early\n.*\/stories\/errors\.html:\d+:\d+/s);
  for (const failure of records.events('exception')) {
    assert.equal(failure['vitrum.error.handled'], false);
    assert.equal(failure['vitrum.view.id'], records.event('browser.navigation')['vitrum.view.id']);
  }
  // To the page's own tools nothing has changed: each was reported once, as ever.
  assert.equal(stage.uncaught.length, 5);
});

story('what the page catches is its own', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => {
    try {
      throw new Error('caught');
    } catch {}
    return Promise.reject(new Error('handled')).catch(() => {});
  });
  await stage.leave();
  const records = await stage.until('the page', (records) => records.vital('cls'));
  assert.deepEqual(records.events('exception'), []);
});
