// What must be caught from the first moment on: what goes wrong, and events that were slow (of those under 104 ms the
// browser keeps only the first). They wait here, bounded, until the core is there. Of an error only
// its texts are kept, never the object.

import { type Failure, failureOf } from './describe.ts';
import { ofResponse } from './fetch.ts';
import { opened, rewrap, sendBeacon, unwatchNetwork } from './network.ts';
import { onSeen, takeNetwork } from './seen.ts';
import { shares } from './shares.ts';
import { seedOf, setTrace, termsOf, traceOf } from './trace.ts';
import { handler, plain, wrap } from './wrap.ts';

/** More than a page that works ever has before it is loaded; the rest is counted. */
const MOST = 20;
/** So many are looked at, to see whether they are others than those: it takes a while to read a stack. */
const LOOKS = 200;

export let waiting: Failure[] = [];
export let lost = 0;
let looks = 0;
const keep = (event: any): void => {
  try {
    // Where the core cannot be, that is why.
    if (event.blockedURI === 'wasm-eval') return;
    if (looks++ < LOOKS) {
      const failure = failureOf(event);
      const same = waiting.find((one) => '' + one.slice(2) === '' + failure.slice(2));
      if (same) return void same[1]++;
      if (waiting.length < MOST) return void waiting.push(failure);
    }
  } catch {}
  lost++;
};
let hear = keep;
/** Takes what went wrong, by an event or as if by one. */
export const onFailure = (event: unknown): void => hear(event);

/** As many as the browser's own buffer holds. */
const EVENTS = 150;
let events: PerformanceEntry[] = [];
let observer: PerformanceObserver | undefined;
const add = (more: PerformanceEntry[]): void => {
  events = [...events, ...more].slice(0, EVENTS);
};

/** Begins to keep events of this duration or longer, in milliseconds, for those who listen later. */
export const watchEvents = (durationThreshold = 40): void => {
  if (isOver) return;
  const buffered = !observer;
  try {
    observer ||= new PerformanceObserver((list) => add(list.getEntries()));
    // Types that a browser does not know it passes over.
    for (const type of ['event', 'first-input']) observer.observe({ type, buffered, durationThreshold } as PerformanceObserverInit);
  } catch {
    // Observers can be switched off in a browser's settings: then there is nothing to keep.
  }
};
/** The events so far; nothing once all who waited for them have had them. */
export const takeEvents = (): PerformanceEntry[] => {
  if (observer) add(observer.takeRecords());
  return events;
};
let isOver = false;
/** Lets go of them. Whoever listens from now on has the browser's buffer. */
export const endEvents = (): void => {
  isOver = true;
  observer?.disconnect();
  observer = undefined;
  events = [];
};

/** When the page was first hidden, and whether the user acted (1), of what happened before the core was there. */
export const marks = [Infinity, 0];
const marking = new AbortController();
/** Begins to note them. */
export const watchMarks = (): void => {
  for (const type of ['visibilitychange', 'click', 'keydown']) addEventListener(type, mark, { capture: true, signal: marking.signal });
};
const mark = ({ type, isTrusted, timeStamp }: Event): void => {
  if (type[0] !== 'v') marks[1] ||= +isTrusted;
  else if (document.visibilityState === 'hidden') marks[0] = Math.min(marks[0], timeStamp);
};
/** Gives them, and ends noting them. */
export const takeMarks = (): number[] => {
  marking.abort();
  return marks;
};

/** Begins to listen, or ends it. What does not load says so at its element only, so that it has to be met on the way down. */
const listening = (method: 'addEventListener' | 'removeEventListener'): void => {
  for (const type of ['error', 'unhandledrejection', 'securitypolicyviolation']) window[method](type, onFailure, true);
};
export const listen = (): void => listening('addEventListener');

/** Who tells of this page. */
export const enum Fate {
  /** The agent, if it comes before the page goes. */
  Open,
  /** It cannot come. */
  Short,
  /** It is about to start. */
  Agent,
  /** What there was to tell is told, taken over, or of nobody any more. */
  Closed,
}
export let fate = Fate.Open;
/** Says that the agent is about to start, unless the page has been told of without it. */
const mayStart = (): boolean => {
  if (fate === Fate.Closed) return false;
  fate = Fate.Agent;
  return true;
};

/** Ends it; where the agent has failed before it took over, only when a short visit is told. */
export const unlisten = (hasFailed?: boolean): void => {
  fate = hasFailed && fate !== Fate.Closed ? Fate.Short : Fate.Closed;
  if (fate === Fate.Short) return;
  listening('removeEventListener');
  waiting = [];
};

/** Hands over what waits; what comes from now on is for `next`. Returns how many were lost before. */
export const handOver = (to: (failure: Failure) => void, next: (event: unknown) => void): number => {
  hear = next;
  fate = Fate.Closed;
  waiting.forEach(to);
  waiting = [];
  const count = lost;
  lost = 0;
  return count;
};

/** The parts of `early`, by their numbers: names would have to be carried by the loader. */
export const enum Early {
  TakeMarks,
  TakeEvents,
  EndEvents,
  HandOver,
  Listen,
  Unlisten,
  TakeNetwork,
  SetTrace,
  WatchNetwork,
  UnwatchNetwork,
  Plain,
  Opened,
  Trace,
  Seed,
  Terms,
  SendBeacon,
  OfResponse,
  OnSeen,
  Shares,
  MayStart,
  OnFailure,
  FailureOf,
  Wrap,
  Handler,
}
/** What the agent needs of this module; there is one of it on a page, the loader's or the npm entry's. */
export const early = [
  takeMarks,
  takeEvents,
  endEvents,
  handOver,
  listen,
  unlisten,
  takeNetwork,
  setTrace,
  rewrap,
  unwatchNetwork,
  plain,
  opened,
  traceOf,
  seedOf,
  termsOf,
  sendBeacon,
  ofResponse,
  onSeen,
  shares,
  mayStart,
  onFailure,
  failureOf,
  wrap,
  handler,
] as const;
export type EarlyParts = typeof early;
