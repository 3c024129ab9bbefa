// `fetch`, seen: its calls and their ends, and the headers that it is given where they may leave.

import { attempt, note, type Seen } from './seen.ts';
import { headersFor, isOwn, pathOf, refused, span } from './trace.ts';
import { apply, clean, isWatching, type Plan, reader, readers, toString } from './wrap.ts';

const { Request, Response, Headers, URL, AbortSignal, DOMException } = globalThis;
const { then } = Promise.prototype;
const ofRequest = readers(Request, 'url method headers mode redirect signal integrity');
export const ofResponse = readers(Response, 'status headers');
const ofSignal = readers(AbortSignal, 'aborted reason');
const nameOf = reader(DOMException, 'name');
const hrefOf = reader(URL, 'href');
const { get: header, has: hasHeader } = Headers.prototype;
/** The absolute URL that a text or a URL stands for, whatever the page has made of the latter. */
export const resolve = (url: unknown): string => (typeof url === 'string' ? new URL(url, globalThis.document?.baseURI || location.href).href : hrefOf(url));

/** A property of a plain object that is no accessor: to ask that one would be noticed. */
const peek = (object: any, name: string): any => object && Object.getOwnPropertyDescriptor(object, name)?.value;
const isPlain = (object: any): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(object));

/** Whether there is such a header, and how to add some: in the form that they have, for whoever wraps `fetch` below us. */
const carrier = (args: any[], request: Request | undefined): [(name: string) => boolean, (pairs: [string, string][]) => any[]] | undefined => {
  const [input, init, ...rest] = args;
  const own = init && Object.getOwnPropertyDescriptor(init, 'headers');
  if (own?.get) return;
  const headers = own?.value;
  const isName = (name: string) => (other: unknown): boolean => String(other).toLowerCase() === name;
  const withHeaders = (value: any): any[] => [
    input,
    init ? Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(init), headers: { value, enumerable: true, configurable: true, writable: true } }) : { headers: value },
    ...rest,
  ];
  const setAll = (target: Headers, pairs: [string, string][]): Headers => {
    for (const [name, value] of pairs) target.set(name, value);
    return target;
  };
  if (headers === undefined ? request : headers instanceof Headers) {
    const given = headers || ofRequest.headers(request);
    return [
      (name) => apply(hasHeader, given, [name]),
      (pairs) => {
        if (headers) return withHeaders(setAll(new Headers(headers), pairs));
        const copy = new Request(request!);
        setAll(copy.headers, pairs);
        return [copy, init, ...rest];
      },
    ];
  }
  if (Array.isArray(headers)) return [(name) => headers.some((pair) => isName(name)(pair[0])), (pairs) => withHeaders([...headers, ...pairs])];
  if (headers !== undefined && !(Object(headers) === headers && isPlain(headers))) return;
  return [(name) => Object.keys(headers || {}).some(isName(name)), (pairs) => withHeaders({ ...headers, ...Object.fromEntries(pairs) })];
};

/** Whether a function is the browser's own `fetch`: what is bound, or a proxy, has no name there. */
const isNative = (target: any): boolean => {
  if (asked !== target) [asked, answer] = [target, /^function fetch\(\)\s*{\s*\[native code]\s*}$/.test(apply(toString, target, []))];
  return answer;
};
let asked: any;
let answer = false;

/** Whether an abort was one of time. A reason that is none of the browser's is not looked into. */
const isTimeout = (reason: unknown): boolean => {
  try {
    return nameOf(reason) === 'TimeoutError';
  } catch {
    return false;
  }
};

/** So many paths are tried again without a header. */
const MOST = 100;
/**
 * Whether a request that failed with a header of ours is to be made again without it. It may have been redirected to another
 * origin that takes no such header, which nobody can know before. Once a path: after that it has none.
 */
const isRepeatable = (url: string, method: string, option: (name: string) => string | undefined): boolean => {
  const path = pathOf(url);
  if (refused.has(path) || !isOwn(url) || !/^(GET|HEAD)$/.test(method) || (option('mode') || 'cors') !== 'cors' || (option('redirect') || 'follow') !== 'follow' || option('integrity')) return false;
  refused.add(path);
  return refused.size < MOST;
};
/** Of a call that is not told only the errors are seen to. */
export const planFetch = (self: any, args: any[], target: any): Plan => {
  const tidy = (promise: any): any =>
    apply(then, promise, [
      undefined,
      (error: unknown) => {
        clean(error);
        throw error;
      },
    ]);
  return attempt(() => (isWatching ? planWatched(self, args, target) : undefined)) || [args, isNative(target) && tidy];
};

const planWatched = (self: any, given: any[], target: any): Plan | undefined => {
  const [input, init] = given;
  const request = input instanceof Request ? input : undefined;
  if (!request && typeof input !== 'string' && !(input instanceof URL)) return;
  const url = request ? ofRequest.url(request) : resolve(input);
  const isLegible = !init || isPlain(init);
  const option = (name: string): any => peek(init, name) || (request && ofRequest[name](request));
  const signal = option('signal');
  const isAborted = (): boolean => signal && ofSignal.aborted(signal);
  const parent = span();
  const seen: Seen = [performance.now(), 0, 0, 0, url, String(option('method') || 'GET').toUpperCase(), '', parent, ''];
  let args = given;
  // There a header is dropped with a warning, or makes another request of it.
  if (isLegible && !/^n(o-cors|avigate)$/.test(option('mode'))) {
    const [has, add] = carrier(args, request) || [];
    const pairs = has && headersFor(url, parent, has);
    if (pairs) args = add!(pairs);
  }
  const end = (response?: Response, error?: any): void => {
    attempt(() => {
      seen[1] = performance.now();
      if (response) seen[2] = ofResponse.status(response);
      // An abort rejects with whatever reason the page gave.
      else seen[6] = isAborted() ? (isTimeout(ofSignal.reason(signal)) ? 'TimeoutError' : 'AbortError') : String(error?.name || 'Error');
      if (response) seen[8] = apply(header, ofResponse.headers(response), ['traceresponse']) || '';
      note(seen);
    });
  };
  const follow = (promise: Promise<Response>): Promise<Response> =>
    apply(then, promise, [
      (response: Response) => {
        end(response);
        return response;
      },
      (error: unknown) => {
        // An abort's reason is the page's own.
        if (isAborted()) return fail(error);
        clean(error);
        if (args === given || !isRepeatable(url, seen[5], option)) return fail(error);
        return apply(then, apply(target, self, given), [
          (response: Response) => {
            end(response);
            return response;
          },
          () => fail(error),
        ]);
      },
    ]);
  const fail = (error: unknown): never => {
    end(undefined, error);
    throw error;
  };
  // What is aborted already is rejected at once, and nobody waits a turn longer because of us.
  if (isAborted()) end();
  // What is not the browser's own promise goes back untouched. Of its end the timeline tells.
  else if (!isNative(target)) note(seen);
  else return [args, follow];
  return [args];
};
