// What goes wrong, from every side that it can be heard of, early and late; and what explains it.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

const key = (name) => `vitrum.error.${name}`;
const of = (records, source) => records.events('exception').filter((failure) => failure[key('source')] === source);
const told = (failure) => [failure['exception.type'], failure['exception.message']];

/** Calls the agent in the page, by either form. */
const call = `const call = (name, ...args) => (window.agent ? window.agent[name](...args) : window.vitrum.push([name, ...args]));`;
const run = (stage, action, argument) => stage.run(`(async () => { ${call} return (${action})(${JSON.stringify(argument)}); })()`);

story('whatever is thrown is described', async (stage) => {
  stage.site.api['text.js'] = (_, response) => response.writeHead(200, { 'content-type': 'text/javascript' }).end('throw "a thrown text"');
  await stage.watch('plain.html');
  await run(stage, () => {
    const late = (action) => setTimeout(action);
    const fail = (reason) => late(() => Promise.reject(reason));
    for (const reason of [undefined, null, 7, 'a text', Symbol('a symbol'), { message: 'like an error', name: 'LikeError' }, new DOMException('refused', 'DataError')]) fail(reason);
    fail({ then: 'no function' });
    document.head.append(Object.assign(document.createElement('script'), { src: '/api/text.js' }));
    late(() => {
      throw undefined;
    });
  });
  await run(stage, () => {
    const trap = () => {
      throw new TypeError('in the trap');
    };
    const traps = { get: trap, getPrototypeOf: trap, has: trap, ownKeys: trap, getOwnPropertyDescriptor: trap };
    setTimeout(() => Promise.reject(new Proxy({}, traps)));
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    setTimeout(() => {
      throw revoked.proxy;
    });
    const error = new RangeError('with a stack that throws');
    for (const name of ['stack', 'cause', 'errors']) Object.defineProperty(error, name, { get: trap });
    setTimeout(() => Promise.reject(error));
    const frame = document.body.appendChild(document.createElement('iframe'));
    setTimeout(() => Promise.reject(new frame.contentWindow.EvalError('of another frame')));
  });
  const records = await stage.until('all of it', (records) => records.events('exception').length >= 14);
  assert.deepEqual(of(records, 'rejection').map(told).sort(), [
    ['DataError', 'refused'],
    ['EvalError', 'of another frame'],
    ['LikeError', 'like an error'],
    ['RangeError', 'with a stack that throws'],
    ['UnhandledRejection', '7'],
    ['UnhandledRejection', 'Symbol(a symbol)'],
    ['UnhandledRejection', '[object Object]'],
    ['UnhandledRejection', 'a text'],
    ['UnhandledRejection', 'null'],
    ['UnhandledRejection', 'undefined'],
    ['UnhandledRejection', 'unreadable'],
  ]);
  const [[thrown], [nothing], [revoked]] = ['thrown', 'undefined', 'unreadable'].map((word) => of(records, 'error').filter((failure) => failure['exception.message'].includes(word)));
  assert.deepEqual(told(thrown), ['Error', 'a thrown text']);
  assert.match(thrown['exception.stacktrace'], /\/api\/text\.js:1:\d+/, 'where it was thrown is known from the event');
  assert.match(nothing['exception.message'], /undefined/);
  assert.equal(revoked['exception.message'], 'unreadable');
  assert.equal(records.events('vitrum.health').length, 0, 'nothing of ours has failed');
});

story('causes are followed, however they refer to each other', async (stage) => {
  await stage.watch('plain.html');
  await run(stage, () => {
    const circle = new Error('outer', { cause: new TypeError('middle') });
    circle.cause.cause = circle;
    setTimeout(() => Promise.reject(circle));
    let deep = new Error('depth 0');
    for (let depth = 1; depth < 20; depth++) deep = new Error('depth ' + depth, { cause: deep });
    setTimeout(() => Promise.reject(deep));
    setTimeout(() => Promise.reject(new AggregateError([new Error('one'), 'no error', new Error('two')], 'several')));
    const endless = {
      message: 'endless',
      get cause() {
        return { message: 'more of it', cause: this.cause };
      },
    };
    setTimeout(() => Promise.reject(endless));
  });
  const records = await stage.until('four', (records) => records.events('exception').length >= 4);
  const causes = Object.fromEntries(of(records, 'rejection').map((failure) => [failure['exception.message'], (failure['exception.stacktrace'] ?? '').match(/(?<=^Caused by: ).*/gm) ?? []]));
  assert.deepEqual(causes, {
    outer: ['TypeError: middle'],
    'depth 19': ['Error: depth 18', 'Error: depth 17', 'Error: depth 16', 'Error: depth 15'],
    several: ['Error: one', 'Error: two'],
    endless: [],
  });
});

/** What does not load, of every kind. */
const unloadable = async (other) => {
  const add = (name, attributes) => document.body.append(Object.assign(document.createElement(name), attributes));
  add('img', { src: '/api/picture.png?of=someone@example.com', id: 'picture' });
  add('script', { src: other + '/stories/nothing.js' });
  add('link', { rel: 'stylesheet', href: '/stories/nothing.css' });
  add('video', { src: '/stories/nothing.mp4' });
  const style = document.head.appendChild(document.createElement('style'));
  style.textContent = '@font-face { font-family: Nothing; src: url(/stories/nothing.ttf) } p { font-family: Nothing }';
};
const missing = ['did not load: :origin/api/picture.png', 'did not load: :other/stories/nothing.js', 'did not load: :origin/stories/nothing.css', 'did not load: :origin/stories/nothing.mp4'];
const LOADS = ['img', 'script', 'link', 'video'].map((name, index) => `${name} ${missing[index]}`).concat('font nothing did not load');

for (const [when, isEarly] of [['late', false], ['early', true]]) {
  story(`what does not load is told with its URL, ${when}`, async (stage) => {
    const { origin, other } = stage.site;
    stage.site.api['picture.png'] = (_, response) => response.writeHead(404).end();
    if (isEarly) await stage.page.addInitScript(`addEventListener('load', () => (${unloadable})(${JSON.stringify(other)}))`);
    await stage.watch('plain.html');
    if (!isEarly) await stage.run(unloadable, other);
    const records = await stage.until('five', (records) => of(records, 'resource').length >= 5);
    const loads = of(records, 'resource');
    const messages = loads.map((failure) => failure['exception.message'].replace(origin, ':origin').replace(other, ':other').replace('Nothing', 'nothing'));
    assert.deepEqual(messages.sort(), [...LOADS].sort());
    for (const failure of loads) assert.deepEqual([failure['exception.type'], failure[key('handled')]], ['ResourceError', false]);
    assert.equal(new Set(loads.map((failure) => failure[key('fingerprint')])).size, 5, 'each has its own fingerprint');
    const picture = loads.find((failure) => failure['exception.message'].startsWith('img'));
    assert.equal(picture['url.full'], `${origin}/api/picture.png?of`);
    if (!isEarly) assert.equal(picture['browser.css_selector'], '#picture');
  });
}

story('what a policy forbids and what the browser advises against is told, and nothing of ours', async (stage) => {
  // Our own batches are against the second policy, which forbids nothing.
  stage.site.headers = { 'content-security-policy': "img-src 'self' data:", 'content-security-policy-report-only': "connect-src 'self'; script-src 'self' 'unsafe-inline'" };
  await stage.watch('plain.html');
  await run(stage, () => {
    new Image().src = 'https://blocked.example/pixel.png?user=7';
    const request = new XMLHttpRequest();
    request.open('GET', '/api/ok', false);
    request.send();
  });
  const records = await stage.until('both', (records) => of(records, 'csp').length >= 1 && of(records, 'deprecation').length >= 1 && of(records, 'csp'));
  const [violation] = of(records, 'csp');
  assert.deepEqual(told(violation), ['SecurityPolicyViolation', 'img-src: https://blocked.example/pixel.png']);
  assert.equal(violation['url.full'], 'https://blocked.example/pixel.png?user');
  const [advice] = of(records, 'deprecation');
  assert.deepEqual([advice['exception.type'], advice[key('handled')]], ['Deprecation', false]);
  assert.match(advice['exception.message'], /XMLHttpRequest/);
  await stage.leave();
  const all = await stage.until('the CLS', (records) => records.vital('cls'));
  assert.equal(of(all, 'csp').filter((failure) => failure['exception.message'].includes(stage.relay.origin)).length, 0);
  assert.equal(of(all, 'csp').length, 1, of(all, 'csp').map(told).join());
});

story('what the console says is told where the site wants it, and the console is what it was', async (stage) => {
  await stage.options({ consoleErrors: true }).watch('plain.html');
  const looks = await run(stage, () => {
    console.warn('careful, %s', 'someone@example.com');
    console.error('no %s of %d', 'stock', 7, new RangeError('a range'));
    console.error('a text of %s', 'someone@example.com', { object: 1 });
    const trap = { get message() { console.error('from within'); return 'trapped'; } };
    console.error(trap);
    const { name, length } = console.error;
    return { name, length, text: Function.prototype.toString.call(console.error), own: Object.hasOwn(console, 'error') };
  });
  assert.deepEqual(looks, { name: 'error', length: 0, text: 'function error() { [native code] }', own: true });
  const records = await stage.until('three', (records) => of(records, 'console').length >= 3);
  assert.deepEqual(of(records, 'console').map(told), [['RangeError', 'a range'], ['Error', 'a text of :email '], ['Error', 'trapped']].map(([type, text]) => [type, text]));
  for (const failure of of(records, 'console')) assert.equal(failure[key('handled')], true);
  assert.match(of(records, 'console')[0][key('breadcrumbs')], /^\d+ console careful, :email$/m);
  assert.deepEqual(stage.console.map(({ type }) => type), ['warning', 'error', 'error', 'error', 'error']);
  await stage.stop();
  assert.equal(await stage.run(() => Object.getOwnPropertyDescriptor(console, 'error').value === console.error), true);
});

story('an error that the site has caught is told with what it says of it, before the agent is there and after', async (stage) => {
  const early = stage.form.name === 'tag'
    ? () => (window.vitrum ||= []).push(['captureError', new RangeError('caught early', { cause: new Error('its cause') }), { step: 1 }])
    : () => addEventListener('load', () => window.agent.captureError(new RangeError('caught early', { cause: new Error('its cause') }), { step: 1 }));
  await stage.page.addInitScript(early);
  await stage.watch('plain.html');
  await run(stage, () => {
    call('setFlag', 'new-cart', true);
    call('setFlag', 'old', 'x');
    call('setFlag', 'old');
    call('addBreadcrumb', 'the cart is full for someone@example.com');
    call('captureError', new TypeError('caught late'), { by: 'someone@example.com', paid: false, nested: {}, 'a name': 1 });
    const error = new Error('caught and thrown again');
    call('captureError', error);
    setTimeout(() => {
      throw error;
    });
  });
  const records = await stage.until('three', (records) => records.events('exception').length >= 3 && records.events('vitrum.health').length);
  const [first, second, third] = records.events('exception');
  assert.deepEqual([told(first), first[key('source')], first[key('handled')], first[key('context.step')]], [['RangeError', 'caught early'], 'captured', true, '1']);
  assert.match(first['exception.stacktrace'], /^Caused by: Error: its cause$/m);
  assert.deepEqual(
    [told(second), second[key('context.by')], second[key('context.paid')], second['vitrum.flag.new-cart'], 'vitrum.flag.old' in second],
    [['TypeError', 'caught late'], ':email', 'false', 'true', false],
  );
  assert.match(second[key('breadcrumbs')], /^\d+ custom the cart is full for :email$/m);
  assert.equal(records.event('vitrum.health')['vitrum.health.bad_options'], 2, 'what is no text, number or truth is counted');
  assert.deepEqual([told(third), third[key('source')]], [['Error', 'caught and thrown again'], 'captured']);
  await stage.leave();
  const all = await stage.until('the CLS', (records) => records.vital('cls'));
  assert.equal(all.events('exception').length, 3, 'it is told once');
  assert.deepEqual(all.events('vitrum.error_repeats'), []);
});

story('an error says what was before it, and belongs to the action that it followed from', async (stage) => {
  await stage.watch('plain.html');
  await run(stage, async () => {
    document.body.insertAdjacentHTML('beforeend', '<button id="pay">Pay</button>');
    document.querySelector('#pay').onclick = async () => {
      const response = await fetch('/api/fail?card=1234');
      throw new Error('not paid: ' + response.status);
    };
    await fetch('/api/ok?token=secret');
    history.pushState(null, '', '/cart?user=7');
  });
  await stage.page.click('#pay');
  const records = await stage.until('the error', (records) => records.events('exception'));
  const { origin } = stage.site;
  const [failure] = records.events('exception');
  const crumbs = failure[key('breadcrumbs')].split('\n').map((line) => line.replace(/^\d+ /, ''));
  assert.deepEqual(crumbs, [
    `navigation ${origin}/stories/plain.html`,
    `request GET 200 ${origin}/api/ok?token`,
    `navigation ${origin}/cart?user`,
    'action click #pay',
    `request GET 500 ${origin}/api/fail?card`,
  ]);
  const times = failure[key('breadcrumbs')].split('\n').map((line) => parseInt(line));
  assert.deepEqual(times, [...times].sort((a, b) => a - b));
  assert.deepEqual([failure['vitrum.action.type'], failure['browser.css_selector']], ['click', '#pay']);
  assert.ok(failure[key('time_since_load')] > 0 && failure[key('time_since_load')] < 60_000);
  assert.equal(failure['network.connection.type'], '4g');
  assert.ok(failure['vitrum.heap.used'] > 0 && failure['vitrum.device.memory'] > 0);
  await stage.leave();
  const all = await stage.until('the click', (records) => records.views.some(({ name }) => name === 'click') && records);
  const click = all.views.find(({ name }) => name === 'click');
  const log = all.logs.find(({ name }) => name === 'exception');
  assert.deepEqual([log.traceId, log.spanId], [click.traceId, click.spanId]);
});

story('what a worker did not catch is told by its page', async (stage) => {
  await stage.watch('plain.html');
  await run(stage, () => {
    const worker = new Worker('/stories/worker.js');
    call('watchWorker', worker);
    worker.onerror = (event) => event.preventDefault();
    worker.postMessage({ throws: 'someone@example.com' });
    for (let count = 0; count < 50; count++) worker.postMessage({ throws: 'again' });
  });
  const sum = (records) => records.events('vitrum.error_repeats').reduce((sum, event) => sum + event[key('count')], 0);
  const records = await stage.until('all', (records) => of(records, 'worker').length + sum(records) >= 51 && records);
  const [first, second] = of(records, 'worker');
  assert.deepEqual([told(first), told(second)], [['Error', 'in a worker: :email'], ['Error', 'in a worker: again']]);
  assert.match(first['exception.stacktrace'], /\/stories\/worker\.js:\d+:\d+/);
  assert.equal(of(records, 'worker').length + sum(records), 51);
});

story('what the browser hides is told as that, and in development how to see it', async (stage) => {
  stage.site.api['thrower.js'] = (_, response) => response.writeHead(200, { 'content-type': 'text/javascript' }).end('setTimeout(() => { throw new Error("a secret of another") })');
  const hint = () => stage.console.filter(({ text }) => text.includes('add crossorigin'));
  await stage.options({ debug: true }).watch('plain.html');
  const add = (src) => document.body.append(Object.assign(document.createElement('script'), { src }));
  await stage.run(add, stage.site.other + '/api/thrower.js');
  const records = await stage.until('the error', (records) => records.events('exception'));
  const [failure] = records.events('exception');
  assert.deepEqual([told(failure), failure[key('origin')]], [['Error', 'Script error.'], 'cross-origin']);
  assert.equal(hint().length, 1);
});

for (const [what, options, told] of [['marked', {}, ['of the page', 'of an extension']], ['left out, where the site wants it', { dropExtensionErrors: true }, ['of the page']]]) {
  story(`an error of an extension is ${what}`, async (stage) => {
    await stage.options(options).watch('plain.html');
    await run(stage, () => {
      const fail = (message, place) => setTimeout(() => Promise.reject(Object.assign(new Error(message), { stack: `Error: ${message}\n    at f (${place}:1:2)` })));
      fail('of an extension', 'chrome-extension://abcdefghijklmnop/inject.js');
      fail('of the page', location.origin + '/app.js');
    });
    await stage.until('an error', (records) => records.events('exception').some((failure) => failure['exception.message'] === 'of the page'));
    await stage.leave();
    const records = await stage.until('the CLS', (records) => records.vital('cls'));
    const origins = Object.fromEntries(records.events('exception').map((failure) => [failure['exception.message'], failure[key('origin')]]));
    assert.deepEqual(origins, Object.fromEntries(told.map((message) => [message, message === 'of an extension' ? 'extension' : undefined])));
  });
}

story('what the page makes of what it hears from us is its own', async (stage) => {
  const hook = (event) => {
    if (event.name === 'exception' && event.attributes['exception.message'] === 'trip') throw new RangeError('of the hook');
  };
  await stage.page.addInitScript(`window.beforeSend = ${hook}; if (${stage.form.name === 'tag'}) (window.vitrum ||= []).push(['beforeSend', window.beforeSend]);`);
  await stage.watch('plain.html');
  await run(stage, () => call('captureError', new Error('trip')));
  const records = await stage.until('the error of the hook', (records) => records.events('exception'));
  assert.deepEqual(records.events('exception').map(told), [['RangeError', 'of the hook']]);
});
