// Sessions across pages and tabs; the browser's privacy settings; users and their wish to be forgotten.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { story } from './stage.mjs';

const sessionsOf = (records) => [...new Set(records.logs.map(({ attributes }) => attributes['session.id']))];
const MINUTE = 60_000;

story('all tabs of a site are in one session, also those that begin at once', async (stage) => {
  await stage.visit('blank.html');
  const pages = [stage.page, ...(await Promise.all([1, 2, 3].map(() => stage.context.newPage())))];
  await Promise.all(pages.map((page) => page.goto(`${stage.site.origin}/stories/plain.html`)));
  const records = await stage.until('four views', (records) => records.logs.filter(({ name }) => name === 'browser.navigation').length === 4 && records);
  assert.equal(sessionsOf(records).length, 1);
  assert.equal(records.logs.filter(({ name }) => name === 'session.start').length, 1);
  for (const { resource } of records.batches) assert.equal(resource['user_agent.synthetic.type'], 'test');
});

story('a session lives through reloads, and a page used again after half an hour is in the next', async (stage) => {
  await stage.watch('plain.html');
  await stage.page.reload();
  await stage.held(() => window.witness.core === 1);
  await stage.held(() => localStorage.vitrum);
  const before = await stage.until('two views', (records) => records.logs.filter(({ name }) => name === 'browser.navigation').length === 2 && records);
  assert.equal(sessionsOf(before).length, 1);
  // Half an hour passes in which nobody is there.
  await stage.run((minute) => {
    const { now } = Date;
    Date.now = () => now() + 31 * minute;
  }, MINUTE);
  await stage.page.keyboard.press('a');
  const records = await stage.until('the next session', (records) => records.logs.filter(({ name }) => name === 'session.start').length === 2 && records);
  const starts = records.logs.filter(({ name }) => name === 'session.start');
  assert.equal(starts[1].attributes['session.previous_id'], sessionsOf(before)[0]);
  assert.notEqual(starts[1].attributes['session.id'], sessionsOf(before)[0]);
  await stage.held((id) => localStorage.vitrum.startsWith(id), starts[1].attributes['session.id']);
});

story('where storage is forbidden a page is a session of its own', async (stage) => {
  await stage.page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });
    }
  });
  await stage.watch('plain.html');
  await stage.watch('plain.html?again');
  await stage.leave();
  const records = await stage.until('two views', (records) => records.logs.filter(({ name }) => name === 'browser.navigation').length === 2 && records);
  assert.equal(sessionsOf(records).length, 2);
});

const withSignal = (stage, name, value) =>
  stage.page.addInitScript(([name, value]) => Object.defineProperty(Navigator.prototype, name, { configurable: true, get: () => value }), [name, value]);
const quiet = async (stage) => {
  const headers = await stage.run(() => fetch('/api/echo').then((response) => response.json()));
  assert.equal(headers.traceparent, undefined);
  assert.deepEqual(await stage.run(() => Object.keys(localStorage)), []);
};

story('Global Privacy Control is a refusal, until the user says otherwise', async (stage) => {
  await withSignal(stage, 'globalPrivacyControl', true);
  await stage.watch('plain.html');
  await quiet(stage);
  await stage.page.waitForTimeout(4000);
  assert.deepEqual(stage.relay.requests, []);
  await stage.consent('granted');
  const records = await stage.until('the view', (records) => records.events('browser.navigation') && records.events('vitrum.consent.change'));
  const change = records.event('vitrum.consent.change');
  assert.deepEqual([change['vitrum.consent.state'], change['vitrum.consent.source']], ['granted', 'api']);
});

story('Do Not Track is one where the site says so, and Global Privacy Control is none where it says that', async (stage) => {
  await withSignal(stage, 'doNotTrack', '1');
  await withSignal(stage, 'globalPrivacyControl', true);
  await stage.options({ doNotTrack: true, globalPrivacyControl: false }).watch('plain.html');
  await quiet(stage);
  await stage.options({ globalPrivacyControl: false }).watch('plain.html');
  await stage.until('the view', (records) => records.events('browser.navigation'));
});

story('a consent platform is asked by IAB’s TCF', async (stage) => {
  await stage.page.addInitScript(() => {
    window.choose = (eventStatus, consents, gdprApplies = true) => window.heard?.({ eventStatus, gdprApplies, listenerId: 7, purpose: { consents, legitimateInterests: {} } }, true);
    window.__tcfapi = (command, version, callback) => {
      if (command === 'addEventListener' && version === 2) window.heard = callback;
      window.choose('cmpuishown', {});
    };
  });
  await stage.options({ consent: 'tcf' }).watch('plain.html');
  await stage.held(() => window.heard);
  await quiet(stage);
  assert.deepEqual(stage.relay.requests, []);
  await stage.run(() => window.heard(null, true));
  await stage.run(() => window.choose('useractioncomplete', { 1: true, 8: true }));
  const records = await stage.until('the view', (records) => records.events('browser.navigation') && records.events('vitrum.consent.change'));
  assert.equal(records.event('vitrum.consent.change')['vitrum.consent.source'], 'tcf');
  await stage.run(() => window.choose('useractioncomplete', { 8: true }));
  await stage.held(() => !localStorage.vitrum);
  await stage.run(() => window.choose('useractioncomplete', {}));
  await stage.held(() => window.fetch === window.witness.fetch);
});

story('Google’s Consent Mode is asked', async (stage) => {
  await stage.page.addInitScript(() => {
    window.dataLayer = [];
    window.gtag = function () {
      window.dataLayer.push(arguments);
    };
    window.gtag('consent', 'default', { analytics_storage: 'denied' });
  });
  await stage.options({ consent: 'google' }).watch('plain.html');
  await quiet(stage);
  // The adapter is a file of its own, and comes later than the core.
  await stage.held(() => Object.hasOwn(window.dataLayer, 'push'));
  await stage.run(() => window.gtag('consent', 'update', { analytics_storage: 'granted' }));
  const records = await stage.until('the view', (records) => records.events('browser.navigation') && records.events('vitrum.consent.change'));
  assert.equal(records.event('vitrum.consent.change')['vitrum.consent.source'], 'google');
  await stage.run(() => window.gtag('consent', 'update', { analytics_storage: 'denied' }));
  await stage.held(() => !localStorage.vitrum && window.fetch === window.witness.fetch);
});

const call = (stage, name, ...args) => stage.run(([name, args]) => (window.agent ? window.agent[name](...args) : window.vitrum.push([name, ...args])), [name, args]);
const fail = (message) => setTimeout(() => Promise.reject(new Error(message)));

story('a user is told by a hash, unless the site says otherwise', async (stage) => {
  await stage.watch('plain.html');
  await call(stage, 'user', 'someone@example.com');
  await stage.page.waitForTimeout(100);
  await stage.run(fail, 'hashed');
  await stage.page.waitForTimeout(100);
  await call(stage, 'user', 'u-17', { hash: false });
  await stage.page.waitForTimeout(100);
  await stage.run(fail, 'plain');
  const records = await stage.until('both', (records) => records.logs.filter(({ name }) => name === 'exception').length === 2 && records);
  const [hashed, plain] = records.logs.filter(({ name }) => name === 'exception').map(({ attributes }) => attributes);
  assert.equal(hashed['user.hash'], createHash('sha256').update('story\0someone@example.com').digest('hex'));
  assert.deepEqual([plain['user.hash'], plain['user.id']], [undefined, 'u-17']);
});

story('who wants to be forgotten is', async (stage) => {
  await stage.watch('plain.html');
  await stage.held(() => localStorage.vitrum);
  const id = await stage.run(() => localStorage.vitrum.slice(0, 32));
  await call(stage, 'forget');
  const records = await stage.until('the request', (records) => records.events('vitrum.deletion_request'));
  assert.equal(records.event('vitrum.deletion_request')['session.id'], id);
  await stage.held(() => !localStorage.vitrum && window.fetch === window.witness.fetch);
  const { length } = stage.relay.requests;
  await stage.run(() => fetch('/api/ok'));
  await stage.leave();
  await stage.page.waitForTimeout(500);
  assert.equal(stage.relay.requests.length, length);
});

story('sub-domains share a session by a cookie where the site says so', async (stage) => {
  const { port } = new URL(stage.site.origin);
  await stage.options({ cookieDomain: 'site.localhost' });
  const ids = new Set();
  for (const name of ['a', 'b']) {
    await stage.page.goto(`http://${name}.site.localhost:${port}/stories/plain.html`);
    await stage.held(() => window.witness.core === 1);
    await stage.held(() => /vitrum=[0-9a-f]{64}/.test(document.cookie));
    assert.equal(await stage.run(() => localStorage.length), 0);
    ids.add(await stage.run(() => document.cookie.match(/vitrum=([0-9a-f]{32})/)[1]));
  }
  assert.equal(ids.size, 1);
  const kept = (await stage.context.cookies()).find(({ name }) => name === 'vitrum');
  assert.deepEqual([kept.domain, kept.sameSite], ['.site.localhost', 'Lax']);
  await stage.consent('denied');
  await stage.held(() => !document.cookie.includes('vitrum'));
});

for (const order of ['first', 'last']) {
  story(`a default of Google’s Consent Mode for some regions is no answer of this user (it comes ${order})`, async (stage) => {
    await stage.page.addInitScript((order) => {
      window.dataLayer = [];
      window.gtag = function () {
        window.dataLayer.push(arguments);
      };
      const defaults = [{ analytics_storage: 'denied', region: ['FR', 'DE'] }, { analytics_storage: 'granted' }];
      for (const one of order === 'first' ? defaults : defaults.reverse()) window.gtag('consent', 'default', one);
    }, order);
    await stage.options({ consent: 'google' }).watch('plain.html');
    await stage.held(() => Object.hasOwn(window.dataLayer, 'push'));
    await quiet(stage);
    await stage.run(() => window.gtag('consent', 'update', { analytics_storage: 'granted' }));
    await stage.until('the view', (records) => records.events('browser.navigation').length);
  });
}
