// What was seen of the page's requests, until the core takes it.

/** What is known of a request when it has ended. */
export type Seen = [
  /** Start and end, in milliseconds since the time origin; the end is 0 if only the timeline will tell of it. */
  start: number,
  end: number,
  /** 0 if there was no answer. */
  status: number,
  /** 0: `fetch`, 1: `XMLHttpRequest`. */
  by: number,
  /** Absolute URL, method, name of the error that ended it, its `traceparent` (sent or not), and the server's `traceresponse`. */
  url: string,
  method: string,
  failure: string,
  parent: string,
  answer: string,
];

/** As many as a page that works has before it is loaded; the rest is counted. */
const MOST = 100;
const waiting: Seen[] = [];
let lost = 0;
let wake = (_count: number): void => {};
/** Takes note of a request that has ended. The page waits for its answer meanwhile: nothing is made of it yet. */
export const note = (seen: Seen): void => {
  if (waiting.length < MOST) wake(waiting.push(seen));
  else lost++;
};

/** Calls; what fails of ours is counted, and never the page's. */
export const attempt = <A extends unknown[], R>(action: (...args: A) => R, ...args: A): R | undefined => {
  try {
    return action(...args);
  } catch {
    lost++;
  }
};

/** Hands over what waits. Returns how many were lost since the last time. */
export const takeNetwork = (to: (seen: Seen) => void): number => {
  waiting.splice(0).forEach(to);
  const count = lost;
  lost = 0;
  return count;
};
/** Calls with how many wait, whenever there is one more. */
export const onSeen = (action: typeof wake): void => {
  wake = action;
  wake(waiting.length);
};
