// Patches that others have made before us: they meet what the page has passed, and the page gets what they return.

import { phases, sent } from '../page/phases.mjs';

/** Tells of a promise, without anything of its own being called. */
const isNative = (promise) => [promise instanceof Promise, Object.getPrototypeOf(promise) === Promise.prototype];

export const stories = {
  'a stub with one promise that is known': {
    before() {
      const below = window.fetch;
      window.known = Promise.resolve('the answer');
      window.fetch = (...args) => (args[0] === '/anything' ? window.known : below(...args));
    },
    then: (t) => phases(t, () => [fetch('/anything') === window.known, fetch.name, fetch.length]),
  },
  'a stub whose promise fails': {
    before() {
      const below = window.fetch;
      window.fetch = (...args) => (args[0] === '/anything' ? (window.known = Promise.reject(new RangeError('the stub’s own'))) : below(...args));
    },
    then: (t) =>
      phases(t, async () => {
        let returned;
        const events = await t.rejections(() => {
          returned = fetch('/anything');
        });
        return [returned === window.known, events.map(({ type, promise, reason }) => [type, promise === window.known, reason.message])];
      }),
  },
  'a patch whose promise has more than a promise has': {
    before() {
      const below = window.fetch;
      window.told = [];
      window.fetch = function fetch(...args) {
        const promise = below.apply(this, args);
        // What the agent asks for is its own affair, here and below.
        if (!String(args[0]).includes('/c/')) return promise;
        promise.cancel = () => 'cancelled';
        for (const name of ['then', 'catch', 'finally']) {
          promise[name] = function (...args) {
            window.told.push(name);
            return Promise.prototype[name].apply(this, args);
          };
        }
        return (window.known = promise);
      };
    },
    then: (t) =>
      phases(t, async () => {
        window.told = [];
        const promise = fetch(t.own('ok'));
        await t.until('answered');
        await t.turns(4);
        const before = [...window.told];
        const { status } = await promise;
        return [promise === window.known, promise.cancel?.(), before, window.told, status];
      }),
  },
  'a thenable that begins when it is asked': {
    before() {
      const below = window.fetch;
      window.begun = 0;
      const begin = () => (window.known = { then: (resolve) => resolve(`begun ${++window.begun}`) });
      window.fetch = (...args) => (args[0] === '/anything' ? begin() : below(...args));
    },
    then: (t) =>
      phases(t, async () => {
        window.begun = 0;
        const returned = fetch('/anything');
        await t.turns(3);
        return [returned === window.known, window.begun, await returned, window.begun];
      }),
  },
  'a promise of a class that extends Promise': {
    before() {
      const below = window.fetch;
      window.made = 0;
      window.Mine = class Mine extends Promise {
        constructor(executor) {
          super(executor);
          window.made++;
        }
      };
      window.fetch = (...args) => (String(args[0]).includes('/c/') ? (window.known = window.Mine.resolve(below(...args))) : below(...args));
    },
    then: (t) =>
      phases(t, async () => {
        window.made = 0;
        const promise = fetch(t.own('ok'));
        await t.until('answered');
        await t.turns(3);
        return [promise === window.known, promise instanceof window.Mine, window.made, (await promise).status];
      }),
  },
  'a patch that returns no promise, or throws': {
    before() {
      const below = window.fetch;
      window.results = [undefined, null, 5, 'text', {}, [], () => {}];
      window.fetch = (...args) => {
        const [, index] = String(args[0]).split('/result-');
        if (index === 'none') throw new RangeError('the patch’s own');
        return index ? window.results[index] : below(...args);
      };
    },
    then: (t) => phases(t, () => [...window.results.map((result, index) => fetch(`/result-${index}`) === result), t.now(() => fetch('/result-none'))]),
  },
  'a patch sees what the page has passed': {
    before() {
      const below = window.fetch;
      window.fetch = function fetch(...args) {
        if (!/\/v1\/|vitrum/.test(args[0].url ?? args[0])) window.passed = { self: this, args };
        return below.apply(this, args);
      };
    },
    then: (t) =>
      phases(t, async () => {
        const blob = URL.createObjectURL(new Blob(['blob']));
        const all = {
          foreign: [t.other('ok?cors=simple'), { method: 'POST', body: 'text' }],
          foreignRequest: [new Request(t.other('ok?cors=simple'))],
          data: ['data:,text', { headers: { 'x-own': '1' } }],
          blob: [blob],
          opaque: [t.own('ok'), { mode: 'no-cors' }],
          own: [t.own('ok'), { headers: { traceparent: '00-11111111111111111111111111111111-2222222222222222-01' } }],
        };
        const told = {};
        for (const [name, args] of Object.entries(all)) {
          await fetch(...args).catch(() => {});
          const { self, args: passed } = window.passed;
          told[name] = [self === undefined || self === window, passed.length, args.map((arg, index) => passed[index] === arg)];
        }
        URL.revokeObjectURL(blob);
        // Here headers may be added: what else it shows is as it was.
        const init = { method: 'POST', body: 'text', headers: { 'x-own': '1' }, referrer: t.path('elsewhere') };
        await fetch(t.own('ok'), init);
        const { headers, ...rest } = window.passed.args[1];
        const shown = [...new Headers(headers)].filter(([name]) => !/^trace(parent|state)$/.test(name));
        const args = window.passed.args.length;
        await window.fetch.call(undefined, t.own('ok'));
        const self = String(window.passed.self);
        await window.fetch.call(window, t.own('ok'));
        return { told, rest, shown, args, self: [self, window.passed.self === window] };
      }),
  },
  'a Promise that is not the browser’s': {
    before() {
      // As zone.js has it: a class of its own for all, and `fetch` with promises of that class.
      const Native = window.Promise;
      const below = window.fetch;
      window.thens = 0;
      window.Promise = class ZoneAwarePromise {
        #inner;
        constructor(executor) {
          this.#inner = new Native(executor);
        }
        then(...args) {
          if (this === window.known) window.thens++;
          return ZoneAwarePromise.#wrap(this.#inner.then(...args));
        }
        catch(failed) {
          return this.then(undefined, failed);
        }
        finally(done) {
          return ZoneAwarePromise.#wrap(this.#inner.finally(done));
        }
        static #wrap = (inner) => new ZoneAwarePromise((resolve, reject) => inner.then(resolve, reject));
        static resolve = (value) => ZoneAwarePromise.#wrap(Native.resolve(value));
        static reject = (value) => ZoneAwarePromise.#wrap(Native.reject(value));
        static all = (values) => ZoneAwarePromise.#wrap(Native.all(values));
        static allSettled = (values) => ZoneAwarePromise.#wrap(Native.allSettled(values));
        static race = (values) => ZoneAwarePromise.#wrap(Native.race(values));
        get [Symbol.toStringTag]() {
          return 'Promise';
        }
      };
      window.fetch = (...args) => (String(args[0]).includes('/c/') ? (window.known = window.Promise.resolve(below(...args))) : below(...args));
    },
    then: (t) =>
      phases(t, async () => {
        window.thens = 0;
        const promise = fetch(t.own('ok'));
        await t.until('answered');
        await t.turns(3);
        const asked = window.thens;
        const failed = await fetch(t.own('fail')).catch(({ name }) => name);
        return [promise === window.known, ...isNative(promise), asked, (await promise).status, failed, Promise.name];
      }),
  },
  'a method of XMLHttpRequest that someone has patched': {
    before() {
      window.told = [];
      for (const name of ['open', 'setRequestHeader', 'send', 'abort']) {
        const below = XMLHttpRequest.prototype[name];
        XMLHttpRequest.prototype[name] = function (...args) {
          if (!/^trace(parent|state)$/i.test(args[0])) window.told.push([name, args.length, String(args[0]).slice(0, 4), this instanceof XMLHttpRequest]);
          return below.apply(this, args);
        };
      }
    },
    then: (t) =>
      phases(t, async () => {
        window.told = [];
        await sent(t, 'GET', t.own('ok'));
        await sent(t, 'POST', t.own('ok'), 'text');
        new XMLHttpRequest().abort();
        return [window.told, XMLHttpRequest.prototype.open.name];
      }),
  },
  'a class in the place of XMLHttpRequest': {
    before() {
      window.Mine = window.XMLHttpRequest = class Mine extends XMLHttpRequest {
        open(...args) {
          this.opened = args.length;
          return super.open(...args);
        }
      };
    },
    then: (t) =>
      phases(t, async () => {
        const request = new XMLHttpRequest();
        await sent(t, 'GET', t.own('ok'), undefined, request);
        return [XMLHttpRequest === window.Mine, request.constructor === window.Mine, request.opened, request.status, XMLHttpRequest.prototype.constructor === window.Mine];
      }),
  },
  'a XMLHttpRequest that is only played': {
    before() {
      window.told = [];
      window.XMLHttpRequest = class {
        open(...args) {
          window.told.push(['open', ...args]);
        }
        setRequestHeader(...args) {
          if (!/^trace/.test(args[0])) window.told.push(['header', ...args]);
        }
        send(...args) {
          window.told.push(['send', ...args]);
          this.onload?.({ type: 'load' });
        }
      };
    },
    then: (t) =>
      phases(t, () => {
        window.told = [];
        const request = new XMLHttpRequest();
        request.onload = ({ type }) => window.told.push([type]);
        request.open('GET', '/anything');
        request.setRequestHeader('x-own', '1');
        const returned = request.send('body');
        return [window.told, String(returned), Reflect.ownKeys(XMLHttpRequest.prototype), Reflect.ownKeys(request)];
      }),
  },
  'classes in the place of EventSource and WebSocket': {
    before() {
      for (const name of ['EventSource', 'WebSocket']) {
        const Fake = class {
          constructor(...args) {
            this.args = args;
            this.target = new.target;
          }
        };
        window[name] = window[`Fake${name}`] = Fake;
      }
    },
    then: (t) =>
      phases(t, () =>
        ['EventSource', 'WebSocket'].map((name) => {
          const made = new window[name]('a', 'b');
          const Fake = window[`Fake${name}`];
          return [made.args, made.constructor === window[name], made instanceof window[name], made instanceof Fake, made.target === window[name], t.now(() => window[name]())];
        }),
      ),
  },
  'a sendBeacon that someone has patched': {
    before() {
      window.told = [];
      const below = Navigator.prototype.sendBeacon;
      Navigator.prototype.sendBeacon = function (...args) {
        // What the agent sends is its own affair.
        if (args[0] === 'own') window.told.push([args.length, this === navigator]);
        return args[0] === 'own' ? 'the patch’s own' : below.apply(this, args);
      };
    },
    then: (t) =>
      phases(t, () => {
        window.told = [];
        return [navigator.sendBeacon('own', 'text'), navigator.sendBeacon('own'), window.told];
      }),
  },
  'what is not there stays away': {
    before() {
      delete window.EventSource;
      delete window.WebSocket;
      delete Navigator.prototype.sendBeacon;
    },
    then: (t) => phases(t, () => ['EventSource' in window, 'WebSocket' in window, 'sendBeacon' in navigator]),
  },
  'what cannot be written': {
    before() {
      for (const [holder, name] of [[window, 'fetch'], [XMLHttpRequest.prototype, 'open'], [XMLHttpRequest.prototype, 'send'], [window, 'WebSocket']]) {
        Object.defineProperty(holder, name, { writable: false, configurable: false });
      }
    },
    then: (t) =>
      phases(t, async () => {
        const { status } = await fetch(t.own('ok'));
        const request = await sent(t, 'GET', t.own('ok'));
        const flags = [t.descriptor(window, 'fetch'), t.descriptor(XMLHttpRequest.prototype, 'open')];
        return [status, request.status, fetch === t.native.fetch, XMLHttpRequest.prototype.open === t.native.open, flags];
      }),
  },
  'what is an accessor': {
    before() {
      let current = window.fetch;
      window.reads = 0;
      Object.defineProperty(window, 'fetch', {
        configurable: true,
        enumerable: true,
        get() {
          window.reads++;
          return current;
        },
        set(value) {
          current = value;
        },
      });
    },
    then: (t) =>
      phases(t, async () => {
        const { status } = await fetch(t.own('ok'));
        window.reads = 0;
        await fetch(t.own('ok'));
        return [status, window.reads, t.descriptor(window, 'fetch')];
      }),
  },
};
