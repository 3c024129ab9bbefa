// What can be seen of the functions themselves: descriptors, texts, names, what they do when called wrongly.

const method = (constructor, key) => () => [window[constructor].prototype, key];
const own = (key) => () => [window, key];

/** Where each function is found. */
const PLACES = {
  fetch: own('fetch'),
  XMLHttpRequest: own('XMLHttpRequest'),
  EventSource: own('EventSource'),
  WebSocket: own('WebSocket'),
  'XMLHttpRequest.prototype.open': method('XMLHttpRequest', 'open'),
  'XMLHttpRequest.prototype.send': method('XMLHttpRequest', 'send'),
  'XMLHttpRequest.prototype.setRequestHeader': method('XMLHttpRequest', 'setRequestHeader'),
  'XMLHttpRequest.prototype.abort': method('XMLHttpRequest', 'abort'),
  'Navigator.prototype.sendBeacon': method('Navigator', 'sendBeacon'),
  'Function.prototype.toString': method('Function', 'toString'),
};

/** A digest that is short, and differs for texts that differ. */
const digest = (text) => {
  let hash = 7;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return `${text.length}/${hash}`;
};

/** All of an object's own properties: names in their order, flags, and the functions' texts, names and lengths. */
function portrait(holder) {
  const told = (value) => (typeof value === 'function' ? [Function.prototype.toString.call(value), value.name, value.length] : typeof value);
  return Reflect.ownKeys(holder).map((key) => {
    const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(holder, key);
    return [String(key), flags, told(value), told(get), told(set)];
  });
}

/** These come first, for others delete names and put them back. */
export const checks = {
  'the function that makes texts shows its own': () => {
    const { toString } = Function.prototype;
    return [toString.toString(), toString.call(toString), toString.name, Object.keys(Object.getOwnPropertyDescriptors(Function.prototype))];
  },
  'each is the same at every look': () => Object.values(PLACES).map((find) => find()).map(([holder, key]) => holder[key] === holder[key]),
  'texts of things that are no functions of the browser': (t) => {
    const { toString } = Function.prototype;
    const things = [new Proxy(fetch, {}), fetch.bind(), class extends WebSocket {}, { open() {} }.open, async () => {}, Object.assign(() => {}, { toString: 'own' })];
    return [things.map((thing) => toString.call(thing)), [{}, null, undefined, 5, Object.create(fetch)].map((thing) => t.now(() => toString.call(thing)))];
  },
  'names on window, in their order': () => Object.keys(window).filter((name) => name !== 'vitrum'),
  'what a loop over window meets': () => {
    const names = [];
    for (const name in window) if (name !== 'vitrum') names.push(name);
    return names;
  },
  'all own names of window': () => Reflect.ownKeys(window).map(String).filter((name) => name !== 'vitrum').sort(),
};

for (const [name, find] of Object.entries(PLACES)) {
  Object.assign(checks, {
    [`${name}: the property that holds it`]: (t) => t.descriptor(...find()),
    [`${name}: its own toString`]() {
      const [holder, key] = find();
      return [holder[key].toString(), String(holder[key]), `${holder[key]}`, holder[key].toString === Function.prototype.toString];
    },
    [`${name}: its text by Function.prototype.toString`]() {
      const [holder, key] = find();
      return Function.prototype.toString.call(holder[key]);
    },
    [`${name}: its text by another realm’s toString`](t) {
      const [holder, key] = find();
      return t.frame().Function.prototype.toString.call(holder[key]);
    },
    [`${name}: its name, length and own properties`](t) {
      const [holder, key] = find();
      return t.shape(holder[key]);
    },
    async [`${name}: called on wrong objects`](t) {
      const [holder, key] = find();
      const told = [];
      for (const self of [{}, null, undefined, 5, holder, document]) told.push(await t.outcome(() => holder[key].call(self)));
      return told;
    },
    async [`${name}: called without new, and with it`](t) {
      const [holder, key] = find();
      const callable = holder[key];
      return [await t.outcome(() => callable()), t.now(() => new callable()), t.now(() => new callable(Symbol('wrong')))];
    },
    [`${name}: keeps what the page hangs on it`]() {
      const [holder, key] = find();
      holder[key].mark = 'the page’s';
      const kept = holder[key].mark;
      const isDeleted = delete holder[key].mark;
      return [kept, isDeleted, 'mark' in holder[key], Object.isFrozen(holder[key]), Object.isSealed(holder[key])];
    },
    [`${name}: can be replaced, deleted and put back`](t) {
      const [holder, key] = find();
      const descriptor = Object.getOwnPropertyDescriptor(holder, key);
      const mine = () => 'mine';
      holder[key] = mine;
      const replaced = [holder[key] === mine, t.descriptor(holder, key)];
      const isDeleted = delete holder[key];
      const without = typeof holder[key];
      Object.defineProperty(holder, key, descriptor);
      return { replaced, isDeleted, without, isBack: holder[key] === descriptor.value };
    },
  });
}

Object.assign(checks, {
  'each global is as it was': () => {
    const told = {};
    for (const name of Object.getOwnPropertyNames(window)) {
      const { value } = Object.getOwnPropertyDescriptor(window, name);
      if (typeof value !== 'function' || name in PLACES || name === 'Navigator') continue;
      const parts = [portrait(value)];
      if (value.prototype) parts.push(portrait(value.prototype));
      told[name] = digest(JSON.stringify(parts));
    }
    return told;
  },
  'fetch is one function by all its names': () => [window.fetch === fetch, self.fetch === fetch, globalThis.fetch === fetch, Object.hasOwn(window, 'fetch')],
  'fetch by call, apply, bind and by another name': async (t) => {
    const { fetch: other } = window;
    const told = [];
    const calls = [
      () => other(t.own('ok')),
      () => fetch.call(window, t.own('ok')),
      () => fetch.apply(undefined, [t.own('ok')]),
      () => fetch.bind(window)(t.own('ok')),
      () => fetch.bind(null, t.own('ok'))(),
      () => Reflect.apply(fetch, window, [t.own('ok')]),
      () => ({ fetch }).fetch(t.own('ok')),
      () => [t.own('ok')].map(fetch)[0],
    ];
    for (const call of calls) told.push(await t.outcome(call));
    return told;
  },
  'XMLHttpRequest: the constructor and its instances know each other': () => {
    const request = new XMLHttpRequest();
    return {
      constructor: request.constructor === XMLHttpRequest,
      prototype: XMLHttpRequest.prototype.constructor === XMLHttpRequest,
      parent: Object.getPrototypeOf(request) === XMLHttpRequest.prototype,
      instance: [request instanceof XMLHttpRequest, request instanceof EventTarget],
      tag: Object.prototype.toString.call(request),
      own: Reflect.ownKeys(request),
      methods: ['open', 'send', 'abort'].map((name) => request[name] === XMLHttpRequest.prototype[name] && !Object.hasOwn(request, name)),
      json: JSON.stringify(request),
    };
  },
  'XMLHttpRequest: its prototype, property by property': () => portrait(XMLHttpRequest.prototype),
  'XMLHttpRequest: what a loop over one meets': () => {
    const names = [];
    for (const name in new XMLHttpRequest()) names.push(name);
    return names;
  },
  'navigator has the method by inheritance only': () => [Object.hasOwn(navigator, 'sendBeacon'), navigator.sendBeacon === Navigator.prototype.sendBeacon, portrait(Navigator.prototype)],
  'EventSource: its own properties and its prototype’s': () => [portrait(EventSource), portrait(EventSource.prototype)],
  'WebSocket: its own properties and its prototype’s': () => [portrait(WebSocket), portrait(WebSocket.prototype)],
});
