// A page is left before the agent is there, or the agent cannot come: the loader tells of the visit by itself, once, and
// nothing that nobody may know.

import assert from 'node:assert/strict';
import { npm, tag } from './forms.mjs';
import { formsOf, Haystack } from './secrets/finder.mjs';
import { planted, SECRETS } from './secrets/places.mjs';
import { leaks, tap } from './secrets/search.mjs';
import { serve } from './secrets/server.mjs';
import { addresses } from './secrets/visitor.mjs';
import { story } from './stage.mjs';

/** What the agent loads late never comes, or fails. */
const hold = (stage, answer = () => {}) => stage.context.route(({ pathname }) => stage.form.isLate(pathname), answer);
const fail = (route) => route.abort();
/** From here on it comes. */
const release = (stage) => stage.context.unrouteAll({ behavior: 'ignoreErrors' });

const isListening = () => !!(window.vitrum?.tag || window.agent);
/** Visits a page until the loader is there; the agent may be late. */
async function arrive(stage, page = 'plain.html', options) {
  await stage.visit(page, options);
  await stage.held(isListening);
}

/** Visits a page of which the agent's files do not come, and waits until that is known. */
async function failing(stage, page = 'plain.html') {
  const told = stage.page.waitForEvent('console', (message) => message.text().startsWith('Vitrum could not start'));
  await stage.visit(page);
  await told;
}

/** What is told of the visits without the agent; at least one. */
async function told(stage) {
  await stage.until('a short visit', () => stage.collector.shorts());
  return stage.collector.shorts();
}

/** All that the collector has by now, short visits and others. */
async function everything(stage) {
  await release(stage);
  const { batches } = await stage.all();
  return { batches, shorts: stage.collector.shorts() };
}

const ask = async ({ collector }, path) => (await fetch(collector.origin + path)).json();

story('a visitor who leaves while the page loads was there', async (stage) => {
  // The page is not loaded until this has come, which it never does.
  await stage.page.addInitScript(() => location.search && addEventListener('DOMContentLoaded', () => (new Image().src = '/api/never')));
  await stage.options({ version: '1.2.3', environment: 'test' });
  await arrive(stage, 'plain.html?email=someone@example.com#secret', { waitUntil: 'domcontentloaded' });
  await stage.held(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  await stage.run(() => setTimeout(() => Promise.reject(new TypeError('cannot read order 8445570132 of someone@example.com'))));
  const page = await stage.run(async () => {
    await new Promise((resolve) => setTimeout(resolve));
    const { responseStart } = performance.getEntriesByType('navigation')[0];
    const headers = await fetch('/api/echo').then((response) => response.json());
    return { at: performance.timeOrigin, ttfb: responseStart, fcp: performance.getEntriesByName('first-contentful-paint')[0].startTime, traceparent: headers.traceparent };
  });
  await stage.leave();
  const [visit, ...more] = await told(stage);
  assert.deepEqual(more, []);
  const template = '/stories/plain.html';
  const { page: id, session, view, trace, root, vitals, errors, ...rest } = visit;
  assert.deepEqual(rest, {
    ...{ v: 1, at: page.at, service: 'story', version: '1.2.3', environment: 'test', rate: 1, synthetic: true, type: 'navigate' },
    ...{ lost: 0, url: stage.site.origin + template, template },
  });
  assert.match([id, session, view, root].join(' '), /^[\da-f]{16} [\da-f]{32} [\da-f]{16} [\da-f]{16}$/);
  assert.equal(trace, page.traceparent.split('-')[1], 'its requests are in its trace');
  assert.deepEqual(errors.map(([at, ...error]) => [at > 0, ...error]), [[true, 'TypeError', 'cannot read order * of *', '']]);
  const values = Object.fromEntries(vitals);
  assert.ok(Math.abs(values.ttfb - page.ttfb) < 0.1 && Math.abs(values.fcp - page.fcp) < 0.1 && values.lcp >= values.fcp, JSON.stringify(vitals));
  assert.deepEqual(Object.keys(values), ['ttfb', 'fcp', 'lcp', 'cls']);

  const { records } = await ask(stage, '/api/records');
  assert.deepEqual(records.map(({ kind }) => kind).sort(), [...Array(4).fill('browser.web_vital'), 'browser.navigation', 'exception'].sort());
  const [request] = stage.relay.requests;
  assert.deepEqual([request.method, request.path, request.headers['content-type']], ['POST', '/v1/beacon', undefined]);
  assert.deepEqual(stage.uncaught.map(({ message }) => message), ['cannot read order 8445570132 of someone@example.com']);
});

story('a bounce before the agent is a view of its own, and the next page is one', async (stage) => {
  await hold(stage);
  await arrive(stage);
  await arrive(stage, 'load.html');
  await stage.leave();
  await stage.until('two', () => stage.collector.shorts().length === 2);
  const overview = await ask(stage, '/api/overview?range=15m');
  assert.deepEqual(overview.routes.map(({ path, views }) => [path, views]).sort(), [['/stories/load.html', 1], ['/stories/plain.html', 1]]);
  assert.equal(overview.vitals.find(({ name }) => name === 'fcp').count, 2);
  const gaps = await ask(stage, '/api/gaps?range=15m');
  assert.equal(gaps.records.missing, 0);
});

story('where the agent is, nothing is told without it', async (stage) => {
  await stage.watch('plain.html');
  await stage.leave();
  await stage.until('the vitals', (records) => records.vital('cls'));
  const { shorts, batches } = await everything(stage);
  assert.deepEqual(shorts, []);
  assert.ok(batches.length > 0);
});

/** For the event that follows to be alone: in a page that goes, `pagehide` comes first. */
const swallow = () => addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true);

story('a page that only hides is not told of while the agent may come', async (stage) => {
  await stage.page.addInitScript(swallow);
  await hold(stage);
  await arrive(stage);
  await stage.leave();
  const { shorts, batches } = await everything(stage);
  assert.deepEqual([shorts, batches], [[], []]);
});

story('an agent that is blocked leaves the visit, with its errors, to the loader', async (stage) => {
  await stage.page.addInitScript(swallow);
  await hold(stage, fail);
  await failing(stage, 'errors.html');
  await stage.run(() => setTimeout(() => Promise.reject(new Error('thrown late'))));
  await stage.run(() => new Promise((resolve) => setTimeout(resolve)));
  await stage.leave();
  const [visit, ...more] = await told(stage);
  assert.deepEqual(more, [], 'once, though it hides and goes');
  assert.deepEqual(visit.errors.map(([, type, message]) => [type, message]), [['RangeError', 'thrown early'], ['Error', 'thrown late']]);
  assert.equal(visit.template, '/stories/errors.html');
});

const policy = (stage) => ({ 'content-security-policy': `default-src 'none'; img-src data:; script-src 'self'; connect-src 'self' ${stage.relay.origin}` });

story('a page whose policy forbids WebAssembly is told of', async (stage) => {
  stage.site.headers = policy(stage);
  await failing(stage, 'strict.html');
  assert.deepEqual(stage.relay.requests, []);
  await stage.leave();
  const [{ template, errors, vitals }, ...more] = await told(stage);
  assert.deepEqual([template, errors, more], ['/stories/strict.html', [], []]);
  assert.ok(vitals.length >= 3, JSON.stringify(vitals));
});

story('a core that fails at its start is as good as none', async (stage) => {
  await stage.page.addInitScript(() => {
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...args) => {
      const { instance } = await instantiate.apply(WebAssembly, args);
      const observe = () => {
        throw new WebAssembly.RuntimeError('unreachable');
      };
      return { instance: { exports: { ...instance.exports, observe } } };
    };
  });
  const off = stage.page.waitForEvent('console', (message) => message.text().startsWith('Vitrum is off'));
  await stage.visit('errors.html');
  await off;
  await stage.leave();
  const [visit, ...more] = await told(stage);
  assert.deepEqual([visit.errors.length, more], [1, []]);
});

story('a page that comes back after it was told of is not told of again', async (stage) => {
  const held = [];
  const isAsked = stage.page.waitForEvent('request', (request) => stage.form.isLate(new URL(request.url()).pathname));
  await hold(stage, (route) => void held.push(route));
  await arrive(stage);
  await isAsked;
  await stage.run(() => addEventListener('pageshow', ({ persisted }) => (window.returned = persisted)));
  await stage.leave();
  assert.equal((await told(stage)).length, 1);
  await stage.page.goBack({ waitUntil: 'commit' });
  assert.equal(await stage.held(() => window.returned !== undefined && String(window.returned)), 'true', 'the loader keeps no page from the cache');
  // Now the agent comes.
  await Promise.all(held.map((route) => route.continue()));
  await stage.held(() => window.witness.core === 1);
  assert.ok(await stage.run(() => window.fetch === window.witness.fetch), 'nothing is watched any more');
  await stage.run(() => setTimeout(() => Promise.reject(new Error('after the return'))));
  await stage.leave();
  const { shorts, batches } = await everything(stage);
  assert.deepEqual([shorts.length, batches], [1, []]);
});

const REFUSED = [
  ['pending', { consent: 'pending' }],
  ['denied', { consent: 'denied' }],
  ['asked of a platform', { consent: 'tcf' }],
  ['asked of Google', { consent: 'google' }],
  ['not sampled', { sampleRate: 0 }],
  ['not sampled by a rule', { sampling: ['0 route=/stories/*'] }],
  ['automated', { synthetic: false }],
];
for (const [what, options] of REFUSED) {
  story(`a visit that is ${what} is not told of`, async (stage) => {
    await hold(stage);
    await stage.options(options);
    await arrive(stage, 'errors.html');
    await stage.leave();
    assert.deepEqual((await everything(stage)).shorts, []);
  });
}

const signal = (name, value) => `if (location.search === '?wish') Object.defineProperty(navigator, '${name}', { value: ${value} });`;
for (const [name, value, options] of [
  ['globalPrivacyControl', true, {}],
  ['doNotTrack', '"1"', { doNotTrack: true }],
]) {
  story(`a visitor whose browser says ${name} was never there`, async (stage) => {
    await stage.page.addInitScript(signal(name, value));
    await hold(stage);
    await stage.options(options);
    await arrive(stage, 'plain.html?wish');
    await stage.leave();
    assert.deepEqual((await everything(stage)).shorts, []);
  });
}

story('what the page says before the agent is there counts', async (stage) => {
  await hold(stage);
  await stage.options({ consent: 'pending' });
  await arrive(stage);
  await stage.consent('granted');
  await stage.leave();
  assert.equal((await told(stage)).length, 1);
  await stage.options({ consent: 'granted' });
  for (const state of ['denied', 'stop']) {
    await arrive(stage);
    await (state === 'stop' ? stage.stop() : stage.consent(state));
    await stage.leave();
  }
  await arrive(stage);
  await stage.run(() => (window.agent ? window.agent.forget() : window.vitrum.push(['forget'])));
  await stage.leave();
  assert.equal((await everything(stage)).shorts.length, 1);
});

story('with minimal consent there are vitals and errors without identifiers', async (stage) => {
  await hold(stage);
  await stage.page.addInitScript(() => localStorage.setItem('vitrum', '0'.repeat(32)));
  await stage.options({ consent: 'minimal' });
  await arrive(stage, 'errors.html', { referer: `${stage.site.origin}/from` });
  await stage.leave();
  const [visit, ...more] = await told(stage);
  assert.deepEqual(more, []);
  assert.deepEqual(Object.keys(visit).filter((key) => visit[key] !== '').sort(), ['at', 'errors', 'lost', 'page', 'rate', 'service', 'synthetic', 'type', 'v', 'vitals']);
  assert.equal(visit.errors.length, 1);
});

story('it is of the session that is remembered, while that lives', async (stage) => {
  await stage.watch('plain.html');
  await stage.leave();
  const records = await stage.until('the vitals', (records) => records.vital('cls'));
  const id = records.event('session.start')['session.id'];
  await hold(stage);
  await arrive(stage);
  await stage.run(() => {
    const hour = (Date.now() - 3_600_000).toString(16).padStart(12, '0');
    addEventListener('pagehide', () => (localStorage.vitrum = localStorage.vitrum.slice(0, 40) + hour + hour));
  });
  await arrive(stage);
  await stage.leave();
  await stage.until('two', () => stage.collector.shorts().length === 2);
  const [first, second] = stage.collector.shorts();
  assert.equal(first.session, id);
  assert.match(second.session, /^[\da-f]{32}$/);
  assert.notEqual(second.session, id);
});

story('what the site says of its paths and texts holds', async (stage) => {
  await hold(stage);
  await stage.options({ routes: ['/stories/:page'], scrub: ['drop:early', 'mask:elsewhere', 'replace:blank=>page'] });
  await arrive(stage, 'errors.html', { referer: 'http://elsewhere.example/' });
  await arrive(stage, 'plain.html?blank', { referer: `${stage.site.origin}/from/8445570132` });
  await stage.leave();
  await stage.until('two', () => stage.collector.shorts().length === 2);
  const [first, second] = stage.collector.shorts();
  assert.deepEqual([first.template, first.referrer, first.errors[0].slice(1)], ['/stories/:page', undefined, ['RangeError', '', '']]);
  assert.deepEqual([second.template, second.url, second.referrer], ['', '', stage.site.origin]);
});

story('what the site wants to see before it leaves does not leave unseen', async (stage) => {
  await stage.page.addInitScript(() => {
    window.beforeSend = () => {};
    if (!document.querySelector) return;
    (window.vitrum ||= []).push(['beforeSend', window.beforeSend]);
  });
  await hold(stage);
  await arrive(stage);
  await stage.leave();
  assert.deepEqual((await everything(stage)).shorts, []);
});

/**
 * The texts that go wrong in the story of secrets: all that is not a person's name or address, which in a sentence nobody can
 * tell from its other words, the core neither. And how many on a page: of each there are two errors, and twenty are told.
 */
const TEXTS = SECRETS.filter(({ kind }) => !/^(name|address)$/.test(kind)).map(({ value }) => value);
const AT_ONCE = 10;

story('of all that is planted in a page nothing leaves it with a short visit', async (stage) => {
  serve(stage.site, planted);
  await stage.page.addInitScript((values) => (window.planted = values), planted);
  const heard = tap(stage);
  await hold(stage);
  const { from, account } = addresses(stage.site);
  let visits = 0;
  for (let start = 0; start < TEXTS.length; start += AT_ONCE) {
    await stage.page.goto(visits++ % 2 ? from : account, { waitUntil: 'load', referer: from });
    await stage.held(isListening);
    await stage.run(async (texts) => {
      const fail = (error) => setTimeout(() => Promise.reject(error));
      for (const text of texts) {
        fail(new Error(`no account of ${text} there`));
        fail(Object.assign(new Error(text), { name: text }));
      }
      // Rejections are told when the turn that they are of has ended.
      for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setTimeout(resolve));
    }, TEXTS.slice(start, start + AT_ONCE));
  }
  await stage.leave();
  await stage.until('all', () => stage.collector.shorts().length === visits);
  stage.uncaught = stage.console = [];
  const shorts = stage.collector.shorts();
  const messages = shorts.flatMap(({ errors }) => errors.map(([, , message]) => message));
  assert.ok(messages.length + shorts.reduce((sum, { lost }) => sum + lost, 0) >= 2 * TEXTS.length, `${messages.length} errors`);
  assert.ok(messages.filter((message) => message.startsWith('no account of')).length >= TEXTS.length / 2);
  const left = heard.flatMap(({ head, parts }) => [Buffer.from(head, 'latin1'), Buffer.concat(parts)]).map((bytes) => ({ what: 'a short visit', hay: new Haystack(bytes) }));
  assert.ok(left.some(({ hay }) => hay.find(formsOf('"template":"/api/account/'))), 'what is no secret is found');
  const found = leaks(left);
  assert.equal(found.length, 0, `${found.length} have left the page:\n  ${found.join('\n  ')}\n`);
});

story(
  'two tags tell of a visit once',
  async (stage) => {
    await hold(stage);
    stage.site.markup += stage.site.markup;
    await arrive(stage);
    await stage.leave();
    await told(stage);
    assert.equal((await everything(stage)).shorts.length, 1);
  },
  [tag],
);

story(
  'who has only listened to vitals so far is not over for the agent, nor for a short visit',
  async (stage) => {
    const begin = (endpoint) =>
      stage.run(async (endpoint) => {
        const { init, onTTFB } = await import('/dist/index.js');
        await new Promise((resolve) => onTTFB(resolve));
        init({ endpoint, service: 'story' });
      }, endpoint);
    await stage.visit('blank.html');
    await begin(stage.relay.origin);
    await stage.until('the view', (records) => records.events('browser.navigation'));
    await stage.visit('blank.html');
    await stage.run(() => (window.requestIdleCallback = () => {}));
    await begin(stage.relay.origin);
    await stage.leave();
    assert.equal((await told(stage)).length, 1);
  },
  [npm],
);
