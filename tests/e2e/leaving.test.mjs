// A visitor leaves: what has not been sent goes as a beacon that needs nobody's permission.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

/** Notes in the tab's storage how the page sends, also while it goes. */
const noteSending = () => {
  const note = (how, url, init) => {
    if (!String(url).endsWith('/v1/beacon')) return;
    const sent = JSON.parse(localStorage.getItem('sent') ?? '[]');
    sent.push({ how, keepalive: !!init?.keepalive, method: init?.method, headers: init?.headers ?? null, visible: document.visibilityState });
    localStorage.setItem('sent', JSON.stringify(sent));
  };
  const { fetch } = window;
  const { sendBeacon } = navigator;
  window.fetch = (input, init) => {
    note('fetch', input, init);
    return fetch(input, init);
  };
  navigator.sendBeacon = (url, body) => {
    note('beacon', url);
    return sendBeacon.call(navigator, url, body);
  };
};

const readSent = () => JSON.parse(localStorage.getItem('sent') ?? '[]');

story('while the page is shown it sends by fetch, and as it hides by beacon', async (stage) => {
  await stage.page.addInitScript(noteSending);
  await stage.watch('plain.html');
  await stage.until('the view', (records) => records.events('browser.navigation'));
  const shown = stage.relay.requests.length;
  const sent = await stage.run(readSent);
  assert.equal(sent.length, shown);
  for (const request of sent) assert.deepEqual(request, { how: 'fetch', keepalive: false, method: 'POST', headers: null, visible: 'visible' });

  await stage.leave();
  const records = await stage.until('what is known last', (records) => records.vital('cls'));
  const after = (await stage.run(readSent)).slice(sent.length);
  assert.ok(after.length > 0 && after.every(({ how }) => how === 'beacon'), JSON.stringify(after));

  for (const { method, path, headers, status } of stage.relay.requests) {
    assert.deepEqual([method, path, status], ['POST', '/v1/beacon', 204], 'no preflight');
    assert.equal(headers['content-type'], undefined);
    assert.equal(headers.cookie, undefined);
  }
  const uids = records.batches.flatMap(({ logs }) => logs.map(({ attributes }) => attributes['log.record.uid']));
  assert.equal(new Set(uids).size, uids.length, 'what has arrived is not sent again');
});

story('what a closed tab knew arrives', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => fetch('/api/ok'));
  await stage.page.close();
  const records = await stage.until('the vitals', (records) => records.vital('cls'));
  records.request(`${stage.site.origin}/api/ok`);
  assert.equal(records.events('browser.navigation').length, 1);
});

story('the pages of a tab are one session', async (stage) => {
  await stage.watch('plain.html');
  await stage.watch('load.html');
  await stage.leave();
  const records = await stage.until('two views', (records) => records.events('browser.navigation').length === 2 && records.vital('lcp'));
  const [first, second] = records.events('browser.navigation');
  assert.equal(first['session.id'], second['session.id']);
  assert.notEqual(first['vitrum.view.id'], second['vitrum.view.id']);
  assert.equal(records.events('session.start').length, 1);
});
