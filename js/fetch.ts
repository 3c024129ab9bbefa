// `fetch`, watched: its calls and their ends are told, and where the core says so a `traceparent` header is added. The
// page gets the same response object, the same errors, and its own `init` is never written to.

import { Kind } from './kinds.ts';
import { guarded, read, tell } from './packet.ts';

let native: typeof fetch | undefined;
let proxy: typeof fetch;
/** The header that the core wants on the request that is being started. */
let header = '';

export const propagate = guarded((at: number, length: number): void => {
  header = read(at, length);
});

/** What is known of a call when it begins: start, absolute URL, method, given header, arguments, the page's signal. */
type Begun = [number, string, string, string, unknown[], AbortSignal | null | undefined];

/** Takes note of a call, if its URL can be known without touching the page's objects. */
const begin = guarded((args: unknown[]): Begun | undefined => {
  const [input, init] = args as [unknown, RequestInit | undefined];
  const request = input instanceof Request ? input : undefined;
  if (!request && typeof input !== 'string' && !(input instanceof URL)) return;
  const url = request ? request.url : new URL(input as string, document.baseURI).href;
  const method = String(init?.method || request?.method || 'GET').toUpperCase();
  const start = performance.now();
  header = '';
  // Only a plain object can be extended without being touched.
  if ((!init || Object.getPrototypeOf(init) === Object.prototype) && (init?.mode || request?.mode) !== 'no-cors') {
    const headers = new Headers(init?.headers || request?.headers);
    if (!headers.has('traceparent')) tell(Kind.RequestStarted, [0], [url]);
    if (header) {
      headers.set('traceparent', header);
      args = [input, Object.create(init || null, { headers: { value: headers, enumerable: true } })];
    }
  }
  return [start, url, method, header, args, init?.signal || request?.signal];
});

const finish = guarded(([start, url, method, given]: Begun, status: number, error: string): void =>
  tell(Kind.RequestEnded, [start, performance.now(), status], [url, method, error, given]),
);

/** Wraps `fetch`. Returns the one that was there, for our own requests. */
export const wrapFetch = (): typeof fetch => {
  const before = window.fetch;
  native = before;
  window.fetch = proxy = new Proxy(before, {
    apply(target, self, args) {
      const begun = begin(args);
      const promise: Promise<Response> = Reflect.apply(target, self, begun ? begun[4] : args);
      if (!begun) return promise;
      return promise.then(
        (response) => {
          finish(begun, response.status, '');
          return response;
        },
        (error) => {
          // An abort rejects with whatever reason the page gave.
          finish(begun, 0, begun[5]?.aborted ? 'AbortError' : String(error?.name || 'Error'));
          throw error;
        },
      );
    },
  });
  return before.bind(window);
};

/** Puts back the one that was there, unless someone has wrapped ours. */
export const unwrapFetch = (): void => {
  if (native && window.fetch === proxy) window.fetch = native;
  native = undefined;
};
