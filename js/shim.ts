// The thin shim between the page and the core: it reads what the browser has into packets, and does what the core asks.
// It decides nothing.

import type { Early, Failure } from './early.ts';
import { propagate, unwrapFetch, wrapFetch } from './fetch.ts';
import { Kind, Loss } from './kinds.ts';
import type { Settings } from './options.ts';
import { bytes, connect, type Core, disconnect, guarded, read, tell } from './packet.ts';
import { unwatchRoutes, watchRoutes } from './routes.ts';

const KEY = 'vitrum';

let early: Early;
let intake: string;
let observers: [Kind, PerformanceObserver][] = [];
let timer: ReturnType<typeof setTimeout>;
let nativeFetch = fetch;
let hadInput = false;
/** Whether entries from before are asked for: once, for whoever observes again has been told to forget. */
let buffered = true;

/** Starts the core. `caught` is the one that has listened so far. */
export const start = (exports: Core, settings: Settings, caught: Early): void => {
  early = caught;
  connect(exports, rest);
  intake = settings.endpoint + '/v1/beacon';
  let remembered = '';
  try {
    if (settings.consent === 1) remembered = sessionStorage.getItem(KEY) || '';
  } catch {
    // Storage is forbidden here: each page is a session of its own.
  }
  const [load] = performance.getEntriesByType('navigation') as any[];
  const activation = load?.activationStart || 0;
  // A prerendered page was hidden before it was shown: that does not count.
  const wasHidden = performance
    .getEntriesByType('visibility-state')
    .find(({ name, startTime }) => name === 'hidden' && (!activation || startTime > activation));
  const page = (url: string): string => url.split('#')[0];
  // The page may have changed its URL since it was loaded.
  const url = load && page(load.name) !== page(location.href) ? load.name : location.href;
  tell(
    Kind.Start,
    [
      settings.sampleRate,
      settings.consent,
      settings.bad,
      performance.timeOrigin,
      wasHidden ? wasHidden.startTime : document.visibilityState === 'hidden' ? 0 : Infinity,
      +PerformanceObserver.supportedEntryTypes.includes('layout-shift'),
    ],
    [
      settings.service,
      settings.version,
      settings.environment,
      settings.endpoint,
      settings.propagateTo.join('\n'),
      url,
      document.referrer,
      remembered,
    ],
  );
  if (url !== location.href) tell(Kind.Route, [performance.now()], ['replace', location.href]);
};

/** Tells the core of a change of consent; a state that is none (-1) is counted. */
export const setConsent = guarded((state: number): void =>
  state < 0 ? tell(Kind.Lost, [Loss.Option, 1]) : tell(Kind.Consent, [state]),
);

/** Sends what there is and ends everything for this page. */
export const end = guarded((): void => {
  hide();
  rest();
  disconnect();
});

/** The properties of entries that are packed, in the order that observation.rs says: numbers, texts. */
const PHASES =
  'duration,fetchStart,workerStart,redirectStart,redirectEnd,domainLookupStart,domainLookupEnd,connectStart,secureConnectionStart,connectEnd,requestStart,responseStart,responseEnd,transferSize,encodedBodySize,decodedBodySize,responseStatus,';
const FIELDS: { [kind in Kind]?: [string, string?] } = {
  [Kind.Navigation]: [
    PHASES +
      'domInteractive,domContentLoadedEventStart,domContentLoadedEventEnd,domComplete,loadEventStart,loadEventEnd,unloadEventStart,unloadEventEnd,redirectCount,activationStart',
    'name,type,nextHopProtocol,renderBlockingStatus',
  ],
  [Kind.Resource]: ['startTime,' + PHASES.slice(0, -1), 'name,initiatorType,nextHopProtocol,renderBlockingStatus'],
  [Kind.Paint]: ['startTime'],
  [Kind.LargestPaint]: ['startTime'],
  [Kind.Shift]: ['startTime,value,hadRecentInput'],
  [Kind.Interaction]: ['interactionId,duration'],
  [Kind.LongTask]: ['startTime,duration', 'name'],
  [Kind.LongFrame]: ['startTime,duration,blockingDuration,renderStart,styleAndLayoutStart,firstUIEventTimestamp'],
};

const take = (kind: Kind, entries: any[]): void => {
  const [numberNames, textNames] = FIELDS[kind]!;
  const numbers: number[] = [];
  const texts: string[] = [];
  for (const entry of entries) {
    if (entry.name === 'first-paint' || (kind === Kind.Interaction && !entry.interactionId)) continue;
    for (const name of numberNames.split(',')) numbers.push(+entry[name] || 0);
    for (const name of textNames?.split(',') || []) texts.push(entry[name] === 'non-blocking' ? '' : entry[name] || '');
    if (kind === Kind.Navigation) numbers.push(+!!(document as any).wasDiscarded);
    if (kind === Kind.Interaction) numbers.push((performance as any).interactionCount || 0);
  }
  if (numbers.length) tell(kind, numbers, texts);
};

/** Entries that are queued but not yet delivered, before something that depends on them. */
const flush = guarded((): void => {
  for (const [kind, observer] of observers) take(kind, observer.takeRecords());
});
const hide = guarded((): void => {
  flush();
  tell(Kind.Hidden, [performance.now()]);
});
const onVisibility = (): void => {
  if (document.visibilityState === 'hidden') hide();
};
const onShow = guarded((event: PageTransitionEvent): void => {
  if (!event.persisted) return;
  hadInput = false;
  tell(Kind.Restored, [event.timeStamp]);
});
const onInput = guarded((event: Event): void => {
  if (!event.isTrusted || hadInput) return;
  hadInput = true;
  flush();
  tell(Kind.FirstInput, [event.timeStamp]);
});

// What the core asks for; src/browser/act/shim.rs declares these. An exception must not go through the core: it would
// leave it in the middle of a step.

export const watch = guarded((kind: Kind, at: number, length: number, durationThreshold: number): void => {
  const type = read(at, length);
  if (!PerformanceObserver.supportedEntryTypes.includes(type)) return;
  const observer = new PerformanceObserver(guarded((list) => take(kind, list.getEntries())));
  observer.observe({ type, buffered, durationThreshold } as PerformanceObserverInit);
  observers.push([kind, observer]);
});

export const wrap = guarded((): void => {
  addEventListener('visibilitychange', onVisibility, true);
  addEventListener('pagehide', hide, true);
  addEventListener('pageshow', onShow, true);
  addEventListener('keydown', onInput, true);
  addEventListener('click', onInput, true);
  early.listen();
  // A page may have frozen what is wrapped: that is no reason to go without the rest.
  nativeFetch = guarded(wrapFetch)() || fetch.bind(window);
  guarded(watchRoutes)();
  // The core is listening now; what waited is told when it is done.
  queueMicrotask(
    guarded(() => {
      const lost = early.handOver(guarded(([at, ...texts]: Failure) => tell(Kind.Failure, [at], texts)));
      if (lost) tell(Kind.Lost, [Loss.Record, lost]);
    }),
  );
});

export const rest = guarded((): void => {
  for (const [, observer] of observers) observer.disconnect();
  observers = [];
  buffered = false;
  clearTimeout(timer);
  unwrapFetch();
  unwatchRoutes();
  early.unlisten();
  removeEventListener('visibilitychange', onVisibility, true);
  removeEventListener('pagehide', hide, true);
  removeEventListener('pageshow', onShow, true);
  removeEventListener('keydown', onInput, true);
  removeEventListener('click', onInput, true);
});

export const post = guarded((batch: number, at: number, length: number): void => {
  const answered = guarded((status: number) => tell(Kind.Delivered, [batch, status]));
  // A copy: whoever wraps `fetch` below us may look at it later.
  nativeFetch(intake, { method: 'POST', body: bytes(at, length).slice(), credentials: 'omit' })
    // Read to its end, so that the connection is free again.
    .then((response) => response.arrayBuffer().then(() => response.status))
    .then(answered, () => answered(0));
});

export const beacon = guarded((at: number, length: number): number => (navigator.sendBeacon(intake, bytes(at, length)) ? 200 : 0));

export { propagate };

export const random = guarded((at: number, length: number): unknown => crypto.getRandomValues(bytes(at, length)));

export const remember = (at: number, length: number): void => {
  try {
    if (length) sessionStorage.setItem(KEY, read(at, length));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is forbidden or full: each page is a session of its own.
  }
};

export const wake = guarded((delay: number): void => {
  clearTimeout(timer);
  timer = setTimeout(
    guarded(() => tell(Kind.Woke, [0])),
    delay,
  );
});
