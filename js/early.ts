// What must be caught from the first moment on: uncaught errors and unhandled rejections, and events that were slow (of
// those under 104 ms the browser keeps only the first). They wait here, bounded, until the core is there. Of an error only
// its texts are kept, never the object.

import { ofResponse } from './fetch.ts';
import { opened, rewrap, sendBeacon, unwatchNetwork } from './network.ts';
import { onSeen, takeNetwork } from './seen.ts';
import { shares } from './shares.ts';
import { seedOf, setTrace, termsOf, traceOf } from './trace.ts';
import { plain } from './wrap.ts';

/** Time, name, message, stack. */
export type Failure = [number, string, string, string];

/** More than a page that works ever has before it is loaded; the rest is counted. */
const MOST = 20;
/** As long as the core would let it be (STACK_BYTES in src/wire/limits.rs). */
const LENGTH = 8192;

export let waiting: Failure[] = [];
export let lost = 0;
let tell = (failure: Failure): void => {
  if (waiting.length < MOST) waiting.push(failure);
  else lost++;
};

const describe = (at: number, reason: unknown, message: string): void => {
  try {
    const error = reason instanceof Error;
    const text = error ? String(reason.message) : message || (typeof reason === 'object' ? Object.prototype.toString.call(reason) : String(reason));
    tell([at, error ? String(reason.name) : message ? 'Error' : 'UnhandledRejection', text.slice(0, LENGTH), String((error && reason.stack) || '').slice(0, LENGTH)]);
  } catch {
    lost++;
  }
};

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

const onError = (event: ErrorEvent): void => describe(event.timeStamp, event.error, event.message || 'Error');
const onRejection = (event: PromiseRejectionEvent): void => describe(event.timeStamp, event.reason, '');

/** Begins to listen. */
export const listen = (): void => {
  addEventListener('error', onError);
  addEventListener('unhandledrejection', onRejection);
};

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
  removeEventListener('error', onError);
  removeEventListener('unhandledrejection', onRejection);
  waiting = [];
};

/** Hands over what waits and, from now on, what comes. Returns how many were lost before. */
export const handOver = (to: (failure: Failure) => void): number => {
  tell = to;
  fate = Fate.Closed;
  waiting.forEach(to);
  waiting = [];
  return lost;
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
] as const;
export type EarlyParts = typeof early;
