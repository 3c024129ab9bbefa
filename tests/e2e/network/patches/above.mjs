// Patches that others make after us, take off again in any order, and what `stop` leaves.

import { phases, sent } from '../page/phases.mjs';

/** Puts a function in another's place that counts its calls and passes them on. */
function patch(holder, name, counts) {
  const below = holder[name];
  counts[name] = 0;
  const patched = {
    [name](...args) {
      counts[name]++;
      return below.apply(this, args);
    },
  }[name];
  holder[name] = patched;
  return { holder, name, below, patched, isThere: () => holder[name] === patched, undo: () => (holder[name] = below) };
}

/** The same with a class. */
function extend(name, counts) {
  const below = window[name];
  counts[name] = 0;
  const patched = class extends below {
    constructor(...args) {
      super(...args);
      counts[name]++;
    }
  };
  window[name] = patched;
  return { holder: window, name, below, patched, isThere: () => window[name] === patched, undo: () => (window[name] = below) };
}

const patchAll = (counts) => [
  patch(window, 'fetch', counts),
  ...['open', 'setRequestHeader', 'send'].map((name) => patch(XMLHttpRequest.prototype, name, counts)),
  patch(Navigator.prototype, 'sendBeacon', counts),
  extend('EventSource', counts),
  extend('WebSocket', counts),
];

/** Uses each of them once. */
async function useAll(t) {
  const { status } = await fetch(t.own('ok'));
  const request = new XMLHttpRequest();
  await sent(t, 'GET', t.own('ok'), undefined, request);
  const beacon = navigator.sendBeacon(t.own('ok?chance'), 'text');
  const source = new EventSource(t.own('events?chance'));
  source.close();
  const socket = new WebSocket(t.socket('ws?chance'));
  socket.close();
  return [status, request.status, beacon, source.constructor === EventSource, socket.constructor === WebSocket, socket instanceof WebSocket];
}

/** Which of them are the very ones that were there before us. */
const areNative = ({ native }) => ({
  fetch: window.fetch === native.fetch,
  XMLHttpRequest: XMLHttpRequest === native.XMLHttpRequest,
  ...Object.fromEntries(['open', 'send', 'setRequestHeader', 'abort'].map((name) => [name, XMLHttpRequest.prototype[name] === native[name]])),
  sendBeacon: Navigator.prototype.sendBeacon === native.sendBeacon,
  EventSource: EventSource === native.EventSource,
  WebSocket: WebSocket === native.WebSocket,
  constructors: [EventSource, WebSocket, XMLHttpRequest].map((constructor) => constructor.prototype.constructor === constructor),
});

/** The calls that others count, without what a header of ours causes. */
const counted = ({ setRequestHeader, ...rest }) => rest;

export const stories = {
  'patches made before the core is there stay on top': {
    async then(t) {
      const counts = {};
      await t.agent.loaded;
      const patches = patchAll(counts);
      const told = await phases(t, async () => [await useAll(t), patches.map(({ name, isThere }) => [name, isThere()]), counted(counts)]);
      for (const { undo } of patches) undo();
      return { told, after: await useAll(t), counts: counted(counts) };
    },
  },
  'patches made while it runs stay after it has stopped': {
    async then(t) {
      const counts = {};
      await t.agent.loaded;
      await t.agent.release();
      await t.agent.running;
      const patches = patchAll(counts);
      const running = await useAll(t);
      await t.agent.stop();
      const told = [running, await useAll(t), patches.map(({ name, isThere }) => [name, isThere()]), counted(counts)];
      for (const { undo } of patches) undo();
      return [told, await useAll(t), counted(counts)];
    },
  },
  'patches taken off before it stops leave nothing': {
    async then(t) {
      const counts = {};
      await t.agent.loaded;
      const patches = patchAll(counts);
      await t.agent.release();
      await t.agent.running;
      for (const { undo } of patches) undo();
      const used = await useAll(t);
      await t.agent.stop();
      return [used, counted(counts), areNative(t)];
    },
  },
  'what others have on top of only one is theirs, the rest goes': {
    async then(t) {
      const counts = {};
      await t.agent.loaded;
      const mine = patch(window, 'fetch', counts);
      await t.agent.release();
      await t.agent.running;
      await t.agent.stop();
      const { fetch: _, ...rest } = areNative(t);
      return [mine.isThere(), (await fetch(t.own('ok'))).status, counts, rest];
    },
  },
  'stopped before the core is there': {
    async then(t) {
      await t.agent.loaded;
      await t.agent.stop();
      const early = await useAll(t);
      await t.agent.release();
      // It hears of it when it comes.
      for (let left = 200; left && !areNative(t).fetch; left--) await t.noticed();
      return [early, areNative(t), await useAll(t)];
    },
  },
  'stopped twice, and used all the while': {
    async then(t) {
      await t.agent.loaded;
      await t.agent.release();
      await t.agent.running;
      const waiting = fetch(t.own('parts'));
      const request = sent(t, 'GET', t.own('parts'));
      await t.until('taken', 2);
      await t.agent.stop();
      await t.agent.stop();
      return [await (await waiting).text(), (await request).responseText, areNative(t)];
    },
  },
  'a function that the page has kept goes on for ever': {
    async then(t) {
      await t.agent.loaded;
      const { fetch: kept, WebSocket: Kept, EventSource: Source } = window;
      const { open, send } = XMLHttpRequest.prototype;
      const { sendBeacon } = navigator;
      return phases(t, async () => {
        const { status } = await kept(t.own('ok'));
        const request = new XMLHttpRequest();
        open.call(request, 'GET', t.own('ok'));
        await new Promise((resolve) => (request.onloadend = resolve) && send.call(request));
        const socket = new Kept(t.socket('ws?chance'));
        socket.close();
        const source = new Source(t.own('events?chance'));
        source.close();
        return [status, request.status, sendBeacon.call(navigator, t.own('ok?chance')), socket instanceof WebSocket, source instanceof EventSource, t.now(() => open.call({}, 'GET', '/')), await t.outcome(() => kept('http://['))];
      });
    },
  },
  'what the page has deleted stays away': {
    async then(t) {
      await t.agent.loaded;
      delete window.fetch;
      delete window.WebSocket;
      delete XMLHttpRequest.prototype.send;
      return phases(t, () => ['fetch' in window, 'WebSocket' in window, 'send' in XMLHttpRequest.prototype]);
    },
  },
  'what the page has defined keeps its flags': {
    async then(t) {
      await t.agent.loaded;
      const mine = () => 'mine';
      Object.defineProperty(window, 'fetch', { value: mine, enumerable: false, writable: true, configurable: true });
      Object.defineProperty(XMLHttpRequest.prototype, 'open', { get: () => mine, enumerable: false, configurable: true });
      return phases(t, () => [fetch('/anything'), new XMLHttpRequest().open(), t.descriptor(window, 'fetch'), t.descriptor(XMLHttpRequest.prototype, 'open')]);
    },
  },
  'a patch that calls itself by the name on window': {
    async then(t) {
      await t.agent.loaded;
      const below = window.fetch;
      let depth = 0;
      window.fetch = async (input, init) => {
        if (depth++ === 0) await window.fetch(t.own('ok?inner'));
        return below(input, init);
      };
      return phases(t, async () => {
        depth = 0;
        return [(await fetch(t.own('ok'))).status, depth];
      });
    },
  },
};
