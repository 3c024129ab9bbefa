// What is passed to `fetch`: read as often and in the same order as without us, and never written to.

const OWN = '00-11111111111111111111111111111111-2222222222222222-01';

/** Notes each thing that is done to an object. */
function watched(target, told, label = '') {
  const note = (trap) => (object, key, ...rest) => {
    told.push(`${label}${trap} ${String(key ?? '')}`.trim());
    return Reflect[trap](object, key, ...rest);
  };
  const traps = ['get', 'has', 'set', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'defineProperty', 'deleteProperty', 'isExtensible'];
  return new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, note(trap)])));
}

/** An object whose members are accessors that note when they are read. */
function counted(members, told) {
  const object = {};
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(object, name, {
      enumerable: true,
      get() {
        told.push(name);
        return value;
      },
    });
  }
  return object;
}

const INIT = { method: 'POST', body: 'text', headers: { 'x-own': '1' }, mode: 'cors', credentials: 'include', cache: 'no-store' };
const MORE = { redirect: 'follow', referrer: 'about:client', referrerPolicy: 'origin', integrity: '', keepalive: false, signal: null, window: null };

export const checks = {
  'an init of accessors is read in the same order': async (t) => {
    const told = [];
    const outcome = await t.outcome(() => fetch(t.own('ok'), counted({ ...INIT, ...MORE, priority: 'low', duplex: 'half' }, told)));
    return { outcome, told };
  },
  'a Proxy as init meets the same': async (t) => {
    const told = [];
    return { outcome: await t.outcome(() => fetch(t.own('ok'), watched({ ...INIT }, told))), told };
  },
  'a Proxy as headers meets the same': async (t) => {
    const told = [];
    return { outcome: await t.outcome(() => fetch(t.own('ok'), { headers: watched({ 'x-own': '1', 'x-two': '2' }, told) })), told };
  },
  'headers of accessors are read in the same order': async (t) => {
    const told = [];
    return { outcome: await t.outcome(() => fetch(t.own('ok'), { headers: counted({ 'x-own': '1', 'x-two': '2' }, told) })), told };
  },
  'pairs of headers are read in the same order': async (t) => {
    const told = [];
    const pairs = watched([watched(['x-own', '1'], told, 'pair '), ['x-two', '2']], told);
    return { outcome: await t.outcome(() => fetch(t.own('ok'), { headers: pairs })), told };
  },
  'headers from a generator are used once': async (t) => {
    const told = [];
    function* pairs() {
      told.push('one');
      yield ['x-own', '1'];
      told.push('two');
      yield ['x-two', '2'];
      told.push('end');
    }
    return { outcome: await t.outcome(() => fetch(t.own('ok'), { headers: pairs() })), told };
  },
  'headers from an iterator are asked for as often': async (t) => {
    const told = [];
    const headers = {
      [Symbol.iterator]() {
        told.push('begun');
        const pairs = [['x-own', '1'], ['x-two', '2']].values();
        return { next: () => told.push('next') && pairs.next(), return: () => told.push('return') && {} };
      },
    };
    return { outcome: await t.outcome(() => fetch(t.own('ok'), { headers })), told };
  },
  'headers as Map, Headers, class instance, and without a prototype': async (t) => {
    class Mine {
      'x-own' = 'field';
      get 'x-inherited'() {
        return 'not there';
      }
    }
    const bare = Object.assign(Object.create(null), { 'x-own': 'bare' });
    const inherits = Object.create({ 'x-inherited': '1' }, { 'x-own': { value: 'own', enumerable: true }, 'x-hidden': { value: '1' } });
    const all = [new Map([['x-own', 'map']]), new Headers({ 'x-own': 'headers' }), new Mine(), bare, inherits, new URLSearchParams('x-own=search')];
    const told = [];
    for (const [index, headers] of all.entries()) told.push(await t.outcome(() => fetch(t.own(`ok?${index}`), { headers })));
    return told;
  },
  'a class instance as init': async (t) => {
    class Init {
      #method = 'PUT';
      get method() {
        return this.#method;
      }
      headers = new (class extends Headers {})({ 'x-own': '1' });
    }
    return t.outcome(() => fetch(t.own('ok'), new Init()));
  },
  'an init that inherits, and one without a prototype': async (t) => {
    const inherits = Object.create({ method: 'POST', headers: { 'x-own': 'inherited' } });
    const bare = Object.assign(Object.create(null), { method: 'POST', headers: { 'x-own': 'bare' } });
    return [await t.outcome(() => fetch(t.own('ok?1'), inherits)), await t.outcome(() => fetch(t.own('ok?2'), bare))];
  },
  'an init with members by symbol and with unknown ones': async (t) => {
    const told = [];
    const init = counted({ method: 'POST', unknown: 1, toString: 2 }, told);
    Object.defineProperty(init, Symbol('own'), { enumerable: true, get: () => told.push('symbol') });
    return { outcome: await t.outcome(() => fetch(t.own('ok'), init)), told };
  },
  'an init that is no object': async (t) => {
    const told = [];
    for (const init of [undefined, null, 5, 'text', true, [], () => {}, Symbol('init'), new Date(0)]) told.push(await t.outcome(() => fetch(t.own('ok'), init)));
    return told;
  },
  'more arguments than there are': (t) => t.outcome(() => fetch(t.own('ok'), { method: 'POST' }, 'more', { method: 'PUT' })),
  'an init that is frozen, and one of frozen parts': async (t) => {
    const init = Object.freeze({ method: 'POST', headers: Object.freeze({ 'x-own': '1' }) });
    const pairs = Object.freeze({ headers: Object.freeze([Object.freeze(['x-own', '2'])]) });
    return [await t.outcome(() => fetch(t.own('ok?1'), init)), await t.outcome(() => fetch(t.own('ok?2'), pairs))];
  },
  'an init used again and again stays what it was': async (t) => {
    const headers = new Headers({ 'x-own': '1' });
    const plain = { 'x-own': '2' };
    const pairs = [['x-own', '3']];
    for (const given of [headers, plain, pairs]) {
      const init = { method: 'POST', body: 'text', headers: given };
      for (let count = 0; count < 3; count++) await (await fetch(t.own('ok'), init)).text();
      if (init.headers !== given || Object.keys(init).join() !== 'method,body,headers') return 'init was written to';
    }
    return { headers: [...headers], plain, pairs };
  },
  'what the page changes after the call is not sent': async (t) => {
    const headers = { 'x-own': 'before' };
    const init = { method: 'POST', body: 'before', headers };
    const promise = fetch(t.own('ok'), init);
    init.method = 'PUT';
    init.body = 'after';
    headers['x-own'] = 'after';
    return t.outcome(() => promise);
  },
  'an accessor of init that throws': (t) =>
    t.outcome(() => fetch(t.own('ok'), { get method() { throw new RangeError('the page’s own'); } })),
  'an accessor of headers that throws': (t) =>
    t.outcome(() => fetch(t.own('ok'), { headers: { get 'x-own'() { throw new RangeError('the page’s own'); } } })),
  'an iterator of headers that throws half way': (t) =>
    t.outcome(() => fetch(t.own('ok'), { headers: (function* () { yield ['x-own', '1']; throw new RangeError('half way'); })() })),
  'the stack that an accessor of init sees': async (t) => {
    let stack;
    await t.outcome(() => fetch(t.own('ok'), { get method() { stack = new Error('here').stack.split('\n'); } }));
    return stack;
  },
  'an input with toString is asked as often': async (t) => {
    const told = [];
    const input = {
      toString: () => told.push('toString') && t.own('ok'),
      valueOf: () => told.push('valueOf') && 'never',
      get [Symbol.toPrimitive]() {
        told.push('toPrimitive');
      },
    };
    return { outcome: await t.outcome(() => fetch(input)), told };
  },
  'a URL that is watched is asked as often': async (t) => {
    const told = [];
    class Mine extends URL {
      toString() {
        told.push('toString');
        return super.toString();
      }
      get href() {
        told.push('href');
        return super.href;
      }
    }
    return { outcome: await t.outcome(() => fetch(new Mine(t.own('ok')))), told };
  },
  'inputs of many kinds': async (t) => {
    const inputs = [t.path('ok'), new URL(t.own('ok')), new String(t.own('ok')), [t.own('ok')], ` \n${t.own('ok')}\t `, t.own('ok#part'), t.own('ok?a=1#part'), '', '?empty'];
    const told = [];
    for (const input of inputs) told.push(await t.outcome(() => fetch(input), ({ url, status }) => [status, url.replace(/.*page.html/, 'page')]));
    return told;
  },
  'traceparent that the page has set itself': async (t) => {
    const request = new Request(t.own('ok?6'), { headers: { traceparent: OWN } });
    const all = [{ traceparent: OWN }, { TraceParent: OWN, tracestate: 'a=b' }, new Headers({ traceparent: OWN }), [['Traceparent', OWN]], [['x-own', '1'], ['traceparent', OWN], ['traceparent', 'more']]];
    const told = [];
    for (const [index, headers] of all.entries()) told.push(await t.outcome(() => fetch(t.own(`ok?${index}`), { headers })));
    told.push(await t.outcome(() => fetch(request)), [...request.headers]);
    return told;
  },
};
