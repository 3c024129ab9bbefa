// A site that is configured wrongly: on a developer's machine it is told so, elsewhere it is measured nevertheless.

import assert from 'node:assert/strict';
import { npm } from './forms.mjs';
import { story } from './stage.mjs';

/** A wrong option, and what is said of it. */
const WRONG = [
  [{ sampleRate: 2 }, '"sampleRate" is 2, but must be a number from 0 to 1'],
  [{ consent: 'maybe' }, '"consent" is "maybe", but must be one of pending, granted, denied, minimal, tcf, google'],
  [{ endpoint: 'ftp://collector.example' }, '"endpoint" is "ftp://collector.example", but must be an http(s) URL'],
  [{ propagateTo: ['api.example'] }, '"propagateTo" is ["api.example"], but must be a list of absolute http(s) URLs'],
];

for (const [options, words] of WRONG) {
  const sentence = `vitrum: the option ${words}. Vitrum was not started.`;
  const [name] = Object.keys(options);
  story(`in development a wrong ${name} is refused with a sentence`, async (stage) => {
    const isTag = stage.form.name === 'tag';
    const told = stage.page.waitForEvent(isTag ? 'console' : 'pageerror');
    await stage.options(options).visit('plain.html');
    await told;
    if (isTag) {
      assert.deepEqual(stage.console, [{ type: 'error', text: sentence }]);
      assert.deepEqual(stage.uncaught, []);
    } else {
      assert.deepEqual(stage.uncaught.map(({ name, message }) => [name, message]), [['TypeError', sentence]]);
    }
    await stage.run(() => fetch('/api/ok'));
    assert.ok(await stage.run(() => window.fetch === window.witness.fetch));
    await stage.leave();
    assert.deepEqual((await stage.all()).batches, []);
  });
}

// Attributes that the tag does not know may be another tool's, so only `init` can tell.
story(
  'an option that there is not is refused with those that there are',
  async (stage) => {
    const told = stage.page.waitForEvent('pageerror');
    await stage.options({ sampelRate: 1 }).visit('plain.html');
    const { message } = await told;
    assert.match(message, /^vitrum: there is no option "sampelRate" \(given: 1\); there are endpoint, .*service, .*, debug\. /);
  },
  [npm],
);

story('in production a wrong option is replaced and counted', async (stage) => {
  await stage.options({ sampleRate: 2, consent: 'maybe', debug: false }).watch('plain.html');
  await stage.leave();
  const records = await stage.until('the health', (records) => records.events('vitrum.health'));
  assert.equal(records.event('vitrum.health')['vitrum.health.bad_options'], 2);
  assert.equal(records.events('browser.navigation').length, 1);
  for (const { resource } of records.batches) assert.equal(resource['vitrum.sample.rate'], undefined, 'the default: all');
  assert.deepEqual(stage.console, []);
  assert.deepEqual(stage.uncaught, []);
});
