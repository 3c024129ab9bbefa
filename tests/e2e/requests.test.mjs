// A page talks to its servers: each fetch is a span, and the servers are told the trace where they may be.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

const parent = ({ traceId, spanId }) => `00-${traceId}-${spanId}-01`;

story('each way a fetch can end is a span', async (stage) => {
  await stage.watch('plain.html');
  const page = await stage.run(async () => {
    const before = performance.timeOrigin + performance.now();
    const texts = [];
    const request = new Request('/api/request/ok', { method: 'PUT' });
    for (const input of ['/api/ok', '../api/relative/ok', new URL('/api/url/ok', location), request, '/api/fail']) {
      texts.push(await (await fetch(input)).text());
    }
    const redirected = await fetch('/api/redirect');
    const failure = await fetch('/api/gone').catch(String);
    const abort = new AbortController();
    const given = fetch('/api/never', { method: 'post', signal: abort.signal }).catch(({ name }) => name);
    abort.abort();
    const abortion = await given;
    const after = performance.timeOrigin + performance.now();
    return { texts, redirected: [redirected.redirected, redirected.url], failure, abortion, before, after };
  });
  const { origin } = stage.site;
  assert.deepEqual(page.texts, ['fine', 'fine', 'fine', 'fine', 'broken']);
  assert.deepEqual(page.redirected, [true, `${origin}/api/ok`]);
  assert.equal(page.failure, 'TypeError: Failed to fetch');
  assert.equal(page.abortion, 'AbortError');
  await stage.leave();
  const records = await stage.until('eight spans', (records) => records.spans.length >= 8);

  const told = records.spans.map(({ name, kind, status, attributes }) => [
    name,
    attributes['url.full'].slice(origin.length),
    attributes['http.response.status_code'],
    attributes['error.type'],
    status.replace('STATUS_CODE_', ''),
    kind.replace('SPAN_KIND_', ''),
  ]);
  assert.deepEqual(told.sort(), [
    ['GET /api/fail', '/api/fail', 500, '500', 'ERROR', 'CLIENT'],
    ['GET /api/gone', '/api/gone', undefined, 'TypeError', 'ERROR', 'CLIENT'],
    ['GET /api/ok', '/api/ok', 200, undefined, 'UNSET', 'CLIENT'],
    ['GET /api/redirect', '/api/redirect', 200, undefined, 'UNSET', 'CLIENT'],
    ['GET /api/relative/ok', '/api/relative/ok', 200, undefined, 'UNSET', 'CLIENT'],
    ['GET /api/url/ok', '/api/url/ok', 200, undefined, 'UNSET', 'CLIENT'],
    ['POST /api/never', '/api/never', undefined, 'AbortError', 'UNSET', 'CLIENT'],
    ['PUT /api/request/ok', '/api/request/ok', 200, undefined, 'UNSET', 'CLIENT'],
  ]);

  const [root] = records.views;
  assert.equal(root.traceId, records.spans[0].traceId);
  const server = ['127.0.0.1', Number(new URL(origin).port)];
  for (const { traceId, spanId, parentSpanId, startUnixNano, endUnixNano, attributes } of records.spans) {
    assert.match(traceId + spanId, /^(?!0+$)[0-9a-f]{48}$/);
    assert.equal(traceId, records.spans[0].traceId, 'the requests of a view share a trace');
    assert.equal(parentSpanId, root.spanId, 'and are children of it');
    assert.deepEqual([attributes['server.address'], attributes['server.port']], server);
    const [start, end] = [startUnixNano, endUnixNano].map((nanos) => Number(nanos) / 1e6);
    assert.ok(page.before - 1 <= start && start <= end && end <= page.after + 1, `${page.before} ${start} ${end} ${page.after}`);
  }
  assert.equal(new Set(records.spans.map(({ spanId }) => spanId)).size, 8);
});

story('servers are told the trace where they may be', async (stage) => {
  const { origin, other } = stage.site;
  await stage.options({ propagateTo: [`${other}/api/listed`] }).watch('plain.html');
  const own = '00-11111111111111111111111111111111-2222222222222222-01';
  const heard = await stage.run(
    async ({ other, own }) => {
      const ask = async (input, init) => (await (await fetch(input, init)).json()).traceparent ?? null;
      return {
        same: await ask('/api/same/echo'),
        request: await ask(new Request('/api/request/echo', { headers: { 'x-own': '1' } })),
        own: await ask('/api/own/echo', { headers: { TraceParent: own } }),
        foreign: await ask(`${other}/api/foreign/echo`),
        listed: await ask(`${other}/api/listed/echo`),
      };
    },
    { other, own },
  );
  await stage.leave();
  const records = await stage.until('five spans', (records) => records.spans.length >= 5);
  assert.deepEqual(heard, {
    same: parent(records.request(`${origin}/api/same/echo`)),
    request: parent(records.request(`${origin}/api/request/echo`)),
    own,
    foreign: null,
    listed: parent(records.request(`${other}/api/listed/echo`)),
  });
  const methods = (path) => stage.site.asked(path).map(({ method }) => method);
  assert.deepEqual(methods('/api/foreign/echo'), ['GET'], 'a foreign request needs no preflight because of us');
  assert.equal(stage.site.asked('/api/request/echo')[0].headers['x-own'], '1', 'headers of the request are kept');
});

story('what the page passes to fetch is left as it was', async (stage) => {
  await stage.watch('plain.html');
  const page = await stage.run(async () => {
    const init = { method: 'POST', body: 'text', headers: { 'x-own': '1' } };
    const given = JSON.stringify(init);
    const frozen = Object.freeze({ headers: Object.freeze({ 'x-own': '2' }) });
    const answers = [await fetch('/api/echo', init), await fetch('/api/echo', frozen)];
    const echoes = await Promise.all(answers.map((answer) => answer.json()));
    return { isSame: JSON.stringify(init) === given, echoes };
  });
  assert.ok(page.isSame);
  assert.deepEqual(page.echoes.map((echo) => echo['x-own']), ['1', '2']);
  assert.ok(page.echoes.every((echo) => echo.traceparent));
  assert.equal(page.echoes[0]['content-length'], '4');
});

story('fetch is to the page what it was', async (stage) => {
  await stage.watch('plain.html');
  const page = await stage.run(async () => {
    const native = window.witness.fetch;
    const text = (value) => Function.prototype.toString.call(value).replace(/\s+/g, ' ');
    const told = async (fetch, ...args) => {
      try {
        return await fetch(...args);
      } catch (error) {
        return `${error.constructor.name}: ${error.message}`;
      }
    };
    const wrong = [[], ['http://['], ['/api/ok', { method: 'no such method' }], [Symbol('url')], ['/api/gone']];
    const compared = [];
    for (const args of wrong) compared.push([await told(window.fetch, ...args), await told(native, ...args)]);
    const reader = (await fetch('/api/stream')).body.getReader();
    const part = async () => new TextDecoder().decode((await reader.read()).value);
    const first = await part();
    await fetch('/api/release');
    return {
      wrapped: window.fetch !== native,
      name: [window.fetch.name, native.name],
      length: [window.fetch.length, native.length],
      native: text(window.fetch).includes('[native code]'),
      own: Object.keys(window.fetch),
      compared,
      parts: [first, await part()],
    };
  });
  assert.ok(page.wrapped);
  assert.deepEqual(page.name, ['fetch', 'fetch']);
  assert.deepEqual(page.length, [1, 1]);
  assert.ok(page.native);
  assert.deepEqual(page.own, []);
  for (const [ours, native] of page.compared) assert.equal(ours, native);
  assert.deepEqual(page.parts, ['first', 'last'], 'a stream is not held back');
});

story('a failure that nobody catches is still the page’s to hear of', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => {
    window.reasons = [];
    addEventListener('unhandledrejection', ({ reason }) => window.reasons.push(String(reason)));
    fetch('/api/gone');
  });
  await stage.held(() => window.reasons.length > 0);
  await stage.run(() => void fetch('/api/second/gone'));
  const reasons = await stage.held(() => window.reasons.length > 1 && window.reasons);
  assert.deepEqual(reasons, Array(2).fill('TypeError: Failed to fetch'), 'each once');
  // One is told, and that it has happened again.
  const again = (records) => records.events('vitrum.error_repeats').reduce((sum, repeats) => sum + repeats['vitrum.error.count'], 0);
  const records = await stage.until('the errors', (records) => records.events('exception').length + again(records) >= 2);
  assert.equal(records.events('exception').length + again(records), 2);
  assert.equal(records.requests(`${stage.site.origin}/api/gone`).length, 1);
});
