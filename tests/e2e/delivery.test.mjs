// How batches leave: what the browser holds for a page that is killed, what is stored without a network and by whom it is
// sent, where they go when an endpoint does not answer, and that the page's own requests have their room.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { decode } from '../../target/inspect/vitrum_inspect.js';
import { story } from './stage.mjs';
import { tag } from './forms.mjs';

const fail = (message) => setTimeout(() => Promise.reject(new Error(message)));
const messages = (records) => records.events('exception').map((attributes) => attributes['exception.message']);
/** How often the record of this error has come. */
const copies = (stage, message) => stage.collector.batches().flatMap(({ logs }) => logs).filter(({ attributes }) => attributes['exception.message'] === message).length;

story('a page that is killed has lost nothing that is older than a second', async (stage) => {
  await stage.watch('plain.html');
  await stage.until('the view', (records) => records.events('browser.navigation'));
  await stage.run(fail, 'before the end');
  // Less than a batch waits, and more than it takes to have the browser hold it.
  await stage.page.waitForTimeout(1800);
  const crashed = stage.page.waitForEvent('crash');
  const session = await stage.context.newCDPSession(stage.page);
  session.send('Page.crash').catch(() => {});
  await crashed;
  const records = await stage.until('the error', (records) => messages(records).includes('before the end'));
  assert.equal(messages(records).length, 1);
});

story('what has arrived is not held any more', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(fail, 'told');
  await stage.until('the error', (records) => messages(records).includes('told'));
  await stage.relay.rest();
  // Its answer has to be read, and what is held let go of.
  await stage.page.waitForTimeout(1000);
  await stage.leave();
  await stage.all();
  assert.equal(copies(stage, 'told'), 1);
});

story('what happens without a network is stored, and sent when it is back', async (stage) => {
  await stage.watch('plain.html');
  await stage.until('the view', (records) => records.events('browser.navigation'));
  await stage.context.setOffline(true);
  await stage.run(fail, 'offline');
  await stage.held(() => localStorage['vitrum-kept']);
  await stage.page.waitForTimeout(500);
  await stage.context.setOffline(false);
  await stage.until('the error', (records) => messages(records).includes('offline'));
  await stage.held(() => !localStorage['vitrum-kept']);
});

story('what a page could not send the next one does, once, whatever the number of its tabs', async (stage) => {
  await stage.watch('plain.html');
  await stage.until('the view', (records) => records.events('browser.navigation'));
  await stage.context.setOffline(true);
  await stage.run(fail, 'of the first page');
  await stage.held(() => localStorage['vitrum-kept']);
  await stage.page.waitForTimeout(500);
  await stage.page.close();
  await stage.context.setOffline(false);
  const tabs = await Promise.all([1, 2, 3].map(() => stage.context.newPage()));
  await Promise.all(tabs.map((tab) => tab.goto(`${stage.site.origin}/stories/plain.html`)));
  stage.page = tabs[0];
  await stage.until('the error', (records) => messages(records).includes('of the first page'));
  await stage.until('all tabs', (records) => records.events('browser.navigation').length === 4);
  await stage.page.waitForTimeout(500);
  const bodies = stage.collector.batches().filter(({ logs }) => logs.some(({ attributes }) => attributes['exception.message'] === 'of the first page'));
  assert.equal(bodies.length, 1);
  assert.equal(await stage.run(() => indexedDB.databases().then((all) => all.length)), 1);
});

story('what was stored by a browser that was killed is sent, though nothing says that it is there', async (stage) => {
  await stage.watch('plain.html');
  await stage.until('the view', (records) => records.events('browser.navigation'));
  await stage.context.setOffline(true);
  await stage.run(fail, 'before the end');
  await stage.held(() => localStorage['vitrum-kept']);
  await stage.page.waitForTimeout(500);
  await stage.page.close();
  await stage.context.setOffline(false);
  stage.page = await stage.context.newPage();
  await stage.leave();
  // The browser writes this down seconds after the database.
  await stage.run(() => localStorage.removeItem('vitrum-kept'));
  await stage.visit('plain.html');
  await stage.until('the error', (records) => messages(records).includes('before the end'));
  assert.equal(copies(stage, 'before the end'), 1);
});

story('a refusal erases what is stored', async (stage) => {
  await stage.watch('plain.html');
  await stage.until('the view', (records) => records.events('browser.navigation'));
  await stage.context.setOffline(true);
  await stage.run(fail, 'offline');
  await stage.held(() => localStorage['vitrum-kept']);
  await stage.page.waitForTimeout(500);
  await stage.consent('denied');
  await stage.page.waitForFunction(async () => (await indexedDB.databases()).length === 0 && localStorage.length === 0);
  await stage.context.setOffline(false);
});

/** An intake that answers so; the page may ask it from anywhere. */
async function intake(answer) {
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    heard.push({ method: request.method, path: request.url, headers: request.headers, body: Buffer.concat(parts) });
    answer(response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', '*').setHeader('access-control-expose-headers', 'retry-after'), request);
  }).listen(0, '127.0.0.1');
  const heard = [];
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, heard, close };
}

story('where one endpoint does not answer the other does', async (stage) => {
  const silent = await intake((response) => response.destroy());
  try {
    await stage.options({ endpoint: silent.origin, fallbackEndpoint: stage.relay.origin }).watch('plain.html');
    await stage.until('the view', (records) => records.events('browser.navigation'));
    assert.ok(silent.heard.length >= 2);
  } finally {
    silent.close();
  }
});

story('a wait that the receiver names is kept', async (stage) => {
  const busy = await intake((response) => response.writeHead(503, { 'retry-after': '4' }).end('busy'));
  try {
    await stage.options({ endpoint: busy.origin }).watch('plain.html');
    await stage.held(() => window.witness.core === 1);
    while (busy.heard.length < 1) await stage.page.waitForTimeout(50);
    const first = performance.now();
    while (busy.heard.length < 2) await stage.page.waitForTimeout(50);
    assert.ok(performance.now() - first > 3500, `after ${performance.now() - first} ms`);
  } finally {
    busy.close();
  }
}, [tag]);

story('the page’s own requests with keepalive have their room while ours are under way', async (stage) => {
  // Nobody answers ours, so that they stay under way. What went by plain fetch before is not of that room.
  const slow = await intake(() => {});
  const beacons = [];
  stage.page.on('request', (request) => request.resourceType() === 'ping' && request.url().startsWith(slow.origin) && beacons.push(request.postDataBuffer()));
  try {
    await stage.options({ endpoint: slow.origin }).watch('plain.html');
    const taken = await stage.run(async () => {
      for (let count = 0; count < 30; count++) {
        setTimeout(() => {
          // Of equal ones only the first is told.
          const word = String.fromCharCode(97 + (count % 26)).repeat(3 + Math.floor(count / 26));
          throw new Error(`${word} ${Array.from({ length: 300 }, () => Math.random().toString(36)).join(' ')}`);
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      // The page hides; ours leave by beacon, as far as half of the browser's room goes.
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
      await new Promise((resolve) => setTimeout(resolve, 300));
      const response = await fetch('/api/ok', { method: 'POST', keepalive: true, body: 'x'.repeat(32_000) });
      await response.text();
      return [response.ok, navigator.sendBeacon('/api/ok', 'y'.repeat(32_000))];
    });
    const bytes = beacons.reduce((sum, body) => sum + body.length, 0);
    assert.deepEqual(taken, [true, true], `with ${bytes} bytes of ours`);
    assert.ok(bytes > 15_000 && bytes <= 32_768, `${bytes} bytes`);
    stage.uncaught = [];
  } finally {
    slow.close();
  }
});

story('any receiver of OTLP takes what is sent, logs and spans apart', async (stage) => {
  await stage.options({ protocol: 'otlp' }).watch('plain.html');
  await stage.run(() => fetch('/api/fail').then((response) => response.text()));
  await stage.run(fail, 'told');
  await stage.page.waitForTimeout(5000);
  await stage.leave();
  const stored = async (kind) => {
    const answer = await fetch(`${stage.collector.origin}/api/records?kind=${kind}&limit=100`).then((response) => response.json());
    return answer.records;
  };
  const deadline = Date.now() + 15_000;
  while (!((await stored('exception')).length && (await stored('span')).length) && Date.now() < deadline) await stage.page.waitForTimeout(200);
  assert.equal((await stored('exception'))[0].attributes['exception.message'], 'told');
  assert.ok((await stored('span')).some(({ attributes }) => attributes['url.full']?.endsWith('/api/fail')));
  const posts = stage.relay.requests.filter(({ method }) => method === 'POST');
  assert.deepEqual([...new Set(posts.map(({ path }) => path))].sort(), ['/v1/logs', '/v1/traces']);
  for (const { headers } of posts) assert.deepEqual([headers['content-type'], headers['content-encoding']], ['application/x-protobuf', 'gzip']);
});

story('who wants to read along in the browser has it in JSON, each record for itself', async (stage) => {
  const texts = [];
  stage.page.on('request', (request) => request.url().includes('/v1/') && texts.push([new URL(request.url()).pathname, request.postData()]));
  await stage.options({ protocol: 'otlp-json' }).watch('plain.html');
  await stage.run(() => fetch('/api/fail').then((response) => response.text()));
  await stage.run(fail, 'told');
  // What leaves as the page does the browser's tools do not show.
  await stage.until('all of it', () => ['/v1/logs', '/v1/traces'].every((path) => texts.some(([sent]) => sent === path)));
  await stage.leave();
  const stored = (kind) => fetch(`${stage.collector.origin}/api/records?kind=${kind}&limit=100`).then((response) => response.json());
  const deadline = Date.now() + 15_000;
  const all = async () => (await Promise.all(['exception', 'span', 'browser.resource_timing'].map(stored))).map(({ records }) => records);
  while (!(await all()).every((records) => records.length) && Date.now() < deadline) await stage.page.waitForTimeout(200);
  const [exceptions, spans, resources] = await all();
  assert.equal(exceptions[0].attributes['exception.message'], 'told');
  assert.ok(spans.some(({ attributes }) => attributes['url.full']?.endsWith('/api/fail')));
  assert.ok(resources.length > 1);
  const logs = texts.filter(([path]) => path === '/v1/logs').map(([, text]) => text);
  const records = logs.flatMap((text) => JSON.parse(text).resourceLogs[0].scopeLogs[0].logRecords);
  assert.ok(records.some(({ eventName, attributes }) => eventName === 'browser.resource_timing' && attributes.some(({ key }) => key === 'url.full')));
  assert.ok(logs.every((text) => !text.includes('vitrum.table') && text.includes('\n  ')), 'a person can read it');
  assert.ok(texts.every(([path]) => path !== '/v1/beacon'));
});

story('where what makes the text does not come nothing is sent, and the page hears nothing of it', async (stage) => {
  await stage.page.route('**/dist/json.js', (route) => route.abort());
  await stage.options({ protocol: 'otlp-json' }).visit('plain.html');
  await stage.held(() => performance.getEntriesByName(`${location.origin}/dist/json.js`).length > 0);
  await stage.leave();
  await stage.all();
  assert.deepEqual(stage.uncaught, []);
  assert.ok(stage.relay.requests.every(({ path }) => path === '/v1/beacon'), 'but for the mark');
}, [tag]);

story('what a page keeps each time it hides, while the receiver is away, is kept, sent and no more than that', async (stage) => {
  const words = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel', 'india', 'juliett', 'kilo', 'lima'];
  let isAway = true;
  const door = await intake((response) => (isAway ? response.destroy() : response.writeHead(204).end()));
  try {
    await stage.options({ endpoint: door.origin }).watch('plain.html');
    await stage.run(fail, 'the first');
    while (door.heard.length < 2) await stage.page.waitForTimeout(50);
    await stage.run(async (words) => {
      const turn = (state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      };
      for (const word of words) {
        Promise.reject(new Error(`away at ${word}`));
        await new Promise((resolve) => setTimeout(resolve, 20));
        turn('hidden');
        turn('visible');
      }
    }, words);
    // An error has those before it among what happened before.
    const wordsIn = (text) => words.filter((word) => text.includes(`"exception.message":"away at ${word}"`));
    const kept = async () => {
      const bodies = await stage.run(() => JSON.parse(localStorage['vitrum-kept'] || '[]').map(([, , text]) => text));
      return wordsIn(JSON.stringify(bodies.map((text) => decode(Buffer.from(text, 'base64')))));
    };
    await stage.leave();
    assert.deepEqual(await kept(), words);
    isAway = false;
    const before = door.heard.length;
    await stage.watch('plain.html');
    const arrived = () => wordsIn(JSON.stringify(door.heard.slice(before).filter(({ body }) => body[0] === 0x56).map(({ body }) => decode(body))));
    // So many are taken at a time; the rest waits for the next.
    const deadline = Date.now() + 15_000;
    while (arrived().length < 7 && Date.now() < deadline) await stage.page.waitForTimeout(100);
    assert.deepEqual(words.filter((word) => !arrived().includes(word)), await kept());
  } finally {
    door.close();
  }
});

story('what a page could not send as the receiver was away the next one does', async (stage) => {
  let isAway = true;
  const door = await intake((response, request) => {
    if (isAway) return response.destroy();
    response.writeHead(204).end();
  });
  try {
    await stage.options({ endpoint: door.origin }).watch('plain.html');
    await stage.run(fail, 'while it was away');
    while (door.heard.length < 2) await stage.page.waitForTimeout(50);
    await stage.leave();
    const kept = await stage.run(() => localStorage['vitrum-kept']);
    assert.ok(kept, 'it is kept');
    isAway = false;
    const before = door.heard.length;
    await stage.watch('plain.html');
    const has = () => door.heard.slice(before).some(({ body }) => body[0] === 0x56 && JSON.stringify(decode(body)).includes('while it was away'));
    const deadline = Date.now() + 15_000;
    while (!has() && Date.now() < deadline) await stage.page.waitForTimeout(100);
    assert.ok(has(), 'and has arrived');
  } finally {
    door.close();
  }
});
