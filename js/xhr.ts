// `XMLHttpRequest`, seen the same way.

import { resolve } from './fetch.ts';
import { attempt, note, type Seen } from './seen.ts';
import { headersFor, isOwn, refuse, span } from './trace.ts';
import { free, isWatching, type Plan } from './wrap.ts';

/** Method, absolute URL, whether it is synchronous, the names of its headers, and what ends it while it is under way. */
type Opened = [method: string, url: string, isSync: boolean, names: string[], end?: (failure: string) => void];
const requests = new WeakMap<object, Opened>();
const ENDS: Record<string, string> = { load: '', error: 'NetworkError', abort: 'AbortError', timeout: 'TimeoutError' };

export const planOpen = (self: any, args: any[]): Plan => [
  args,
  (result) => {
    attempt(() => {
      const [method, url] = args;
      requests.get(self)?.[4]?.('AbortError');
      requests.delete(self);
      if (isWatching && typeof method === 'string' && (typeof url === 'string' || url instanceof URL)) {
        requests.set(self, [method.toUpperCase(), resolve(url), args.length > 2 && !args[2], []]);
      }
    });
    return result;
  },
];

export const planHeader = (self: any, args: any[]): Plan => [
  args,
  (result) => {
    attempt(() => requests.get(self)?.[3].push(String(args[0]).toLowerCase()));
    return result;
  },
];

const listen = free(EventTarget.prototype.addEventListener);
const unlisten = free(EventTarget.prototype.removeEventListener);
const { setRequestHeader, getResponseHeader }: any = globalThis.XMLHttpRequest?.prototype || {};
const setHeader = free(setRequestHeader);
const headerOf = free(getResponseHeader);

export const planSend = (self: any, args: any[]): Plan | undefined => {
  const opening = requests.get(self);
  if (!opening || opening[4]) return;
  const [method, url, isSync, names] = opening;
  const parent = span();
  const seen: Seen = [performance.now(), 0, 0, 1, url, method, '', parent, ''];
  const pairs = headersFor(url, parent, (name) => names.includes(name));
  for (const pair of pairs || []) setHeader(self, ...pair);
  const onEnd = ({ type }: { type: string }): void => end(ENDS[type]);
  const end = (opening[4] = (failure: string): void => {
    attempt(() => {
      for (const type in ENDS) unlisten(self, type, onEnd);
      opening[4] = undefined;
      seen[1] = performance.now();
      seen[2] = self.status;
      seen[6] = failure;
      // To send it again is the page's part.
      if (pairs && failure === 'NetworkError') refuse(url);
      // Asking for the header of another origin is a warning on the console.
      if (isOwn(self.responseURL)) seen[8] = headerOf(self, 'traceresponse') || '';
      note(seen);
    });
  });
  if (!isSync) for (const type in ENDS) listen(self, type, onEnd);
  return [args, isSync && ((result) => (end(''), result)), (error) => end(error.name)] as Plan;
};
