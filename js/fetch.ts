// `fetch`, seen: its calls and their ends, and the headers that it is given where they may leave.

import { attempt, note, type Seen } from './seen.ts';
import { allHeaders, headersFor, isOwn, mayCarry, origin, refuse, span } from './trace.ts';
import { clean, free, isWatching, pass, type Plan, reader, readers, textOf } from './wrap.ts';

const { Request, Response, Headers, URL, AbortSignal, DOMException } = globalThis;
const then = free(Promise.prototype.then);
const ofRequest = readers(Request, 'url method headers mode redirect signal integrity');
export const ofResponse = readers(Response, 'status headers');
const ofSignal = readers(AbortSignal, 'aborted reason');
const nameOf = reader(DOMException, 'name');
const hrefOf = reader(URL, 'href');
const headerOf = free(Headers.prototype.get);
const hasHeader = free(Headers.prototype.has);
/** Whether a path is as it will be when its URL is resolved: nothing to encode, to lower or to leave out. */
const isPlainPath = (path: string): boolean => /^\/(?!\/)[\w\-~/?=&+,:;@!$()*.]*$/.test(path) && !path.includes('/.');
const parse = (url: string, base: string): string => {
  if (isPlainPath(url) && isOwn(base)) return origin + url.slice(1);
  const [from] = (isOwn(url) ? [origin.slice(0, -1)] : /^https?:\/\/(?:[a-z\d-]+\.)+[a-z-]+(?=\/)/.exec(url)) || [];
  return from && isPlainPath(url.slice(from.length)) ? url : new URL(url, base).href;
};
/** What texts stood for lately, and for what base. */
const known = new Map<string, string>();
let knownBase = '';
/** So many texts, of so many characters each. */
const [MOST, LONGEST] = [100, 200];
/** The absolute URL that a text or a URL stands for, whatever the page has made of the latter. Most need no parser, which takes 20 µs in Chromium. */
export const resolve = (url: unknown): string => {
  if (typeof url !== 'string') return hrefOf(url);
  const base = globalThis.document?.baseURI || location.href;
  if (base !== knownBase || known.size > MOST) known.clear();
  knownBase = base;
  const before = known.get(url);
  if (before) return before;
  const href = parse(url, base);
  if (url.length < LONGEST) known.set(url, href);
  return href;
};

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
      (name) => hasHeader(given, name),
      (pairs) => {
        // A body in its place leaves the request's unread.
        if (headers || (peek(init, 'body') ?? undefined) !== undefined) return withHeaders(setAll(new Headers(given), pairs));
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
  if (asked !== target) [asked, answer] = [target, /^function fetch\(\)\s*{\s*\[native code]\s*}$/.test(textOf(target))];
  return answer;
};
let asked: any;
let answer = false;

/** The name of a reason for an abort that is the browser's. One that is the page's is not looked into. */
const nameOfReason = (signal: any): string => {
  try {
    return nameOf(ofSignal.reason(signal));
  } catch {
    return '';
  }
};

/** Whether a request that failed with a header of ours is to be made again without it. The next to its path have none, so that it stays at once. */
const isRepeatable = (url: string, method: string, option: (name: string) => string | undefined): boolean =>
  refuse(url) && /^(GET|HEAD)$/.test(method) && (option('mode') || 'cors') === 'cors' && (option('redirect') || 'follow') === 'follow' && !option('integrity');
/** Of a call that is not told only the errors are seen to. */
export const planFetch = (self: any, args: any[], target: any): Plan => (isWatching && attempt(planWatched, self, args, target)) || [args, isNative(target) && tidy];
const tidy = (promise: any): any =>
  then(promise, undefined, (error: unknown) => {
    clean(error);
    throw error;
  });

const planWatched = (self: any, given: any[], target: any): Plan | undefined => {
  const input = given[0];
  const init = given[1];
  const request = input instanceof Request ? input : undefined;
  if (!request && typeof input !== 'string' && !(input instanceof URL)) return;
  const url = request ? ofRequest.url(request) : resolve(input);
  const isBare = init == null;
  const option = (name: string): any => peek(init, name) || (request && ofRequest[name](request));
  const signal = option('signal');
  const isAborted = (): boolean => signal && ofSignal.aborted(signal);
  const parent = span();
  const seen: Seen = [performance.now(), 0, 0, 0, url, String(option('method') || 'GET').toUpperCase(), '', parent, ''];
  let args = given;
  // Most calls have only a URL; theirs is the short way.
  if (isBare && !request) {
    if (mayCarry(url)) {
      const headers = allHeaders(parent);
      // Pairs are the browser's fastest form, an object is what others who wrap `fetch` look for.
      args = [input, { headers: isNative(target) ? headers : Object.fromEntries(headers) }];
    }
  } else if ((isBare || isPlain(init)) && !['no-cors', 'navigate'].includes(option('mode'))) {
    // In these modes a header is dropped with a warning, or makes another request of it.
    const [has, add] = carrier(args, request) || [];
    const pairs = has && headersFor(url, parent, has);
    if (pairs) args = add!(pairs);
  }
  const end = (response?: Response, error?: any): void => {
    seen[1] = performance.now();
    if (response) {
      seen[2] = ofResponse.status(response);
      seen[8] = headerOf(ofResponse.headers(response), 'traceresponse') || '';
    }
    // An abort rejects with whatever reason the page gave.
    else seen[6] = isAborted() ? (nameOfReason(signal) === 'TimeoutError' ? 'TimeoutError' : 'AbortError') : String(error?.name || 'Error');
    note(seen);
  };
  const succeed = (response: Response): Response => {
    attempt(end, response);
    return response;
  };
  const fail = (error: unknown): never => {
    attempt(end, undefined, error);
    throw error;
  };
  // What is aborted already is rejected at once, and nobody waits a turn longer because of us. Firefox makes the reason in the call.
  if (isAborted()) {
    return [
      args,
      (result) => {
        attempt(end);
        if (nameOfReason(signal)) clean(ofSignal.reason(signal));
        return result;
      },
    ];
  }
  if (isNative(target)) {
    return [
      args,
      (promise) =>
        then(promise, succeed, (error: unknown) => {
          // An abort's reason is the page's own.
          if (isAborted()) return fail(error);
          clean(error);
          if (args === given || !isRepeatable(url, seen[5], option)) return fail(error);
          return then(pass(target, self, given), succeed, () => fail(error));
        }),
    ];
  }
  // What is not the browser's own promise goes back untouched. Of its end the timeline tells.
  note(seen);
  return [args];
};
