// The agent in Firefox and WebKitGTK: what they measure is told as they measured it, and what they cannot is not told.

import assert from 'node:assert/strict';
import { firefox, story } from './browsers.mjs';
import { ratingOf } from './records.mjs';

/** The key, as WebDriver writes it. */
const ENTER = '\uE007';
const VALUE = 'browser.web_vital.value';
const PHASES = ['requestStart', 'responseStart', 'responseEnd', 'duration', 'transferSize', 'encodedBodySize', 'decodedBodySize'];
const DOCUMENT_PHASES = ['domInteractive', 'domContentLoadedEventEnd', 'domComplete', 'loadEventStart', 'loadEventEnd'];
const snake = (name) => name.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase());

/** Each phase is the page's, in whole milliseconds; what is 0 or unknown to the browser is absent. */
function checkPhases(attributes, prefix, names, entry) {
  for (const name of names) assert.equal(attributes[`${prefix}.${snake(name)}`] ?? 0, Math.round(entry[name]), name);
}

/** The vitals that were told, and no records of what only other browsers measure. */
function checkVitals(records, expected) {
  const told = records.events('browser.web_vital').map((vital) => vital['browser.web_vital.name']);
  assert.deepEqual([...new Set(told)].sort(), expected);
  assert.deepEqual([...records.events('browser.long_task'), ...records.events('browser.long_animation_frame')], []);
}

const untouched = ({ vitals }) => vitals.filter((name) => name !== 'inp');

story('a load is told with its phases, resources and vitals', async (stage) => {
  await stage.watch('load.html');
  if (stage.browser === firefox) await stage.held(() => window.largest?.url === document.images[0].src);
  await stage.held(() => performance.getEntriesByName('first-contentful-paint').length);
  const page = await stage.run(() => ({
    url: location.href,
    timeOrigin: performance.timeOrigin,
    lcp: window.largest?.startTime,
    fcp: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    navigation: performance.getEntriesByType('navigation')[0].toJSON(),
    resources: performance.getEntriesByType('resource').map((entry) => entry.toJSON()),
  }));
  const records = await stage.all();

  const session = records.event('session.start');
  assert.match(session['session.id'], /^[0-9a-f]{32}$/);
  const view = records.event('browser.navigation');
  assert.equal(view['url.full'], page.url);
  assert.equal(view['url.template'], '/stories/load.html');
  assert.match(view['vitrum.view.id'], /^[0-9a-f]{16}$/);
  for (const { attributes, name, resource } of records.logs) {
    assert.equal(attributes['session.id'], session['session.id'], name);
    assert.equal(attributes['vitrum.view.id'], view['vitrum.view.id'], name);
    assert.equal(resource['service.name'], 'story');
  }
  const began = records.logs.find(({ name }) => name === 'browser.navigation');
  assert.ok(Math.abs(Number(began.timeUnixNano) / 1e6 - page.timeOrigin) < 1, 'a view begins with its document');

  const navigation = records.event('browser.navigation_timing');
  assert.equal(navigation['browser.navigation_timing.type'], 'navigate');
  checkPhases(navigation, 'browser.navigation_timing', DOCUMENT_PHASES, page.navigation);
  checkPhases(navigation, 'browser.resource_timing', PHASES, page.navigation);

  for (const [path, initiator] of [
    ['/stories/glass.svg', 'img'],
    ['/stories/greeting.js', 'script'],
  ]) {
    const [resource, ...more] = records.resources(path);
    const entry = page.resources.find(({ name }) => name.endsWith(path));
    assert.equal(more.length, 0, path);
    assert.equal(resource?.['url.full'], entry.name);
    assert.equal(resource['browser.resource_timing.initiator_type'], initiator);
    assert.equal(resource['http.response.status_code'], entry.responseStatus, 'absent where the browser does not tell');
    checkPhases(resource, 'browser.resource_timing', PHASES, entry);
  }
  assert.equal(records.resources('/v1/beacon').length, 0, 'what the agent sends is not the page’s');

  checkVitals(records, untouched(stage.browser));
  const measured = { ttfb: page.navigation.responseStart, fcp: page.fcp, lcp: page.lcp };
  for (const name of untouched(stage.browser)) {
    const vital = records.vital(name);
    assert.ok(Math.abs(vital[VALUE] - measured[name]) < 0.1, `${name} is ${vital[VALUE]}, the page says ${measured[name]}`);
    assert.equal(vital['browser.web_vital.rating'], ratingOf(name, measured[name]));
    assert.equal(vital['browser.web_vital.navigation_type'], 'navigate');
  }
});

story('a slow click is the INP where the browser measures it', async (stage) => {
  await stage.watch('button.html');
  await stage.page.click('#slow');
  await stage.held(() => window.handlerMs);
  if (stage.browser === firefox) {
    await stage.until('the LCP, though the page is still shown', (records) => records.vital('lcp'));
    await stage.held(() => window.durations.some((duration) => duration >= 200));
  }
  const { durations, handlerMs } = await stage.run(() => ({ durations, handlerMs }));
  const records = await stage.all();

  checkVitals(records, stage.browser.vitals);
  if (stage.browser !== firefox) return;
  const inp = records.vital('inp');
  assert.equal(inp[VALUE], Math.max(...durations));
  assert.ok(inp[VALUE] >= handlerMs - 8, `${inp[VALUE]} ms for ${handlerMs} ms of work; the browser rounds to 8`);
  assert.equal(inp['browser.web_vital.rating'], inp[VALUE] <= 500 ? 'needs-improvement' : 'poor');
  assert.equal(inp['vitrum.view.id'], records.event('browser.navigation')['vitrum.view.id']);
});

story(
  'a slow key after a quick click grows the same INP',
  async (stage) => {
    await stage.watch('button.html');
    await stage.page.click('h1');
    await stage.run(() => document.getElementById('slow').focus());
    await stage.page.press(ENTER);
    await stage.held(() => window.durations.some((duration) => duration >= 200));
    const largest = await stage.run(() => Math.max(...window.durations));
    const records = await stage.all();
    const told = records.events('browser.web_vital').filter((vital) => vital['browser.web_vital.name'] === 'inp');
    assert.equal(new Set(told.map((vital) => vital['browser.web_vital.id'])).size, 1);
    assert.equal(told.reduce((sum, vital) => sum + vital['browser.web_vital.delta'], 0), largest);
  },
  [firefox],
);

story('uncaught errors and rejections are told, early and late', async (stage) => {
  await stage.watch('errors.html?token=planted');
  await stage.run(() => {
    setTimeout(() => {
      throw new TypeError('thrown late');
    });
    setTimeout(() => Promise.reject('rejected late'));
  });
  const records = await stage.until('three errors', (records) => records.events('exception').length >= 3);
  stage.expected = ['RangeError: thrown early', 'TypeError: thrown late', 'rejected late'];

  const failures = records.events('exception');
  assert.deepEqual(failures.map((failure) => [failure['exception.type'], failure['exception.message']]), [
    ['RangeError', 'thrown early'],
    ['TypeError', 'thrown late'],
    ['UnhandledRejection', 'rejected late'],
  ]);
  // A browser may leave the query out by itself.
  assert.match(failures[0]['exception.stacktrace'], /^RangeError: thrown early\n    at http:.*\/stories\/errors\.html(\?token)?:\d+:\d+/);
  for (const failure of failures) {
    assert.equal(failure['vitrum.error.handled'], false);
    assert.equal(failure['vitrum.view.id'], records.event('browser.navigation')['vitrum.view.id']);
  }
});

story('causes, loads that fail, policies and what the site has caught are told, with what was before', async (stage) => {
  stage.site.headers = { 'content-security-policy': "font-src 'none'" };
  await stage.watch('plain.html');
  await stage.run(() => {
    const call = (name, ...args) => (window.agent ? window.agent[name](...args) : window.vitrum.push([name, ...args]));
    call('setFlag', 'new-cart', true);
    call('addBreadcrumb', 'for someone@example.com');
    call('captureError', new RangeError('caught', { cause: new TypeError('its cause') }), { step: 2 });
    document.body.append(Object.assign(document.createElement('img'), { src: '/stories/nothing.png?of=planted', id: 'picture' }));
    const style = document.head.appendChild(document.createElement('style'));
    style.textContent = '@font-face { font-family: Nothing; src: url(/stories/nothing.ttf) } body { font-family: Nothing }';
    for (let count = 0; count < 300; count++) reportError(new EvalError('again'));
  });
  const of = (records, source) => records.events('exception').filter((failure) => failure['vitrum.error.source'] === source);
  // Firefox tells of the policy twice.
  const again = (records) => {
    const [{ 'vitrum.error.fingerprint': fingerprint } = {}] = of(records, 'error');
    const repeats = records.events('vitrum.error_repeats').filter((event) => event['vitrum.error.fingerprint'] === fingerprint);
    return repeats.reduce((sum, event) => sum + event['vitrum.error.count'], 0);
  };
  const records = await stage.until('all', (records) => of(records, 'csp').length && of(records, 'resource').length && again(records) >= 299 && records);
  stage.expected = await stage.complaints();
  const expected = ['EvalError: again', 'font-src', `not loaded: ${stage.site.origin}/stories/nothing.png?of=planted`];
  assert.deepEqual([...new Set(stage.expected)].sort(), expected);

  const [caught] = of(records, 'captured');
  assert.deepEqual([caught['exception.message'], caught['vitrum.error.context.step'], caught['vitrum.flag.new-cart']], ['caught', '2', 'true']);
  assert.match(caught['exception.stacktrace'], /^Caused by: TypeError: its cause$/m);
  assert.match(caught['vitrum.error.breadcrumbs'], /^\d+ custom for :email$/m);
  const picture = of(records, 'resource').find((failure) => failure['exception.message'].startsWith('img'));
  assert.deepEqual([picture['url.full'], picture['browser.css_selector']], [`${stage.site.origin}/stories/nothing.png?of`, '#picture']);
  assert.equal(of(records, 'csp')[0]['exception.message'], `font-src: ${stage.site.origin}/stories/nothing.ttf`);
  assert.deepEqual([of(records, 'error').length, again(records)], [1, 299]);
});

story('a fetch is a span, and its server is told the trace', async (stage) => {
  const { origin, other } = stage.site;
  await stage.watch('plain.html');
  const heard = await stage.run(
    async (foreign) => {
      const ask = async (input, init) => (await (await fetch(input, init)).json()).traceparent ?? null;
      const failed = [await fetch('/api/fail').then(({ status }) => status), await fetch('/api/gone').catch(({ name }) => name)];
      return {
        plain: await ask('/api/plain/echo'),
        init: await ask('/api/init/echo', { method: 'POST', body: 'text', headers: { 'x-own': '1' } }),
        request: await ask(new Request('/api/request/echo')),
        foreign: await ask(foreign),
        failed,
      };
    },
    `${other}/api/foreign/echo`,
  );
  assert.deepEqual(heard.failed, [500, 'TypeError']);
  const records = await stage.all();

  const parent = (path) => {
    const { traceId, spanId } = records.request(origin + path);
    assert.match(traceId + spanId, /^(?!0+$)[0-9a-f]{48}$/);
    return `00-${traceId}-${spanId}-01`;
  };
  assert.equal(heard.plain, parent('/api/plain/echo'));
  assert.equal(heard.init, parent('/api/init/echo'));
  assert.equal(heard.request, parent('/api/request/echo'));
  assert.equal(heard.foreign, null);
  assert.deepEqual(stage.site.asked('/api/foreign/echo').map(({ method }) => method), ['GET'], 'no preflight because of us');
  const told = records.spans.map(({ name, status, attributes }) => [
    name,
    new URL(attributes['url.full']).pathname,
    attributes['http.response.status_code'],
    attributes['error.type'],
    status.replace('STATUS_CODE_', ''),
  ]);
  assert.deepEqual(told.sort(), [
    ['GET /api/fail', '/api/fail', 500, '500', 'ERROR'],
    ['GET /api/foreign/echo', '/api/foreign/echo', 200, undefined, 'UNSET'],
    ['GET /api/gone', '/api/gone', undefined, 'TypeError', 'ERROR'],
    ['GET /api/plain/echo', '/api/plain/echo', 200, undefined, 'UNSET'],
    ['GET /api/request/echo', '/api/request/echo', 200, undefined, 'UNSET'],
    ['POST /api/init/echo', '/api/init/echo', 200, undefined, 'UNSET'],
  ]);
});

story('each change of the route is told', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(async () => {
    history.pushState(null, '', '/shop/cart');
    await fetch('/api/cart/ok');
    history.replaceState(null, '', '/shop/cart?step=2');
    const popped = new Promise((resolve) => addEventListener('popstate', resolve, { once: true }));
    history.back();
    await popped;
    await fetch('/api/home/ok');
  });
  const records = await stage.all();

  const views = records.events('browser.navigation');
  const told = views.map((view) => [view['url.template'], view['browser.navigation.type'], view['browser.navigation.same_document']]);
  assert.deepEqual(told, [
    ['/stories/plain.html', undefined, false],
    ['/shop/cart', 'push', true],
    ['/shop/cart', 'replace', true],
    ['/stories/plain.html', 'traverse', true],
  ]);
  const [home, cart, same, back] = views.map((view) => view['vitrum.view.id']);
  assert.equal(same, cart, 'a query makes no view');
  assert.equal(new Set([home, cart, back]).size, 3, 'a path that comes again is a new view');
  const viewOf = (path) => records.request(stage.site.origin + path).attributes['vitrum.view.id'];
  assert.deepEqual([viewOf('/api/cart/ok'), viewOf('/api/home/ok')], [cart, back]);
});

story('a page from the back/forward cache is a second view', async (stage) => {
  await stage.watch('plain.html');
  await stage.run(() => addEventListener('pageshow', ({ persisted }) => (window.returned = persisted)));
  await stage.leave();
  await stage.page.goBack();
  await stage.held(() => window.returned);
  await stage.run(() => fetch('/api/again/ok'));
  const records = await stage.all();

  const [first, second, ...more] = records.events('browser.navigation');
  assert.deepEqual(more, []);
  assert.notEqual(first['vitrum.view.id'], second['vitrum.view.id']);
  assert.equal(first['session.id'], second['session.id']);
  assert.equal(records.events('browser.navigation_timing').length, 1, 'nothing was loaded again');
  const again = records.request(`${stage.site.origin}/api/again/ok`);
  assert.equal(again.attributes['vitrum.view.id'], second['vitrum.view.id']);
});

story('what is not sent when the page is left goes with it', async (stage) => {
  await stage.watch('plain.html');
  await stage.held(() => performance.getEntriesByName('first-contentful-paint').length);
  await stage.run(async () => {
    await (await fetch('/api/ok')).text();
    history.pushState(null, '', '/left');
    // The agent has been told that the page hides by then, and is told once more.
    addEventListener('pagehide', () => reportError(new Error('at last')), true);
  });
  await stage.leave();
  stage.expected = ['Error: at last'];
  const records = await stage.all();

  assert.deepEqual(records.events('browser.navigation').map((view) => view['url.template']), ['/stories/plain.html', '/left']);
  assert.equal(records.event('exception')['exception.message'], 'at last');
  assert.equal(records.resources('/api/ok').length, 0, 'it is told with its request');
  assert.ok(records.request(`${stage.site.origin}/api/ok`).attributes['browser.resource_timing.response_end'] > 0);
  checkVitals(records, untouched(stage.browser));

  const uids = records.batches.flatMap(({ logs }) => logs.map(({ attributes }) => attributes['log.record.uid']));
  assert.equal(new Set(uids).size, uids.length, 'nothing is sent twice');
  const { requests } = stage.relay;
  await stage.until('the last answer', () => requests.every(({ status }) => status));
  const last = stage.collector.batches().findIndex(({ logs }) => logs.some(({ name }) => name === 'exception'));
  assert.equal(requests[last].headers['sec-fetch-mode'], 'no-cors', 'the last word is a beacon');
  for (const { method, path, headers, status } of requests) {
    assert.deepEqual([method, path, status], ['POST', '/v1/beacon', 204], 'no preflight');
    assert.equal(headers['content-type'], undefined);
  }
});
