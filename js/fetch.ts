// `fetch`, watched: its calls and their ends are told, and where the core says so a `traceparent` header is added. The
// page gets the same response object, the same errors, and its own `init` is never written to.

import { Kind } from './kinds.ts';
import { guarded, tell } from './packet.ts';

let native: typeof fetch | undefined;
let proxy: typeof fetch;
let count = 0;
/** The header that the core wants on the request that is being started. */
let header = '';

export const propagate = (traceparent: Uint8Array): void => {
  header = new TextDecoder().decode(traceparent);
};

/** Tells of a call, if its URL can be known without touching the page's objects. Returns its number and arguments. */
const begin = guarded((args: unknown[]): [number, unknown[]] => {
  const [input, init] = args as [unknown, RequestInit | undefined];
  const request = input instanceof Request ? input : undefined;
  if (!request && typeof input !== 'string' && !(input instanceof URL)) return [0, args];
  // Only a plain object can be extended without being touched.
  const isPlain = !init || Object.getPrototypeOf(init) === Object.prototype;
  const headers = isPlain && (init?.mode || request?.mode) !== 'no-cors' && new Headers(init?.headers || request?.headers);
  const url = request ? request.url : new URL(input as string, document.baseURI).href;
  const method = String(init?.method || request?.method || 'GET').toUpperCase();
  const hasOwn = !headers || headers.has('traceparent');
  header = '';
  tell(Kind.RequestStarted, [++count, performance.now(), +hasOwn], [url, method]);
  if (headers && header) {
    headers.set('traceparent', header);
    args = [input, Object.create(init || null, { headers: { value: headers, enumerable: true } })];
  }
  return [count, args];
});

const finish = guarded((id: number, status: number, error: unknown): void =>
  tell(Kind.RequestEnded, [id, performance.now(), status], [error instanceof Error || error instanceof DOMException ? error.name : error ? 'Error' : '']),
);

/** Wraps `fetch`. Returns the one that was there, for our own requests. */
export const wrapFetch = (): typeof fetch => {
  const before = window.fetch;
  native = before;
  window.fetch = proxy = new Proxy(before, {
    apply(target, self, args) {
      const [id, passed] = begin(args) || [0, args];
      const promise: Promise<Response> = Reflect.apply(target, self, passed);
      if (!id) return promise;
      return promise.then(
        (response) => {
          finish(id, response.status, '');
          return response;
        },
        (error) => {
          finish(id, 0, error);
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
