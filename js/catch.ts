// What went wrong on the page, from whichever side it is heard of. What fails in a loop is counted without being looked at.

import { type Failure, read } from './describe.ts';
import { Early, type EarlyParts } from './early.ts';
import { selector } from './entries.ts';
import { Kind, Loss } from './kinds.ts';
import type { Settings } from './options.ts';
import { guarded, tell } from './packet.ts';

/** So many are read in full at once, of what is known already fewer, and so many more a second: to read a stack takes up to some 50 µs. */
const FULL = 50;
const KNOWN = 25;
const MORE = 10;
const SECOND_MS = 1000;
/** So many that look alike are counted apart; the rest together. The core knows the last 64 of their numbers (KEYS in src/core/limits.rs). */
const KEYS = 50;
/** No more is taken of what the site says of an error (CONTEXTS in src/core/limits.rs). */
const CONTEXTS = 16;
const VALUE = 1024;
/** What is called otherwise than its event. */
const SOURCES: Record<string, string> = { unhandledrejection: 'rejection', securitypolicyviolation: 'csp' };
/** What nobody has dealt with; a framework says so by a sign. */
const UNHANDLED = /^(error|resource|rejection|csp|deprecation|intervention|crash|worker)$|!$/;
const NAMES: Record<string, string> = { resource: 'ResourceError', csp: 'SecurityPolicyViolation', rejection: 'UnhandledRejection' };

let early: EarlyParts;
/** Where we send to: what a policy says of that would be told again and again. */
let ours: string[] = [];
let isDebugging = false;
let isHinted = false;
let isLeaving = false;

/** So many that are not known in a second: then there is ever something new, and it is not asked any more what they say. */
const MISSES = 100;

let full = 0;
let misses = 0;
let fullTimer: ReturnType<typeof setTimeout> | undefined;
/** By what they say: their numbers, how often they have happened since that was told, and where. */
type Known = [key: number, times: number, line?: number, column?: number];
let keys = new Map<unknown, Known>();
let others = 0;
let lastKey = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
/** How each that is an object was caught first: many are caught at a boundary and then by the window. */
let caught = new WeakMap<object, string>();

/** Tells what was only counted. */
export const tellRepeats = guarded((): void => {
  if (!timer) return;
  clearTimeout(timer);
  timer = undefined;
  const rows = others ? [0, others] : [];
  for (const one of keys.values()) {
    if (one[1]) rows.push(one[0], one[1]);
    one[1] = 0;
  }
  others = 0;
  if (rows.length) tell(Kind.Repeat, rows);
});

/** What an event says without its stack. */
const saidBy = ({ message, reason, blockedURI, effectiveDirective }: any): unknown => {
  const said = message ?? read(reason, 'message') ?? (blockedURI && effectiveDirective + blockedURI) ?? reason;
  return typeof said === 'string' && said.length < VALUE ? said : typeof said;
};

/** What has said so before, at the same place. */
const knownAs = (said: unknown, line?: number, column?: number): Known | undefined => {
  const one = keys.get(said);
  if (one && one[2] === line && one[3] === column) return one;
};

/** Whether there is time to read one in full. */
const mayRead = (one?: Known): boolean => {
  if (full >= (one ? KNOWN : FULL)) return false;
  full++;
  fullTimer ??= setTimeout(refill, SECOND_MS);
  return true;
};
const refill = (): void => {
  misses = 0;
  full = Math.max(0, full - MORE);
  fullTimer = full ? setTimeout(refill, SECOND_MS) : undefined;
};

/** Counts one. It is all that happens where a page fails in a loop. */
const count = (one?: Known, times = 1): void => {
  if (one) one[1] += times;
  else {
    others += times;
    misses++;
  }
  timer ??= setTimeout(tellRepeats, SECOND_MS);
};

/** The number of what says so at this place. */
const keyOf = (said: unknown, line?: number, column?: number): number => {
  const one = knownAs(said, line, column);
  if (one) return one[0];
  if (keys.has(said) || keys.size >= KEYS) {
    tellRepeats();
    keys.delete(keys.has(said) ? said : keys.keys().next().value);
  }
  keys.set(said, [++lastKey, 0, line, column]);
  return lastKey;
};

const numberOf = (object: any, name: string): number => +read(object, name) || 0;
const pairsOf = (context: any): string[] => {
  const all = Object.entries(context || {});
  const good = all.filter(([name, value]) => /^[\w.-]{1,64}$/.test(name) && /^(string|number|boolean)$/.test(typeof value)).slice(0, CONTEXTS);
  if (good.length < all.length) tell(Kind.Lost, [Loss.Option, all.length - good.length]);
  return good.flatMap(([name, value]) => [name, String(value).slice(0, VALUE)]);
};

/** The numbers and texts of one. `element` is what did not load. */
const packetOf = ([at, times, type, url = '', context, texts]: Failure, key = 0, element?: Node): [number[], string[]] => {
  const isLoad = type === 'error' && url;
  const source = isLoad ? 'resource' : SOURCES[type] || type;
  texts[0] ||= NAMES[source] || 'Error';
  if (isLoad) texts[1] = texts[1].toLowerCase();
  if (source === 'csp' && texts[2]) texts[2] = '    at ' + texts[2];
  // Loads and policies are told apart by what they are about.
  if (url) texts[1] += ': ' + (/^https?:/.test(url) ? url.split(/[?#]/)[0] : url.split(':')[0]);
  const pairs = pairsOf(context);
  const state = isLeaving ? 2 : +(read(document, 'visibilityState') === 'hidden');
  return [
    [at, key, times, +!UNHANDLED.test(source), state, numberOf(navigator, 'deviceMemory'), numberOf(read(performance, 'memory'), 'usedJSHeapSize'), texts.length / 3, pairs.length / 2],
    [source.replace('!', ''), read(read(navigator, 'connection'), 'effectiveType') || '', url, selector(element), ...texts, ...pairs],
  ];
};

/** Whether one is being read: what goes wrong by that is ours, or that of a getter of the page's which we have asked. */
let isReading = false;
/** Reads one, and tells it; what the page does when the core has heard of it is the page's again. */
const tellWhat = (reads: () => ReturnType<typeof packetOf> | undefined): void => {
  let packet: ReturnType<typeof packetOf> | undefined;
  isReading = true;
  try {
    packet = reads();
  } finally {
    isReading = false;
  }
  if (!packet) return;
  tell(Kind.Failure, ...packet);
  if (isDebugging && packet[1].includes('Script error.') && !isHinted) {
    isHinted = true;
    console.info('vitrum: an error is hidden by the browser, as its script is of another origin: add crossorigin to the script tag, and Access-Control-Allow-Origin to what answers.');
  }
};
const tellFailure = (...parts: Parameters<typeof packetOf>): void => tellWhat(() => packetOf(...parts));

/** Takes what went wrong, by an event or as if by one. */
const onFailure = guarded((event: any): void => {
  if (isReading) return count();
  if (full >= FULL && misses >= MISSES) {
    others++;
    timer ??= setTimeout(tellRepeats, SECOND_MS);
    return;
  }
  const { message } = event;
  if (full >= KNOWN && message !== undefined) {
    const one = knownAs(message, event.lineno, event.colno);
    if (one || full >= FULL) return count(one);
  }
  tellWhat(() => take(event));
});
const take = (event: any): ReturnType<typeof packetOf> | undefined => {
  const { type, error, reason, blockedURI, target } = event;
  if (blockedURI === 'wasm-eval' || ours.some((place) => blockedURI?.startsWith(place))) return;
  const thrown = error ?? reason;
  if (Object(thrown) === thrown) {
    const before = caught.get(thrown);
    if (before && before !== type) return;
    caught.set(thrown, type);
  }
  const isLoad = type === 'error' && target !== window;
  // What the page dispatches at its elements is its own affair.
  if (isLoad && !event.isTrusted) return;
  const said = saidBy(event);
  const { lineno, colno } = event;
  const one = isLoad ? undefined : knownAs(said, lineno, colno);
  if (mayRead(one)) return packetOf(early[Early.FailureOf](event), isLoad ? 0 : keyOf(said, lineno, colno), isLoad ? target : undefined);
  count(one);
};

/** The same for what is no event: a font, a report of the browser, a line of the console. */
const onOther = (type: string, texts: string[]): void => {
  const said = type + texts;
  const one = knownAs(said);
  if (mayRead(one)) tellFailure([performance.now(), 1, type, '', undefined, texts], keyOf(said));
  else count(one);
};

/** What a worker has told: its number of others has no texts. */
export const onWorkerFailure = (failure: Failure | number): void => {
  if (typeof failure === 'number') count(undefined, failure);
  else tellFailure(failure);
};

const onFonts = guarded((event?: any): void => {
  for (const { family, status } of event ? event.fontfaces : document.fonts) if (status === 'error') onOther('resource', ['', `font ${family} did not load`, '']);
});

const REPORTS = ['deprecation', 'intervention', 'crash'];
let reports: { disconnect(): void } | undefined;
const onReports = guarded((all: any[]): void => {
  for (const { type, body } of all) {
    const { message, reason, id, sourceFile, lineNumber, columnNumber } = body || {};
    const name = type[0].toUpperCase() + type.slice(1);
    onOther(type, [name, String(message || reason || id), sourceFile ? `    at ${[sourceFile, lineNumber, columnNumber].join(':')}` : '']);
  }
});

/** What is written to the console, as a line. */
const lineOf = (args: any[]): string => {
  let [first, ...rest] = args.map((arg) => (typeof arg === 'string' ? arg : (read(arg, 'message') ?? (Object(arg) === arg ? '' : String(arg)))));
  if (typeof first === 'string') first = first.replace(/%[sdifoOc]/g, () => rest.shift() ?? '');
  return [first, ...rest].join(' ').slice(0, VALUE);
};
let isInside = false;
/** Passes a call of the console on, and tells what it says: never of what it takes to tell that. */
const hearing = (tellIt: (args: any[]) => void) => (_: unknown, args: any[]): undefined => {
  if (isInside) return;
  isInside = true;
  guarded(tellIt)(args);
  isInside = false;
};
const onConsoleError = (args: any[]): void => {
  const error = args.find((arg) => typeof read(arg, 'stack') === 'string');
  const timeStamp = performance.now();
  // React writes it before its boundary is asked, which knows more of it.
  if (error) queueMicrotask(() => onFailure({ type: 'console', timeStamp, reason: error }));
  else onOther('console', ['', lineOf(args), '']);
};
const onConsoleWarning = (args: any[]): void => {
  if (mayRead()) tell(Kind.Crumb, [performance.now(), 1], [lineOf(args)]);
};

const onVisibility = guarded(({ timeStamp }: Event): void => tell(Kind.Crumb, [timeStamp, 2], [document.visibilityState]));
const onPage = ({ type }: Event): void => {
  isLeaving = type === 'pagehide';
};

const listening = (method: 'addEventListener' | 'removeEventListener'): void => {
  window[method]('visibilitychange', onVisibility as EventListener, true);
  for (const type of ['pagehide', 'pageshow']) window[method](type, onPage, true);
  document.fonts?.[method]('loadingerror', onFonts);
};

/** Begins to listen. Returns what tells of what was caught before, and what takes the rest. */
export const watchFailures = (parts: EarlyParts, settings?: Settings): [tell: (failure: Failure) => void, next: (event: unknown) => void] => {
  early = parts;
  isDebugging = !!settings?.debug;
  ours = [settings?.endpoint, settings?.fallbackEndpoint].filter(Boolean).map((url) => url + '/v1/');
  listening('addEventListener');
  if (document.fonts) onFonts();
  guarded(() => {
    const { ReportingObserver } = window as any;
    if (!ReportingObserver) return;
    const observer = (reports = new ReportingObserver(onReports, { types: REPORTS, buffered: true }));
    observer.observe();
  })();
  if (settings?.consoleErrors) {
    early[Early.Wrap](console, 'error', early[Early.Handler](hearing(onConsoleError)));
    early[Early.Wrap](console, 'warn', early[Early.Handler](hearing(onConsoleWarning)));
  }
  return [guarded((failure: Failure) => tellFailure(failure)), onFailure];
};

export const unwatchFailures = (): void => {
  listening('removeEventListener');
  reports?.disconnect();
  reports = undefined;
  clearTimeout(timer);
  timer = undefined;
  keys = new Map();
  caught = new WeakMap();
  others = misses = full = 0;
  clearTimeout(fullTimer);
  fullTimer = undefined;
};
