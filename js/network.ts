// The page's requests, seen and never touched, from the first moment on; they are told to the core when it is there.

import { planFetch } from './fetch.ts';
import { beginTrace, endTrace } from './trace.ts';
import { beginWraps, counting, endWraps, handler, wrap } from './wrap.ts';
import { planHeader, planOpen, planSend } from './xhr.ts';

const global: any = globalThis;
/** How often beacons, event sources and web sockets were opened. */
export const opened = [0, 0, 0];
/** What there was before us, for beacons of our own. */
export const { sendBeacon } = global.navigator || {};

/** Begins to watch, on these terms until the core is there (see `beginTrace`). */
export const watchNetwork = (...terms: Parameters<typeof beginTrace>): void => {
  beginTrace(...terms);
  rewrap();
};

/** Wraps what is not wrapped yet. */
export const rewrap = (): void => {
  beginWraps();
  wrap(global, 'fetch', handler(planFetch));
  const xhr = global.XMLHttpRequest?.prototype;
  wrap(xhr, 'open', handler(planOpen));
  wrap(xhr, 'setRequestHeader', handler(planHeader));
  wrap(xhr, 'send', handler(planSend));
  wrap(global.Navigator?.prototype, 'sendBeacon', counting('apply', opened, 0));
  wrap(global, 'EventSource', counting('construct', opened, 1));
  wrap(global, 'WebSocket', counting('construct', opened, 2));
};

/** Ends it, and puts back what was wrapped. */
export const unwatchNetwork = (): void => {
  endTrace();
  endWraps();
};
