// One trace from the click to the back end: what is root, what is child, what the servers are told and what they tell.

import assert from 'node:assert/strict';
import { npm } from './forms.mjs';
import { story } from './stage.mjs';

const parent = ({ traceId, spanId }) => `00-${traceId}-${spanId}-01`;

story('requests made before the agent is there carry its trace and are told', async (stage) => {
  await stage.visit('early.html');
  const [told, asked] = await stage.run(() => Promise.all([window.told, window.asked]));
  await stage.held(() => window.witness.core === 1);
  await stage.leave();
  const { origin } = stage.site;
  const records = await stage.until('both', (records) => records.spans.length >= 2);
  for (const [path, headers, initiator] of [
    ['/api/early/echo', told, 'fetch'],
    ['/api/earlier/echo', asked, 'xmlhttprequest'],
  ]) {
    const span = records.request(origin + path);
    assert.equal(headers.traceparent, parent(span), path);
    assert.equal(headers.tracestate, `vitrum=${span.parentSpanId}`);
    assert.equal(span.traceId, '0af7651916cd43dd8448eb211c80319c', 'the trace that the document is in');
    assert.equal(span.attributes['browser.resource_timing.initiator_type'], initiator);
    assert.equal(span.attributes['http.response.status_code'], 200);
  }
  const [view] = records.views;
  assert.deepEqual([view.name, view.parentSpanId, view.kind], ['load /stories/early.html', 'b7ad6b7169203331', 'SPAN_KIND_INTERNAL']);
  assert.equal(view.spanId, records.spans[0].parentSpanId);
});

story('the trace of Server-Timing is gone on with', async (stage) => {
  stage.site.headers = { 'server-timing': 'db;dur=12.5;desc="of someone", traceparent;desc="00-1af7651916cd43dd8448eb211c80319c-c7ad6b7169203331-01"' };
  await stage.watch('plain.html');
  await stage.run(async () => void (await (await fetch('/api/ok')).text()));
  await stage.leave();
  const records = await stage.until('the request', (records) => records.spans.length && records.views.length);
  assert.equal(records.spans[0].traceId, '1af7651916cd43dd8448eb211c80319c');
  assert.equal(records.views[0].parentSpanId, 'c7ad6b7169203331');
  assert.equal(records.event('browser.navigation_timing')['vitrum.server_timing'], 'db;dur=12.5');
  assert.deepEqual(records.logs.map(({ traceId, spanId }) => traceId + spanId), records.logs.map(() => records.views[0].traceId + records.views[0].spanId));
});

story('a click is the parent of what follows from it', async (stage) => {
  await stage.watch('early.html');
  await stage.run(() => {
    document.getElementById('buy').onclick = async () => {
      await (await fetch('/api/first/ok')).text();
      await (await fetch('/api/second/ok')).text();
      setTimeout(async () => {
        await fetch('/api/later/ok');
        window.done = true;
      }, 500);
    };
  });
  await stage.page.click('#buy');
  await stage.held(() => window.done);
  await stage.leave();
  const { origin } = stage.site;
  const records = await stage.until('the click', (records) => records.views.length >= 2);
  const [click] = records.views.filter(({ name }) => name === 'click');
  const [load] = records.views.filter(({ name }) => name !== 'click');
  assert.equal(click.parentSpanId, load.spanId);
  assert.equal(click.attributes['browser.css_selector'], '#buy');
  for (const [path, { spanId }] of [['first', click], ['second', click], ['later', load]]) {
    assert.equal(records.request(`${origin}/api/${path}/ok`).parentSpanId, spanId, path);
  }
});

story('the server’s own span is linked', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(async () => {
    await (await fetch('/api/fetched/answering')).text();
    await new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('POST', '/api/sent/answering');
      request.onloadend = resolve;
      request.send('x');
    });
    await (await fetch('/api/timed/timing')).text();
  });
  await stage.leave();
  const records = await stage.until('three', (records) => records.spans.length >= 3);
  const link = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  for (const { links, name } of records.spans) assert.deepEqual(links, [link], name);
});

story('each way an XMLHttpRequest can end is a span', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(async () => {
    const send = (method, path, { action, timeout = 0, isSync = false } = {}) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open(method, path, !isSync);
        if (timeout) request.timeout = timeout;
        request.onloadend = resolve;
        try {
          request.send();
        } catch {}
        action?.(request);
        if (isSync) resolve();
      });
    await send('GET', '/api/a/ok');
    await send('put', '/api/b/fail');
    await send('GET', '/api/c/gone');
    await send('GET', '/api/d/never', { action: (request) => request.abort() });
    await send('GET', '/api/e/never', { timeout: 50 });
    await send('GET', '/api/f/ok', { isSync: true });
    await send('GET', '/api/g/gone', { isSync: true });
    // One object, used twice; the second time in place of the first.
    const request = new XMLHttpRequest();
    request.open('GET', '/api/h/never');
    request.send();
    request.open('GET', '/api/i/ok');
    await new Promise((resolve) => {
      request.onloadend = resolve;
      request.send();
    });
  });
  await stage.leave();
  const records = await stage.until('nine', (records) => records.spans.length >= 9);
  const told = records.spans.map(({ name, status, attributes }) => [
    name,
    attributes['http.response.status_code'],
    attributes['error.type'],
    status.replace('STATUS_CODE_', ''),
  ]);
  assert.deepEqual(told.sort((a, b) => a[0].localeCompare(b[0])), [
    ['GET /api/a/ok', 200, undefined, 'UNSET'],
    ['GET /api/c/gone', undefined, 'NetworkError', 'ERROR'],
    ['GET /api/d/never', undefined, 'AbortError', 'UNSET'],
    ['GET /api/e/never', undefined, 'TimeoutError', 'ERROR'],
    ['GET /api/f/ok', 200, undefined, 'UNSET'],
    ['GET /api/g/gone', undefined, 'NetworkError', 'ERROR'],
    ['GET /api/h/never', undefined, 'AbortError', 'UNSET'],
    ['GET /api/i/ok', 200, undefined, 'UNSET'],
    ['PUT /api/b/fail', 500, '500', 'ERROR'],
  ]);
});

story('a time-out of fetch is told apart from an abort', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(async () => {
    await fetch('/api/a/never', { signal: AbortSignal.timeout(30) }).catch(() => {});
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('of the page')), 30);
    await fetch('/api/b/never', { signal: abort.signal }).catch(() => {});
  });
  await stage.leave();
  const records = await stage.until('both', (records) => records.spans.length >= 2);
  const told = records.spans.map(({ name, status, attributes }) => [name, attributes['error.type'], status]);
  assert.deepEqual(told.sort(), [
    ['GET /api/a/never', 'TimeoutError', 'STATUS_CODE_ERROR'],
    ['GET /api/b/never', 'AbortError', 'STATUS_CODE_UNSET'],
  ]);
});

story('headers go where patterns allow, with the baggage, and follow the session’s sampling', async (stage) => {
  const { other } = stage.site;
  const pattern = other.replace('127.0.0.1', '127.*.1') + '/api/*/v1';
  await stage.options({ propagateTo: [pattern], baggage: 'shop=7', sampleRate: 0 }).watch('plain.html');
  const heard = await stage.run(async (other) => {
    const ask = async (url) => {
      const headers = Object.entries(await (await fetch(url)).json());
      return Object.fromEntries(headers.filter(([name]) => /^(trace|baggage)/.test(name)));
    };
    return Promise.all([`${other}/api/x/v1/echo`, `${other}/api/x/v12/echo`, `${other}/api/x/y/v1/echo`, '/api/echo'].map(ask));
  }, other);
  const [listed, longer, deeper, own] = heard;
  for (const headers of [listed, own]) {
    assert.match(headers.traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/, 'a session that is not sampled says so');
    assert.match(headers.tracestate, /^vitrum=[0-9a-f]{16}$/);
    assert.equal(headers.baggage, 'shop=7');
  }
  assert.deepEqual([longer, deeper], [{}, {}]);
  assert.deepEqual((await stage.all()).spans, []);
});

story('what fails with our header has none from then on', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(async () => {
    const send = () =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open('GET', '/api/sent/gone');
        request.onloadend = resolve;
        request.send();
      });
    await send();
    await send();
    // Both are under way with it, and both are made again.
    await Promise.allSettled([fetch('/api/fetched/gone'), fetch('/api/fetched/gone')]);
  });
  const carried = (path) => stage.site.asked(path).map(({ headers }) => 'traceparent' in headers);
  // Browsers repeat by themselves what ends on a connection that was used before.
  assert.deepEqual([carried('/api/sent/gone')[0], carried('/api/sent/gone').at(-1)], [true, false]);
  const spans = stage.site.asked('/api/fetched/gone').map(({ headers }) => headers.traceparent);
  assert.equal(new Set(spans.filter(Boolean)).size, 2);
  assert.ok(spans.filter((span) => !span).length >= 2, `${spans}`);
});

story('what a page opens is counted', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => {
    navigator.sendBeacon('/api/ok', 'x');
    new EventSource('/api/ok').close();
    for (const _ of [1, 2]) new WebSocket(location.origin.replace('http', 'ws')).close();
  });
  await stage.leave();
  const records = await stage.until('the counts', (records) => records.events('vitrum.connections').length);
  const { 'vitrum.connections.beacons': beacons, 'vitrum.connections.event_sources': sources, 'vitrum.connections.web_sockets': sockets } =
    records.event('vitrum.connections');
  assert.deepEqual([beacons, sources, sockets], [1, 1, 2]);
});

story('requests of a worker are told by its page', async (stage) => {
  await stage.watch('plain.html');
  const form = stage.form.name;
  const headers = await stage.run(
    (form) =>
      new Promise((resolve) => {
        const worker = new Worker('/stories/worker.js');
        if (form === 'tag') window.vitrum.push(['watchWorker', worker]);
        else window.agent.watchWorker(worker);
        worker.onmessage = ({ data }) => resolve(data);
        setTimeout(() => worker.postMessage('/api/worker/echo'), 200);
      }),
    form,
  );
  const { origin } = stage.site;
  await stage.until('its request', (records) => records.requests(`${origin}/api/worker/echo`).length);
  await stage.leave();
  const records = await stage.until('the view', (records) => records.views.length);
  const span = records.request(`${origin}/api/worker/echo`);
  assert.equal(headers.traceparent, parent(span));
  assert.equal(span.parentSpanId, records.views[0].spanId);
  const [start, end] = [span.startUnixNano, span.endUnixNano].map((nanos) => Number(nanos) / 1e6);
  assert.ok(Math.abs(start - Date.now()) < 20_000 && start <= end && end - start < 10_000, `${start} to ${end}`);
  assert.equal(span.attributes['browser.resource_timing.next_hop_protocol'], 'http/1.1', 'its entry is found');
});

story('behind a service worker requests are what they are', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(async () => {
    const registration = await navigator.serviceWorker.register('/stories/service.js', { scope: '/' });
    await new Promise((resolve) => {
      const worker = registration.installing || registration.waiting || registration.active;
      const check = () => worker.state === 'activated' && resolve();
      worker.addEventListener('statechange', check);
      check();
    });
  });
  await stage.watch('plain.html');
  const told = await stage.run(async () => {
    const passed = await (await fetch('/api/passed/echo', { headers: { 'x-own': '1' } })).json();
    const made = await (await fetch('/api/made')).text();
    return { isControlled: !!navigator.serviceWorker.controller, passed, made };
  });
  assert.deepEqual([told.isControlled, told.made, told.passed['x-own']], [true, 'made by the worker', '1']);
  const { origin } = stage.site;
  await stage.leave();
  const records = await stage.until('both', (records) => records.requests(`${origin}/api/made`).length);
  assert.equal(told.passed.traceparent, parent(records.request(`${origin}/api/passed/echo`)), 'once, and not made anew by the worker');
  const made = records.request(`${origin}/api/made`).attributes;
  assert.equal(made['http.response.status_code'], 200);
  assert.ok(made['browser.resource_timing.worker_start'] > 0);
});

story('a worker that is named twice is told of once', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(
    (form) =>
      new Promise((resolve) => {
        const worker = new Worker('/stories/worker.js');
        for (let times = 0; times < 2; times++) {
          if (form === 'tag') window.vitrum.push(['watchWorker', worker]);
          else window.agent.watchWorker(worker);
        }
        worker.onmessage = resolve;
        setTimeout(() => worker.postMessage('/api/worker/echo'), 200);
      }).then(() => {}),
    stage.form.name,
  );
  const url = `${stage.site.origin}/api/worker/echo`;
  await stage.until('its request', (records) => records.requests(url).length);
  await stage.leave();
  const records = await stage.until('the view', (records) => records.views.length);
  records.request(url);
  assert.deepEqual(records.resources('/api/worker/echo'), []);
});

story('who listens to vitals before the agent has begun does not end what is seen of requests', async (stage) => {
  await stage.page.addInitScript(() => {
    window.listens = () => {};
    // The core comes for the listener; the agent begins when the page has loaded.
    document.addEventListener('DOMContentLoaded', () => {
      document.body.append(Object.assign(new Image(), { src: '/api/stream' }));
      window.before = fetch('/api/before/echo').then((answer) => answer.json());
    });
  });
  await stage.visit('plain.html', { waitUntil: 'domcontentloaded' });
  await stage.held(() => window.witness.core === 1);
  const told = await stage.run(async () => {
    const after = await (await fetch('/api/after/echo')).json();
    await fetch('/api/release');
    return [(await window.before).traceparent, after.traceparent];
  });
  await stage.held(() => document.readyState === 'complete');
  const { origin } = stage.site;
  const records = await stage.until('both', (records) => records.requests(`${origin}/api/before/echo`).length && records.requests(`${origin}/api/after/echo`).length);
  assert.deepEqual(told, ['before', 'after'].map((name) => parent(records.request(`${origin}/api/${name}/echo`))));
}, [npm]);
