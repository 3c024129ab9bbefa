// Wrappers as they are found, each with its own sin. They stand in the agent's place to show that the checks see it.

const TRACE = '00-33333333333333333333333333333333-4444444444444444-01';

/** Each runs in the page before its own scripts. */
export const WRAPPERS = {
  'fetch clones what comes'() {
    const native = window.fetch;
    window.fetch = function fetch(...args) {
      return native.apply(this, args).then((response) => {
        response.clone().text().catch(() => {});
        return response;
      });
    };
  },
  'fetch writes into init'() {
    const native = window.fetch;
    window.fetch = function fetch(input, init = {}) {
      if (init && !(init.headers instanceof Headers)) init.headers = { ...init.headers, traceparent: TRACE };
      else if (init) init.headers.append('traceparent', TRACE);
      return native.call(this, input, init);
    };
  },
  'fetch tells the trace to everyone'() {
    const native = window.fetch;
    window.fetch = function fetch(input, init) {
      const request = new Request(input, init);
      const headers = new Headers(request.headers);
      headers.append('traceparent', TRACE);
      return native.call(this, input, { ...init, headers });
    };
  },
  'fetch swallows rejections'() {
    const native = window.fetch;
    window.fetch = function fetch(...args) {
      const promise = native.apply(this, args);
      promise.catch(() => {});
      return promise;
    };
  },
  'fetch waits'() {
    const native = window.fetch;
    window.fetch = async (input, init) => {
      await undefined;
      return await native(input, init);
    };
  },
  'fetch has errors of its own'() {
    const native = window.fetch;
    window.fetch = function fetch(...args) {
      return native.apply(this, args).catch((error) => {
        if (error?.name === 'AbortError' || args[1]?.signal?.aborted) throw new DOMException('aborted', 'AbortError');
        throw new TypeError(`${error?.message} (${location.host})`);
      });
    };
  },
  'fetch throws at once'() {
    const native = window.fetch;
    window.fetch = function fetch(input, init) {
      const url = new URL(input.url ?? input, location.href);
      return native.call(window, url, { method: input.method, ...init });
    };
  },
  'fetch makes requests anew'() {
    const native = window.fetch;
    window.fetch = function fetch(input, init) {
      const request = new Request(input, init);
      return native.call(window, new Request(request.url, { method: request.method, headers: request.headers, body: init?.body, signal: init?.signal }));
    };
  },
  'fetch makes responses anew'() {
    const native = window.fetch;
    window.fetch = function fetch(...args) {
      return native.apply(this, args).then((response) => {
        const { status, statusText, headers, body } = response;
        return new Response([204, 304].includes(status) ? null : body, { status: status || 200, statusText, headers });
      });
    };
  },
  'fetch gives a Proxy'() {
    const native = window.fetch;
    window.fetch = function fetch(...args) {
      return native.apply(this, args).then((response) => new Proxy(response, { get: (target, key) => (typeof target[key] === 'function' ? target[key].bind(target) : target[key]) }));
    };
  },
  'fetch reads bodies first'() {
    const native = window.fetch;
    window.fetch = function fetch(...args) {
      return native.apply(this, args).then(async (response) => {
        if (!response.body) return response;
        const [left, right] = response.body.tee();
        const reader = left.getReader();
        while (!(await Promise.race([reader.read(), new Promise((resolve) => setTimeout(resolve, 5, { done: true }))])).done);
        return new Response(right, response);
      });
    };
  },
  'fetch has a signal of its own'() {
    const native = window.fetch;
    window.fetch = function fetch(input, init) {
      const control = new AbortController();
      const signal = init?.signal || input?.signal;
      if (signal?.aborted) control.abort();
      signal?.addEventListener('abort', () => control.abort());
      return native.call(this, input, { ...init, signal: control.signal });
    };
  },
  'fetch cannot be changed'() {
    const native = window.fetch;
    Object.defineProperty(window, 'fetch', { value: (...args) => native(...args), writable: false, enumerable: false, configurable: true });
  },
  'fetch reads what it is given'() {
    const native = window.fetch;
    window.fetch = function fetch(input, init) {
      String(input?.url ?? input);
      if (init) ({ ...init, headers: [...new Headers(init.headers)] });
      if (input instanceof Request && !input.bodyUsed) input.clone().text();
      return native.call(window, input, init);
    };
  },
  'fetch without more arguments than it knows'() {
    const native = window.fetch;
    window.fetch = (input, init = {}) => native(typeof input === 'string' ? new URL(input, location.href).href : input, { credentials: 'include', cache: 'no-cache', ...init });
  },
  'fetch comes back'() {
    let below = window.fetch;
    const ours = function fetch(...args) {
      return below.apply(this, args);
    };
    setInterval(() => {
      if (window.fetch === ours) return;
      below = window.fetch ?? below;
      window.fetch = ours;
    }, 3);
  },
  'frames have it too'() {
    const { get } = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow');
    Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', {
      configurable: true,
      enumerable: true,
      get() {
        const frame = get.call(this);
        if (this.src === '') frame.fetch = (...args) => window.fetch(...args);
        return frame;
      },
    });
  },
  'XMLHttpRequest is a function'() {
    const Native = window.XMLHttpRequest;
    window.XMLHttpRequest = function () {
      return new Native();
    };
    window.XMLHttpRequest.prototype = Native.prototype;
  },
  'XMLHttpRequest is a class'() {
    const Native = window.XMLHttpRequest;
    window.XMLHttpRequest = class XMLHttpRequest extends Native {
      open(method, url, async = true, user, password) {
        this.started = 1;
        super.open(method, url, async, user, password);
        this.addEventListener('loadend', () => this.responseText);
      }
      send(body) {
        this.setRequestHeader('traceparent', TRACE);
        this.onreadystatechange ||= () => {};
        return super.send(body);
      }
    };
  },
  'XMLHttpRequest tells the trace to everyone'() {
    const { open } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (...args) {
      open.apply(this, args);
      this.setRequestHeader('traceparent', TRACE);
    };
  },
  'XMLHttpRequest listens to uploads'() {
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function send_(body) {
      this.upload.addEventListener('progress', () => {});
      this.upload.onload = () => {};
      return send.call(this, body);
    };
  },
  'XMLHttpRequest has events and errors of its own'() {
    for (const name of ['open', 'send', 'setRequestHeader', 'abort', 'getResponseHeader', 'getAllResponseHeaders', 'overrideMimeType']) {
      const native = XMLHttpRequest.prototype[name];
      XMLHttpRequest.prototype[name] = function (...args) {
        try {
          if (name === 'send') this.dispatchEvent(new ProgressEvent('loadstart'));
          if (name === 'abort') this.dispatchEvent(new ProgressEvent('abort'));
          return native.apply(this, args.map((arg) => (arg === undefined ? null : arg)));
        } catch (error) {
          throw new Error(`${name}: ${error.message}`);
        }
      };
    }
  },
  'XMLHttpRequest is always asynchronous, and timed'() {
    const { open, send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, url) {
      const returned = open.call(this, String(method).toUpperCase(), new URL(url, location.href).href, true);
      this.withCredentials = true;
      this.timeout = 20_000;
      return returned ?? this;
    };
    XMLHttpRequest.prototype.send = function (body) {
      setTimeout(() => send.call(this, body));
    };
  },
  'XMLHttpRequest has listeners of its own'() {
    const { addEventListener } = EventTarget.prototype;
    XMLHttpRequest.prototype.addEventListener = function (type, listener) {
      const { onload } = this;
      return addEventListener.call(this, type, ({ target }) => {
        onload?.call(target, { type: 'load', target });
        setTimeout(() => (listener.handleEvent ? listener.handleEvent({ type, target }) : listener.call(target, { type, target })));
      });
    };
    const { set } = Object.getOwnPropertyDescriptor(XMLHttpRequestEventTarget.prototype, 'onload');
    Object.defineProperty(XMLHttpRequest.prototype, 'onload', { configurable: true, set(listener) { set.call(this, ({ target }) => setTimeout(() => listener.call(undefined, { type: 'load', target }))); } });
  },
  'XMLHttpRequest gathers headers'() {
    const { open, send } = XMLHttpRequest.prototype;
    const opened = new WeakMap();
    XMLHttpRequest.prototype.open = function (...args) {
      opened.set(this, (opened.get(this) ?? 0) + 1);
      return open.apply(this, args);
    };
    XMLHttpRequest.prototype.send = function (...args) {
      for (let count = opened.get(this); count; count--) this.setRequestHeader('traceparent', TRACE);
      return send.apply(this, args);
    };
  },
  'XMLHttpRequest answers by a copy'() {
    for (const name of ['responseText', 'status', 'responseURL', 'response', 'responseXML', 'statusText', 'readyState', 'responseType', 'timeout', 'withCredentials']) {
      const { get, set } = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, name);
      Object.defineProperty(XMLHttpRequest.prototype, name, {
        configurable: true,
        get() {
          const value = get.call(this);
          return typeof value === 'string' ? value.trim().toLowerCase() + ' ' : typeof value === 'number' ? value + 1 : value && structuredClone(value);
        },
        set: set && function (value) {
          set.call(this, typeof value === 'number' ? value + 20 : value);
        },
      });
    }
    const { getAllResponseHeaders, getResponseHeader } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.getAllResponseHeaders = function () {
      return getAllResponseHeaders.call(this).toUpperCase();
    };
    XMLHttpRequest.prototype.getResponseHeader = function (name) {
      return getResponseHeader.call(this, name) ?? '';
    };
  },
  'sendBeacon is fetch'() {
    Navigator.prototype.sendBeacon = function (url, body) {
      window.fetch(url, { method: 'POST', body, keepalive: true, headers: { traceparent: TRACE } }).catch(() => {});
      return true;
    };
  },
  'EventSource and WebSocket are functions'() {
    for (const name of ['EventSource', 'WebSocket']) {
      const Native = window[name];
      window[name] = function (url, more) {
        const made = more ? new Native(String(url), Array.isArray(more) ? [...more] : { ...more, withCredentials: more.withCredentials }) : new Native(String(url));
        made.addEventListener('message', (event) => event.stopImmediatePropagation(), { once: true });
        return made;
      };
      window[name].prototype = Native.prototype;
    }
  },
  'EventSource and WebSocket are objects of the page'() {
    for (const name of ['EventSource', 'WebSocket']) {
      const Native = window[name];
      window[name] = class extends EventTarget {
        constructor(...args) {
          super();
          this.inner = new Native(...args);
          for (const type of ['open', 'message', 'other', 'error', 'close']) this.inner.addEventListener(type, () => this.dispatchEvent(new Event(type)));
        }
        send(...args) {
          this.inner.send(...args);
        }
        close() {
          this.inner.close();
        }
      };
    }
  },
  'functions are new at every look'() {
    const places = [[window, 'fetch'], [window, 'XMLHttpRequest'], [window, 'EventSource'], [window, 'WebSocket'], [Navigator.prototype, 'sendBeacon'], [XMLHttpRequest.prototype, 'open']];
    for (const [holder, name] of places) {
      const native = holder[name];
      Object.defineProperty(holder, name, { configurable: true, enumerable: true, get: () => new Proxy(native, {}), set() {} });
    }
  },
  'errors have a place of their own'() {
    for (const name of ['EventSource', 'WebSocket']) {
      window[name] = new Proxy(window[name], {
        construct(target, args, maker) {
          try {
            return Reflect.construct(target, args, maker);
          } catch (error) {
            error.url = args[0];
            throw error;
          }
        },
      });
    }
  },
  'globals and prototypes are changed'() {
    window.agent = {};
    const { toString } = Function.prototype;
    const patched = function () {
      return toString.call(this).replace(/\s+/g, ' ');
    };
    Object.defineProperty(Function.prototype, 'toString', { value: Object.freeze(patched), enumerable: true, configurable: true });
    for (const name of ['open', 'send', 'setRequestHeader', 'abort']) XMLHttpRequest.prototype[name] = XMLHttpRequest.prototype[name].bind(new XMLHttpRequest());
    Object.defineProperty(Navigator.prototype, 'sendBeacon', { value: Object.freeze(navigator.sendBeacon.bind(navigator)), enumerable: false, configurable: true });
    for (const name of ['fetch', 'XMLHttpRequest', 'EventSource', 'WebSocket']) {
      const native = window[name];
      delete window[name];
      window[name] = Object.freeze(Object.assign(native.bind(window), { isWrapped: true }));
    }
    for (const name of ['then', 'catch', 'finally']) {
      const native = Promise.prototype[name];
      Promise.prototype[name] = function (...args) {
        return native.apply(this, args);
      };
    }
    Error.stackTraceLimit = 3;
  },
  'the page hears of everything'() {
    const native = window.fetch;
    window.fetch = function fetch(...args) {
      const promise = native.apply(this, args);
      promise.then(() => {}, () => {
        dispatchEvent(new PromiseRejectionEvent('unhandledrejection', { promise, reason: new TypeError('told by us'), cancelable: true }));
      });
      return promise;
    };
    addEventListener('error', (event) => event.stopImmediatePropagation(), true);
    document.addEventListener('securitypolicyviolation', (event) => event.stopImmediatePropagation(), true);
  },
};

/** As text, to be put into a page. */
export const textOf = (names) => [`const TRACE = ${JSON.stringify(TRACE)};`, ...names.map((name) => `({ ${WRAPPERS[name]} })[${JSON.stringify(name)}]();`)].join('\n');
