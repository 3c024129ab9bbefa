// What must be caught from the first moment on: uncaught errors and unhandled rejections. They wait here, bounded, until
// the core is there. Of an error only its texts are kept, never the object.

/** Time, name, message, stack. */
export type Failure = [number, string, string, string];

/** More than a page that works ever has before it is loaded; the rest is counted. */
const MOST = 20;
/** As long as the core would let it be (STACK_BYTES in src/wire/limits.rs). */
const LENGTH = 8192;

let waiting: Failure[] = [];
let lost = 0;
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

/** What the agent needs of this module; there is one of it on a page, the loader's or the npm entry's. */
export interface Early {
  listen(): void;
  unlisten(): void;
  handOver(to: (failure: Failure) => void): number;
}

const onError = (event: ErrorEvent): void => describe(event.timeStamp, event.error, event.message || 'Error');
const onRejection = (event: PromiseRejectionEvent): void => describe(event.timeStamp, event.reason, '');

/** Begins to listen. */
export const listen = (): void => {
  addEventListener('error', onError);
  addEventListener('unhandledrejection', onRejection);
};

/** Ends it. */
export const unlisten = (): void => {
  removeEventListener('error', onError);
  removeEventListener('unhandledrejection', onRejection);
  waiting = [];
};

/** Hands over what waits and, from now on, what comes. Returns how many were lost before. */
export const handOver = (to: (failure: Failure) => void): number => {
  tell = to;
  waiting.forEach(to);
  waiting = [];
  return lost;
};
