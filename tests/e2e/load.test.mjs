// A page loads: its view, its phases, its resources and its first vitals, as the page itself sees them.

import assert from 'node:assert/strict';
import { ratingOf } from './records.mjs';
import { story } from './stage.mjs';

const words = (text) => text.split(' ');
const PHASES = [
  ...words('fetchStart domainLookupStart connectStart connectEnd requestStart responseStart responseEnd duration'),
  ...words('transferSize encodedBodySize decodedBodySize'),
];
const DOCUMENT_PHASES = words('domInteractive domContentLoadedEventStart domContentLoadedEventEnd domComplete loadEventStart loadEventEnd');
const snake = (name) => name.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase());

/** Each phase is the page's, in whole milliseconds; what is 0 is absent. */
function checkPhases(attributes, prefix, names, entry) {
  // A connection that stood already is told by times that are equal; nothing took place.
  const isConnected = entry.domainLookupStart === entry.connectEnd;
  for (const name of names) {
    const expected = isConnected && /^(domainLookup|connect)/.test(name) ? 0 : Math.round(entry[name]);
    const told = attributes[`${prefix}.${snake(name)}`] ?? 0;
    // In a table it is the difference of two times that were rounded before.
    assert.ok(Math.abs(told - expected) <= (name === 'duration' ? 1 : 0), `${name} is ${told}, the page says ${expected}`);
  }
}

/** What the page reads of its own load. */
const readPage = () => ({
  timeOrigin: performance.timeOrigin,
  lcp: window.largest.startTime,
  fcp: performance.getEntriesByName('first-contentful-paint')[0].startTime,
  navigation: performance.getEntriesByType('navigation')[0].toJSON(),
  resources: performance.getEntriesByType('resource').map((entry) => entry.toJSON()),
});

story('a load is told with its phases, resources and vitals', async (stage) => {
  await stage.options({ version: '1.2.3', environment: 'test' }).watch('load.html');
  const url = stage.page.url();
  await stage.held(() => window.largest?.url === document.images[0].src);
  const page = await stage.run(readPage);
  await stage.leave();
  const records = await stage.until('the vitals', (records) => records.vital('lcp') && records.vital('cls'));

  for (const { resource: { 'vitrum.scrubbed': _, ...resource } } of records.batches) {
    assert.deepEqual(resource, {
      'service.name': 'story',
      'service.version': '1.2.3',
      'deployment.environment.name': 'test',
      'telemetry.sdk.name': 'vitrum',
      'telemetry.sdk.language': 'webjs',
      'telemetry.sdk.version': '0.1.0',
      'user_agent.synthetic.type': 'test',
      'vitrum.schema.version': 1,
    });
  }

  const session = records.event('session.start');
  assert.match(session['session.id'], /^[0-9a-f]{32}$/);
  const view = records.event('browser.navigation');
  assert.equal(view['url.full'], url);
  assert.equal(view['url.template'], '/stories/load.html');
  assert.equal(view['browser.navigation.same_document'], false);
  assert.match(view['vitrum.view.id'], /^[0-9a-f]{16}$/);
  for (const { attributes, name } of records.logs) {
    assert.equal(attributes['session.id'], session['session.id'], name);
    assert.equal(attributes['vitrum.view.id'], view['vitrum.view.id'], name);
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
    assert.equal(more.length, 0);
    assert.equal(resource['url.full'], entry.name);
    assert.equal(resource['browser.resource_timing.initiator_type'], initiator);
    assert.equal(resource['http.response.status_code'], 200);
    checkPhases(resource, 'browser.resource_timing', PHASES, entry);
  }
  assert.equal(records.resources('/v1/beacon').length, 0, 'what the agent sends is not the page’s');

  for (const [name, expected] of [
    ['ttfb', page.navigation.responseStart],
    ['fcp', page.fcp],
    ['lcp', page.lcp],
    ['cls', 0],
  ]) {
    const vital = records.vital(name);
    const value = vital['browser.web_vital.value'];
    assert.equal(value, Math.floor(expected + 0.5), `${name} is ${value}, the page says ${expected}`);
    assert.equal(vital['browser.web_vital.delta'], value, `${name} is told once`);
    assert.equal(vital['browser.web_vital.rating'], ratingOf(name, expected));
    assert.equal(vital['browser.web_vital.navigation_type'], 'navigate');
  }
  assert.equal(records.vital('inp'), undefined, 'nobody has touched the page');
  assert.deepEqual(stage.uncaught, []);
});

story('the agent comes after the load event', async (stage) => {
  await stage.watch('load.html');
  const { end, resources } = await stage.run(() => ({
    end: performance.getEntriesByType('navigation')[0].loadEventEnd,
    resources: performance.getEntriesByType('resource').map(({ name, startTime }) => ({ path: new URL(name).pathname, startTime })),
  }));
  const late = resources.filter(({ path }) => stage.form.isLate(path));
  assert.ok(late.length > 0, JSON.stringify(resources));
  for (const { path, startTime } of late) assert.ok(startTime >= end, `${path} at ${startTime}, loaded at ${end}`);
});
