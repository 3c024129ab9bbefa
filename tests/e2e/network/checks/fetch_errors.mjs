// How `fetch` fails: at once or later, with which error, and with which stack.

import { UNLISTED } from '../page/tools.mjs';

const rejected = (t, ...args) => t.outcome(() => fetch(...args));

export const checks = {
  'no arguments': (t) => t.outcome(() => fetch()),
  'a symbol': (t) => rejected(t, Symbol('url')),
  'URLs that are none': async (t) => {
    const told = [];
    for (const url of ['http://[', 'http://', 'http://a b', 'http://:0', '//', 'no-such-scheme:x', 'http://user:word@127.0.0.1/']) told.push(await rejected(t, url));
    return told;
  },
  'methods that are none or forbidden': async (t) => {
    const told = [];
    for (const method of ['no such method', '', 'CONNECT', 'trace', 'TRACK']) told.push(await rejected(t, t.own('ok'), { method }));
    return told;
  },
  'methods in lower case': async (t) => {
    const told = [];
    for (const method of ['get', 'post', 'put', 'delete', 'patch', 'head', 'options', 'mine']) told.push(await rejected(t, t.own(`ok?${method}`), { method }));
    return told;
  },
  'headers that are none': async (t) => {
    const told = [];
    for (const headers of [{ 'no name': '1' }, { 'x-own': 'a\nb' }, { 'x-own': '\u0100' }, [['x-own']], [1], 'text', 5, null]) told.push(await rejected(t, t.own('ok'), { headers }));
    return told;
  },
  'headers that a page may not set': (t) =>
    rejected(t, t.own('ok'), { headers: { host: 'elsewhere', cookie: 'a=b', 'sec-own': '1', 'accept-charset': 'x', referer: 'http://elsewhere/', 'x-own': '1' } }),
  'members that do not fit': async (t) => {
    const all = [{ method: 'GET', body: 'text' }, { mode: 'navigate' }, { mode: 'wrong' }, { credentials: 'wrong' }, { cache: 'only-if-cached' }, { redirect: 'wrong' }];
    all.push({ window: {} }, { signal: {} }, { referrer: 'http://[' }, { referrerPolicy: 'wrong' }, { method: 'POST', mode: 'no-cors', headers: { 'x-own': '1' } });
    all.push({ priority: 'wrong' }, { method: 'PUT', mode: 'no-cors' }, { duplex: 'full' }, { keepalive: true, method: 'POST', body: new ReadableStream() });
    const told = [];
    for (const init of all) told.push(await rejected(t, t.own('ok'), init));
    return told;
  },
  'a network error': (t) => rejected(t, t.own('fail')),
  'a connection that is closed': (t) => rejected(t, t.own('gone')),
  'an address that is blocked': (t) => rejected(t, 'http://127.0.0.1:1/'),
  'a foreign answer without permission': (t) => rejected(t, t.other('ok')),
  'a preflight that is refused': (t) => rejected(t, t.other('ok?cors=simple'), { headers: { 'x-own': '1' } }),
  'a digest that does not fit': (t) => rejected(t, t.own('ok'), { integrity: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' }),
  'a foreign URL for a same-origin request': (t) => rejected(t, t.other('ok'), { mode: 'same-origin' }),
  'a stream as body': async (t) => {
    const body = () => new ReadableStream({ start: (queue) => (queue.enqueue(new TextEncoder().encode('text')), queue.close()) });
    return [await rejected(t, t.own('ok'), { method: 'POST', body: body() }), await rejected(t, t.own('ok'), { method: 'POST', body: body(), duplex: 'half' })];
  },
  'a stream as body of a Request': async (t) => {
    const body = new ReadableStream({ start: (queue) => (queue.enqueue(new TextEncoder().encode('text')), queue.close()) });
    const request = t.now(() => new Request(t.own('ok'), { method: 'POST', body, duplex: 'half' }), (request) => request.duplex);
    const again = new Request(t.own('ok'), { method: 'POST', body: 'x', duplex: 'half' });
    return [request, await rejected(t, again), again.bodyUsed, body.locked];
  },
  'called from a function that waits': async (t) => {
    async function inner() {
      return await fetch(t.own('fail'));
    }
    return t.outcome(() => inner());
  },
  'called from a timer, a microtask and a listener': async (t) => {
    const told = [];
    const call = async () => told.push(await rejected(t, t.own('fail')));
    await new Promise((resolve) => setTimeout(() => call().then(resolve)));
    await Promise.resolve().then(call);
    await new Promise((resolve) => {
      const target = new EventTarget();
      target.addEventListener('click', () => call().then(resolve));
      target.dispatchEvent(new Event('click'));
    });
    return told;
  },
  'a deep stack ends at the same frame': async (t) => [
    await t.outcome(() => t.deep(20, () => fetch(t.own('fail')))),
    await t.outcome(() => t.deep(20, () => fetch('http://['))),
    await t.outcome(() => t.deep(20, () => fetch())),
  ],
  'the limit of a stack is the page’s': async (t) => {
    const told = [];
    for (const limit of [0, 1, 2, 50]) {
      const undo = t.limit(limit);
      const promise = t.deep(5, () => fetch('http://['));
      undo();
      told.push(await t.outcome(() => promise));
    }
    return told;
  },
  'a page that makes the stacks itself sees the same calls': async (t) => {
    t.replace(Error, 'prepareStackTrace', { value: (error, sites) => sites.map((site) => [site.getFunctionName(), site.getTypeName(), site.isConstructor(), site.isNative()]) });
    const stacks = [];
    for (const url of ['http://[', t.own('fail')]) stacks.push((await fetch(url).catch((error) => error)).stack);
    return stacks;
  },
  'the limit of a stack that a conversion sees': async (t) => {
    const told = [];
    const url = { toString: () => told.push(Error.stackTraceLimit) && t.own('ok') };
    const init = { get method() { told.push(Error.stackTraceLimit); } };
    const outcomes = [await t.outcome(() => fetch(url, init)), await t.outcome(() => fetch(t.own('ok'), init))];
    return [outcomes, told, Error.stackTraceLimit, Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')];
  },
  'an error of the page goes through untouched': async (t) => {
    const told = [];
    const watched = new Proxy(new RangeError('watched'), { get: (error, key) => told.push(`get ${String(key)}`) && error[key], set: (_, key) => told.push(`set ${String(key)}`) });
    const frozen = Object.freeze(new RangeError('frozen'));
    const textless = Object.assign(new RangeError('textless'), { stack: 5 });
    const all = [watched, frozen, textless, 'text', null, undefined, 5, { own: 1 }];
    const same = [];
    for (const thrown of all) {
      await fetch(t.own('ok'), { get method() { throw thrown; } }).catch((error) => same.push(error === thrown));
      await fetch({ toString() { throw thrown; } }).catch((error) => same.push(error === thrown));
    }
    return [same, told, textless.stack, t.error(frozen)];
  },
  'what an error is made of': async (t) => {
    const told = [];
    for (const call of [() => fetch('http://['), () => fetch(t.own('fail')), () => fetch(t.own('ok'), { signal: AbortSignal.abort() }), () => fetch(), () => fetch.call({})]) {
      told.push(await call().catch((error) => t.anatomy(error)));
    }
    return told;
  },
  'a stack is made as often as before': async (t) => {
    let count = 0;
    t.replace(Error, 'prepareStackTrace', { value: (error) => (count++, `${error}`) });
    const errors = [await fetch('http://[').catch((error) => error), await fetch(t.own('fail')).catch((error) => error)];
    const made = count;
    const stacks = errors.map(({ stack }) => stack);
    return [made, count, stacks];
  },
  'a complaint of the policy names the page’s place': (t) => t.complaint(() => void fetch(`http://${UNLISTED}`).catch(() => {})),
  'a body that breaks off': async (t) => {
    const response = await fetch(t.own('cut'));
    return [response.status, await t.outcome(() => response.text()), response.bodyUsed];
  },
  'a body that is no JSON, and one that is read twice': async (t) => {
    const response = await fetch(t.own('ok'));
    return [await t.outcome(() => response.json()), await t.outcome(() => response.text())];
  },
  'a call that has to wait for the end of the task': async (t) => {
    const told = [];
    const promise = fetch('http://[').catch(() => told.push('rejected'));
    told.push('called');
    await promise;
    return told;
  },
};
