// Starts the agent before the page's first script: bundled with the npm entry into one blocking script. The agent waits
// until the page is loaded and idle, and compiles its core in the background; here it is told that this is so already, and
// that the core is compiled. All it does happens in the microtasks after this script, which come before the next one; then
// the page has its own words back.

import { init } from 'vitrum';

document.currentScript.remove();
const state = (window[Symbol.for('vitrum.wpt')] = { isReady: false });
const native = window.fetch;
const { setTimeout, WebAssembly } = window;
let compiled = 0;

const restore = [];
const replace = (object, name, description) => {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { configurable: true, ...description });
  restore.push(() => (own ? Object.defineProperty(object, name, own) : delete object[name]));
};
const soon = (action) => {
  queueMicrotask(action);
  return 0;
};

replace(document, 'readyState', { get: () => 'complete' });
replace(window, 'setTimeout', { value: (action, delay, ...rest) => (delay ? setTimeout(action, delay, ...rest) : soon(action)) });
replace(window, 'requestIdleCallback', { value: (action) => soon(() => action({ didTimeout: false, timeRemaining: () => 50 })) });
replace(WebAssembly, 'instantiate', {
  value: async (bytes, imports) => {
    const module = new WebAssembly.Module(bytes);
    compiled++;
    return { module, instance: new WebAssembly.Instance(module, imports) };
  },
});

/** So many turns the agent has; it needs some twenty. */
const TURNS = 1000;
const begin = async () => {
  try {
    init({ endpoint: new URL('/.vitrum/', location.href).href, service: 'wpt' });
    for (let turn = 0; turn < TURNS; turn++) await undefined;
    state.isReady = compiled > 0 && window.fetch !== native;
  } finally {
    for (const action of restore.reverse()) action();
  }
};
begin();
