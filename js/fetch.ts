// `fetch`, watched: its calls and their ends are told, and where the core says so a `traceparent` header is added. The
// page gets the same response object, the same errors, and its own `init` is never written to.

import { Kind } from './kinds.ts';
import { guarded, read, tell } from './packet.ts';

let native: typeof fetch;
let proxy: typeof fetch | undefined;
/** Whether calls are told of. A proxy that someone has wrapped cannot be taken off: then it only passes on. */
let isWatching = false;
/** The header that the core wants on the request that is being started. */
let header = '';

export const propagate = guarded((at: number, length: number): void => {
  header = read(at, length);
});

/** What is known of a call when it begins: start, absolute URL, method, the header it was given, the page's signal. */
type Begun = [number, string, string, string, AbortSignal | null | undefined];

/**
 * The headers with one more, in the form they have, so that a wrapper below us meets what it would have met; nothing if
 * there is such a header already, or if looking would use them up (an iterator).
 */
const withHeader = (headers: unknown, name: string): ((value: string) => HeadersInit) | undefined => {
  if (headers instanceof Headers) {
    if (headers.has(name)) return;
    return (value) => {
      const more = new Headers(headers);
      more.set(name, value);
      return more;
    };
  }
  const isName = (other: unknown): boolean => String(other).toLowerCase() === name;
  if (Array.isArray(headers)) return headers.some((pair) => isName(pair[0])) ? undefined : (value) => [...headers, [name, value]];
  const isPlain = !headers || Object.getPrototypeOf(headers) === Object.prototype;
  if (isPlain && !Object.keys(headers || {}).some(isName)) return (value) => ({ ...(headers as object), [name]: value });
};

/** Takes note of a call, if its URL can be known without touching the page's objects. Also gives the arguments to use. */
const begin = guarded((args: unknown[]): [Begun, unknown[]] | undefined => {
  const [input, init] = args as [unknown, RequestInit | undefined];
  const request = input instanceof Request ? input : undefined;
  if (!request && typeof input !== 'string' && !(input instanceof URL)) return;
  const url = request ? request.url : new URL(input as string, document.baseURI).href;
  const method = String(init?.method || request?.method || 'GET').toUpperCase();
  const start = performance.now();
  header = '';
  // Only a plain object can be extended without being touched.
  if ((!init || Object.getPrototypeOf(init) === Object.prototype) && (init?.mode || request?.mode) !== 'no-cors') {
    const add = withHeader(init?.headers || request?.headers, 'traceparent');
    if (add) tell(Kind.RequestStarted, [0], [url]);
    if (add && header) args = [input, { ...init, headers: add(header) }];
  }
  return [[start, url, method, header, init?.signal || request?.signal], args];
});

const finish = guarded(([start, url, method, given, signal]: Begun, response: Response | undefined, error?: any): void => {
  // An abort rejects with whatever reason the page gave; a time-out is a failure all the same.
  const isAborted = signal?.aborted && signal.reason?.name !== 'TimeoutError';
  const failure = response ? '' : isAborted ? 'AbortError' : String(error?.name || 'Error');
  tell(Kind.RequestEnded, [start, performance.now(), response?.status || 0], [url, method, failure, given]);
});

/** Wraps `fetch`. Returns the one that was there, for our own requests. */
export const wrapFetch = (): typeof fetch => {
  isWatching = true;
  if (proxy) return native.bind(window);
  native = window.fetch;
  const ours = new Proxy(native, {
    apply(target, self, args) {
      const [begun, passed] = (isWatching && begin(args)) || [undefined, args];
      const promise: Promise<Response> = Reflect.apply(target, self, passed);
      // What is no promise of the browser's own is for the page alone.
      if (!begun || Object.getPrototypeOf(promise) !== Promise.prototype) return promise;
      return promise.then(
        (response) => {
          finish(begun, response);
          return response;
        },
        (error) => {
          finish(begun, undefined, error);
          throw error;
        },
      );
    },
  });
  window.fetch = ours;
  proxy = ours;
  return native.bind(window);
};

/** Puts back the one that was there, unless someone has wrapped ours. */
export const unwrapFetch = (): void => {
  isWatching = false;
  if (window.fetch !== proxy) return;
  window.fetch = native;
  proxy = undefined;
};
