// A page with a mind of its own, and an intake that is dead: the agent disturbs neither, nor is it heard.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { story } from './stage.mjs';

/** An address where nobody listens. */
async function deadOrigin() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

story('changed prototypes, JSON, clock and console do no harm', async (stage) => {
  await stage.watch('hostile.html');
  await stage.run(() => {
    history.pushState(null, '', '/elsewhere');
    setTimeout(() => {
      throw new Error('the page’s own');
    });
    return fetch('/api/ok').then((response) => response.text());
  });
  await stage.leave();
  const records = await stage.until('the page', (records) => records.vital('cls') && records.events('exception'));
  assert.equal(records.event('exception')['exception.message'], 'the page’s own');
  assert.deepEqual(records.events('browser.navigation').map((view) => view['url.template']), ['/stories/hostile.html', '/elsewhere']);
  records.request(`${stage.site.origin}/api/ok`);
  assert.deepEqual(records.events('vitrum.health'), []);
  assert.deepEqual(stage.uncaught.map(({ message }) => message), ['the page’s own']);
});

story('properties that all objects inherit do no harm', async (stage) => {
  await stage.page.addInitScript(() => {
    Object.prototype.inherited = 'by the page';
    Array.prototype.inherited = 'by the page';
  });
  await stage.watch('plain.html');
  await stage.run(() => fetch('/api/ok').then((response) => response.text()));
  await stage.leave();
  const records = await stage.until('the page', (records) => records.vital('cls'));
  records.request(`${stage.site.origin}/api/ok`);
  assert.deepEqual(records.events('vitrum.health'), []);
  assert.deepEqual(stage.uncaught, []);
});

story('a dead intake is not the page’s trouble', async (stage) => {
  const endpoint = await deadOrigin();
  await stage.options({ endpoint }).watch('plain.html');
  await stage.run(() => {
    window.heard = [];
    for (const type of ['error', 'unhandledrejection']) addEventListener(type, () => window.heard.push(type), true);
  });
  const refused = () => stage.page.waitForEvent('requestfailed', (request) => request.url() === `${endpoint}/v1/beacon`);
  await refused();
  await refused();
  const text = await stage.run(() => fetch('/api/ok').then((response) => response.text()));
  assert.equal(text, 'fine');
  assert.deepEqual(await stage.run(() => window.heard), []);
  assert.deepEqual(stage.uncaught, []);
  for (const { text } of stage.console) assert.match(text, /^Failed to load resource: net::ERR_CONNECTION_REFUSED$/);
  await stage.leave();
  assert.deepEqual(stage.uncaught, []);
});

story('a browser whose observers are switched off is told of without them', async (stage) => {
  await stage.page.addInitScript(() => {
    delete window.PerformanceObserver;
    window.vitrum = [['onVital', () => {}]];
  });
  await stage.watch('plain.html');
  await stage.leave();
  const records = await stage.until('the navigation', (records) => records.events('browser.navigation').length && records);
  assert.deepEqual(stage.uncaught, []);
  assert.deepEqual(records.events('vitrum.health'), []);
});

story('a load that the page makes up is none', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => void dispatchEvent(new Event('load')));
  await stage.page.waitForTimeout(1000);
  assert.equal(await stage.run(() => window.witness.core), 1);
  await stage.leave();
  const records = await stage.until('the page', (records) => records.vital('cls'));
  assert.deepEqual(records.events('vitrum.health'), []);
  assert.deepEqual(stage.console, []);
});

story('where `Error` is frozen requests are what they are', async (stage) => {
  await stage.watch('plain.html');
  const told = await stage.run(async () => {
    Object.freeze(Error);
    const text = await (await fetch('/api/ok')).text();
    const status = await new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.onload = () => resolve(request.status);
      request.open('GET', '/api/ok');
      request.send();
    });
    return [text, status, String(() => 1)];
  });
  assert.deepEqual(told, ['fine', 200, '() => 1']);
  assert.deepEqual(stage.uncaught, []);
});
