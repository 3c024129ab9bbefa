// A site that asks first: what the agent does before the answer, after it, and when the answer changes.

import assert from 'node:assert/strict';
import { tag } from './forms.mjs';
import { story } from './stage.mjs';

const look = () => ({ stored: Object.keys(localStorage), wrapped: window.fetch !== window.witness.fetch });

story('before consent nothing is sent or stored; after it the first view arrives', async (stage) => {
  await stage.options({ consent: 'pending' }).watch('plain.html');
  const url = stage.page.url();
  await stage.run(() => fetch('/api/before/ok'));
  assert.deepEqual(await stage.run(look), { stored: [], wrapped: true });
  assert.deepEqual(stage.relay.requests, []);

  await stage.consent('granted');
  const records = await stage.until('the view', (records) => records.events('browser.navigation'));
  assert.equal(records.event('browser.navigation')['url.full'], url);
  assert.equal(records.event('browser.navigation_timing')['url.full'], url);
  records.event('session.start');
  records.request(`${stage.site.origin}/api/before/ok`);
  await stage.held(() => localStorage.length === 1);
});

story('consent given before the agent is there counts', async (stage) => {
  await stage.options({ consent: 'pending' }).visit('plain.html');
  await stage.consent('granted');
  await stage.until('the view', (records) => records.events('browser.navigation'));
});

story('a visitor who leaves without an answer was never there', async (stage) => {
  await stage.options({ consent: 'pending' }).watch('plain.html');
  await stage.run(() => fetch('/api/ok'));
  await stage.leave();
  assert.deepEqual((await stage.all()).batches, []);
});

story('consent that is refused ends everything', async (stage) => {
  await stage.options({ consent: 'pending' }).watch('plain.html');
  await stage.consent('denied');
  await stage.held(() => window.fetch === window.witness.fetch);
  await stage.run(() => fetch('/api/ok'));
  assert.deepEqual(await stage.run(look), { stored: [], wrapped: false });
  await stage.leave();
  assert.deepEqual((await stage.all()).batches, []);
});

story('with consent denied from the start nothing begins', async (stage) => {
  await stage.options({ consent: 'denied' }).watch('plain.html');
  assert.deepEqual(await stage.run(look), { stored: [], wrapped: false });
  await stage.run(() => fetch('/api/ok'));
  await stage.leave();
  assert.deepEqual((await stage.all()).batches, []);
});

story('consent that is withdrawn ends everything, and what was stored goes', async (stage) => {
  await stage.watch('plain.html');
  await stage.until('the view', (records) => records.events('browser.navigation'));
  await stage.held(() => localStorage.length === 1);
  const { length } = stage.relay.requests;
  await stage.run(() => fetch('/api/withdrawn/ok'));
  await stage.consent('denied');
  await stage.held(() => localStorage.length === 0 && window.fetch === window.witness.fetch);
  await stage.run(() => fetch('/api/after/ok'));
  await stage.leave();
  const records = await stage.all();
  assert.equal(records.batches.length, length);
  assert.deepEqual(records.spans, []);
});

/** Counts how often the page's stores are asked for anything, be it only whether there is something. */
const countQuestions = () => {
  window.questions = 0;
  const count = (object, name) => {
    const { [name]: native } = object;
    object[name] = function (...given) {
      window.questions++;
      return native.apply(this, given);
    };
  };
  for (const name of ['getItem', 'setItem']) count(Storage.prototype, name);
  for (const name of ['databases', 'open']) count(IDBFactory.prototype, name);
};

story('with minimal consent there are vitals and errors without identifiers', async (stage) => {
  await stage.page.addInitScript(countQuestions);
  await stage.options({ consent: 'minimal' }).watch('plain.html?email=someone@example.com');
  await stage.run(() => {
    setTimeout(() => {
      throw new Error('a fault');
    });
    return fetch('/api/ok');
  });
  await stage.until('the error', (records) => records.events('exception'));
  await stage.page.waitForTimeout(500);
  assert.equal(await stage.run(() => window.questions), 0);
  await stage.leave();
  const records = await stage.until('the vitals', (records) => records.vital('cls') && records.events('exception'));
  assert.deepEqual([...new Set(records.logs.map(({ name }) => name))].sort(), ['browser.web_vital', 'exception']);
  assert.deepEqual(records.spans, []);
  for (const { attributes, name } of records.logs) {
    for (const key of ['session.id', 'vitrum.view.id', 'url.template', 'url.full']) assert.equal(attributes[key], undefined, `${key} of ${name}`);
  }
  assert.deepEqual(await stage.run(() => Object.keys(localStorage)), []);
});

story('stop sends what there is, puts fetch back, and is final', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => fetch('/api/before/ok'));
  await stage.stop();
  const records = await stage.until('the vitals', (records) => records.vital('cls'));
  records.request(`${stage.site.origin}/api/before/ok`);
  assert.equal((await stage.run(look)).wrapped, false);
  await stage.run(() => fetch('/api/after/ok'));
  await stage.consent('granted');
  await stage.leave();
  assert.equal((await stage.all()).spans.length, 1);
});

/** In the load event: the loader is there, and the agent is not. */
const failAndRefuse = () =>
  addEventListener('load', () => {
    if (location.search !== '?refuse') return;
    // More than a batch holds, so that it would leave at once.
    for (let count = 0; count < 8; count++) dispatchEvent(new ErrorEvent('error', { error: new Error('x'.repeat(8000)) }));
    window.vitrum.push(['consent', 'denied']);
  });

story(
  'a refusal that comes before the agent is heard before anything leaves',
  async (stage) => {
    await stage.page.addInitScript(failAndRefuse);
    await stage.options({ consent: 'granted' }).watch('plain.html?refuse');
    await stage.leave();
    assert.deepEqual((await stage.all()).batches, []);
  },
  [tag],
);

story('consent given again watches each request once, also below a wrapper of the page', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => {
    const below = window.fetch;
    window.fetch = (...args) => below(...args);
  });
  await stage.consent('denied');
  await stage.run(() => fetch('/api/refused/ok'));
  await stage.consent('granted');
  await stage.run(() => fetch('/api/again/ok'));
  await stage.leave();
  const records = await stage.until('the request', (records) => records.spans.length);
  assert.deepEqual(records.spans.map(({ attributes }) => new URL(attributes['url.full']).pathname), ['/api/again/ok']);
});

for (const [before, after] of [['granted', 'denied'], ['pending', 'granted']]) {
  story(`an answer while the rest is fetched holds: ${before}, then ${after}`, async (stage) => {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    await stage.page.route(/\/hook[^/]*\.js/, (route) => released.then(() => route.continue()));
    await stage.page.addInitScript((isTag) => {
      window.beforeSend = () => true;
      if (isTag) (window.vitrum ||= []).push(['beforeSend', window.beforeSend]);
    }, stage.form.name === 'tag');
    const asked = stage.page.waitForRequest(/\/hook[^/]*\.js/);
    await stage.options({ consent: before }).visit('plain.html');
    await asked;
    await stage.held(() => window.agent || window.vitrum.stop);
    await stage.consent(after);
    release();
    if (after === 'granted') {
      await stage.until('the view', (records) => records.events('browser.navigation').length);
      return;
    }
    await stage.page.waitForTimeout(1000);
    assert.deepEqual(await stage.run(look), { stored: [], wrapped: false });
    await stage.leave();
    assert.deepEqual((await stage.all()).batches, []);
  });
}
