// What a site says: its own events, its cohorts and rules of sampling, its say in what leaves; and what the collector wishes.

import assert from 'node:assert/strict';
import { npm } from './forms.mjs';
import { story } from './stage.mjs';

const call = (stage, name, ...args) => stage.run(([name, args]) => (window.agent ? window.agent[name](...args) : window.vitrum.push([name, ...args])), [name, args]);

story('an event of the site is told with what it says, and its texts are scrubbed', async (stage) => {
  await stage.options({ cohort: 'tier=gold,flag=new-cart' }).watch('plain.html');
  await call(stage, 'event', 'checkout', { step: 2, price: 7.5, isGift: true, note: 'for someone@example.com', nested: { secret: 1 }, 'a key': 'x' });
  const records = await stage.until('the event', (records) => records.events('vitrum.event').length && records.events('vitrum.health'));
  const { 'vitrum.event.name': name, ...rest } = records.event('vitrum.event');
  const own = Object.fromEntries(Object.entries(rest).filter(([key]) => key.startsWith('vitrum.event.')));
  assert.equal(name, 'checkout');
  assert.deepEqual(own, {
    'vitrum.event.attributes.step': 2,
    'vitrum.event.attributes.price': 7.5,
    'vitrum.event.attributes.isGift': true,
    'vitrum.event.attributes.note': 'for :email',
  });
  assert.equal(records.event('vitrum.health')['vitrum.health.bad_options'], 2, 'what is no text, number or truth is counted');
  for (const { resource } of records.batches) {
    assert.deepEqual([resource['vitrum.cohort.tier'], resource['vitrum.cohort.flag']], ['gold', 'new-cart']);
  }
});

const hook = (stage, action) =>
  stage.page.addInitScript(`window.beforeSend = ${action}; if (${stage.form.name === 'tag'}) (window.vitrum ||= []).push(['beforeSend', window.beforeSend]);`);

story('the site sees what leaves, and changes, drops and adds; what it trips over does not leave', async (stage) => {
  await hook(stage, (event) => {
    (window.seen ||= []).push(JSON.parse(JSON.stringify(event)));
    if (event.name === 'browser.navigation_timing') return false;
    if (event.attributes['exception.message'] === 'trip') throw new TypeError('in the hook');
    if (event.kind === 'span' && event.attributes['url.full']) event.attributes['url.full'] = 'changed';
    event.attributes.team = 'größe';
    delete event.attributes['vitrum.referrer'];
    event.attributes.number = -1.5;
    event.attributes.whole = -7;
    event.attributes.nothing = undefined;
  });
  await stage.watch('plain.html');
  await stage.run(() => fetch('/api/ok'));
  await stage.run(() => setTimeout(() => Promise.reject(new Error('told'))));
  await stage.run(() => setTimeout(() => Promise.reject(new Error('trip'))));
  const records = await stage.until('the error', (records) => records.events('exception').length && records.spans.length && records.events('browser.navigation'));
  const [failure] = records.events('exception');
  assert.deepEqual([failure['exception.message'], failure.team, failure.number, failure.whole, 'nothing' in failure], ['told', 'größe', -1.5, -7, false]);
  assert.equal(records.spans[0].attributes['url.full'], 'changed');
  assert.equal(records.events('exception').length, 1);
  assert.equal(records.events('browser.navigation_timing').length, 0);
  assert.ok(records.batches.some(({ resource }) => /hook \d/.test(resource['vitrum.scrubbed'])));
  const seen = await stage.run(() => window.seen);
  const view = seen.find(({ name }) => name === 'browser.navigation');
  assert.equal(view.kind, 'event');
  assert.ok(Math.abs(view.time - Date.now()) < 60_000);
  assert.equal(view.attributes['browser.navigation.same_document'], false);
  // And at the end of the page, in the same event.
  await stage.leave();
  const left = await stage.until('the CLS', (records) => records.vital('cls'));
  assert.equal(left.vital('cls').team, 'größe');
});

story('a session is reported by the rule that fits where it begins', async (stage) => {
  await stage.options({ sampleRate: 0.0001, cohort: 'tier=gold', sampling: ['0.0002 tier=silver', '1 tier=g* route=/stories/:page device=desktop'] }).watch('plain.html');
  const records = await stage.until('the view', (records) => records.events('browser.navigation'));
  assert.equal(records.batches[0].resource['vitrum.sample.rate'], undefined);
  const headers = await stage.run(() => fetch('/api/echo').then((response) => response.json()));
  assert.match(headers.traceparent, /-01$/);
});

story('a session that comes to where a rule wants it is told from shortly before', async (stage) => {
  await stage.options({ sampleRate: 0.000001, sampling: ['1 route=/checkout/*'] }).watch('plain.html');
  await stage.run(() => fetch('/api/ok'));
  await stage.page.waitForTimeout(3500);
  assert.deepEqual(stage.relay.requests, []);
  await stage.run(() => history.pushState(null, '', '/checkout/pay'));
  const records = await stage.until('the view before', (records) => records.events('browser.navigation').length >= 2 && records);
  assert.equal(records.batches[0].resource['vitrum.sample.kept'], 'rule');
});

story('a wish of the collector holds from the next batch on', async (stage) => {
  stage.relay.wish = '0 0 1 600';
  await stage.watch('plain.html');
  await stage.until('the view', (records) => records.events('browser.navigation'));
  await stage.relay.rest();
  const { length } = stage.relay.requests;
  // The answer has to be read.
  await stage.page.waitForTimeout(500);
  await call(stage, 'event', 'unheard');
  await stage.page.waitForTimeout(4000);
  await stage.leave();
  await stage.page.waitForTimeout(500);
  assert.equal(stage.relay.requests.length, length);
});

story('of a kind there are so many a minute', async (stage) => {
  await stage.options({ perMinute: 20 }).watch('plain.html');
  for (let count = 0; count < 50; count++) await call(stage, 'event', 'again');
  const records = await stage.until('the counts', (records) => records.events('vitrum.health'));
  assert.equal(records.events('vitrum.event').length, 20);
  assert.match(records.event('vitrum.health')['vitrum.health.limited'], /vitrum\.event 30/);
});

// The order of events is the lock's alone: whatever processes the tabs are in.
story('a tab waits for its turn, and is then in the session that another has begun', async (stage) => {
  await stage.visit('blank.html');
  const other = stage.page;
  await other.evaluate(() => {
    navigator.locks.request('vitrum', () => new Promise((resolve) => (window.release = resolve)));
  });
  const tab = (stage.page = await stage.context.newPage());
  await tab.addInitScript({ path: 'tests/e2e/witness.js' });
  // It would not wait for longer than a second, which this machine may need for anything.
  await tab.addInitScript(() => {
    AbortSignal.timeout = () => new AbortController().signal;
  });
  await stage.visit('plain.html');
  await stage.held(() => window.witness.core === 1);
  assert.equal(await stage.run(() => localStorage.vitrum), undefined, 'it has not begun');
  const id = '0123456789abcdef0123456789abcdef';
  await other.evaluate((id) => {
    const time = Date.now().toString(16).padStart(12, '0');
    localStorage.vitrum = id + (1e9).toString(16).padStart(8, '0') + time + time;
    // As the agent does: tabs in other processes hear of it a little later.
    setTimeout(window.release, 100);
  }, id);
  const records = await stage.until('the view', (records) => records.events('browser.navigation'));
  assert.equal(records.event('browser.navigation')['session.id'], id);
  assert.deepEqual(records.events('session.start'), []);
});

story('what the site says before the agent has begun is told when it has', async (stage) => {
  await stage.page.addInitScript((isTag) => {
    const said = [['event', 'early', { step: 1 }], ['user', 'someone'], ['setFlag', 'new-cart', true], ['addBreadcrumb', 'a line of the site']];
    if (isTag) (window.vitrum ||= []).push(...said);
    else window.said = said;
    // The page takes its time, and so the agent.
    document.addEventListener('DOMContentLoaded', () => {
      document.body.append(Object.assign(new Image(), { src: '/api/stream' }));
    });
  }, stage.form.name === 'tag');
  await stage.visit('plain.html', { waitUntil: 'domcontentloaded' });
  await stage.page.waitForTimeout(500);
  assert.equal(await stage.run(() => window.witness.core), 0, 'nothing of it is a reason to load the core before the page has loaded');
  await stage.run(() => fetch('/api/release').then((answer) => answer.text()));
  await stage.held(() => window.witness.core === 1);
  await stage.run(() => navigator.locks.request('vitrum', () => {}));
  // The name of a user is a hash, which takes a moment.
  await stage.page.waitForTimeout(100);
  await stage.run(() => setTimeout(() => Promise.reject(new Error('later'))));
  // That no picture has come is an error, too.
  const later = (records) => records.events('exception').find((failure) => failure['exception.message'] === 'later');
  const records = await stage.until('both', (records) => records.events('vitrum.event').length && later(records) && records);
  assert.equal(records.event('vitrum.event')['vitrum.event.name'], 'early');
  const failure = later(records);
  assert.match(failure['user.hash'], /^[\da-f]{64}$/);
  assert.match(JSON.stringify(failure), /new-cart/);
  assert.match(JSON.stringify(failure), /a line of the site/);
});

story('of what the site says in a loop before the agent has begun there is so much, and the rest is counted', async (stage) => {
  await stage.page.addInitScript(() => {
    window.said = Array.from({ length: 300 }, () => ['setFlag', 'again', true]);
  });
  await stage.watch('plain.html');
  const records = await stage.until('the count', (records) => records.events('vitrum.health').length);
  assert.equal(records.event('vitrum.health')['vitrum.health.dropped_records'], 44);
}, [npm]);

story('who wants to be forgotten before the agent has begun is, however much was said', async (stage) => {
  await stage.page.addInitScript(() => {
    window.said = [...Array.from({ length: 300 }, () => ['setFlag', 'again', true]), ['forget']];
  });
  await stage.watch('plain.html');
  await stage.held(() => !localStorage.vitrum && window.fetch === window.witness.fetch);
  await stage.leave();
  assert.deepEqual((await stage.all()).events('browser.navigation'), []);
}, [npm]);
