// What the core asks for beyond sensing: it decides nothing.

import { unwatchActions, watchActions } from './actions.ts';
export { crumb, custom, flag } from './custom.ts';
export { beacon, later, post, recall, store } from './send.ts';
import { tellRepeats, unwatchFailures, watchFailures } from './catch.ts';
import { Early, type EarlyParts } from './early.ts';
import { Kind, Loss } from './kinds.ts';
import type { Seen } from './seen.ts';
import type { Settings } from './options.ts';
import type { review as look } from './hook.ts';
import type { json } from './json.ts';
import { afterwards, bytes, connect, type Core, disconnect, guarded, read, tell } from './packet.ts';
import { hearOf, leaveTerms, remember as keep, remembered, startOn } from './terms.ts';
import { unwatchRoutes, watchRoutes } from './routes.ts';
import { eraseStored, sendBy, watchNetworkState, ways } from './send.ts';
import { feedBy, firstHidden, hideOwn, measure, unwatch } from './sense.ts';
import { leaveWorkers, tellTerms, watchWorker } from './workers.ts';

let early: EarlyParts;
let timer: ReturnType<typeof setTimeout>;
const MINUTE = 60_000;
/** As `Consent` in src/core/consent.rs. */
const DENIED = 2;
/** So long what is due waits for an idle moment of the page. */
const IDLE_MS = 1000;

/** Makes the core ready; nothing is reported by it yet. `caught` is the one that has listened so far. */
export const start = (exports: Core, caught: EarlyParts): void => {
  const [takeMarks, takeEvents] = (early = caught);
  feedBy(takeMarks, takeEvents, early[Early.Opened]);
  connect(exports, () => rest(true), () => {
    tellRequests();
    tellRepeats();
  });
};

/** Starts the agent on these settings; without any, only listeners of vitals are served. */
export const begin = async (settings?: Settings): Promise<void> => {
  if (!settings) return startNow();
  // A page that was left has been told of, and is back.
  if (!early[Early.MayStart]()) return;
  // The user may answer while the rest is fetched.
  hearOf(settings);
  try {
    if (settings.beforeSend) ({ review: show } = await import('./hook.ts'));
    inJson = settings.protocol === 'otlp-json' ? (await import('./json.ts')).json : undefined;
  } catch {
    // Nothing leaves unseen, or in another form than was asked for: without what it takes, nothing is begun.
    return early[Early.UnwatchNetwork]();
  }
  return startOn(settings, () => startNow(settings));
};
let inJson: typeof json | undefined;
let show: typeof look;
let hook: Settings['beforeSend'];
let given: Settings | undefined;

const startNow = (settings?: Settings): void => {
  const [load] = performance.getEntriesByType('navigation') as any[];
  const page = (url: string): string => url.split('#')[0];
  // The page may have changed its URL since it was loaded.
  const url = load && page(load.name) !== page(location.href) ? load.name : location.href;
  const { consent = 2, bad = 0, service = '', version = '', environment = '', endpoint = '', routes = [], allowParams = [], scrub = [] } = settings || {};
  const { sessionIdle = 0, sessionMax = 0, keepUuids = false, perMinute = 0, cohort = '' } = settings || {};
  hook = settings?.beforeSend;
  given = settings;
  // What happened on other terms is of nobody.
  if (settings && consent === DENIED) early[Early.Unlisten]();
  sendBy(early, settings, inJson);
  tell(
    Kind.Start,
    [settings ? early[Early.Shares]()[0] : 0, consent, bad, performance.timeOrigin, firstHidden(), measure(), sessionIdle * MINUTE, sessionMax * MINUTE, +navigator.webdriver, +keepUuids, perMinute, +!!hook, ways(), formOf(settings), +!!settings?.dropExtensionErrors],
    [service, version, environment, [endpoint, settings?.fallbackEndpoint].filter(Boolean).join('\n'), early[Early.Trace](), url, document.referrer, remembered(), early[Early.Seed](), routes.join('\n'), allowParams.join('\n'), scrub.join('\n'), cohort],
  );
  if (settings && url !== location.href) tell(Kind.Route, [performance.now(), shareHere()], ['replace', location.href]);
};

/** In which form batches travel, as `Kind::Start` in src/core/observation.rs says. */
const formOf = (settings?: Settings): number => (settings?.protocol === 'otlp' ? (settings.compression === 'gzip' ? 1 : 2) : inJson ? 3 : 0);

/** Takes what this worker tells of its requests. */
export const addWorker = guarded((worker: Worker | SharedWorker | ServiceWorker): void => watchWorker(worker, early));

/** Sends what there is and ends everything for this page. */
export const end = guarded((): void => {
  hideOwn();
  rest();
  early[Early.UnwatchNetwork]();
  leaveWorkers(early);
  leaveTerms();
  unwatch(true);
  disconnect();
});

// What the core asks for; src/browser/act/shim.rs declares these. An exception must not go through the core: it would
// leave it in the middle of a step.

export { hold, report, watch } from './sense.ts';

export const wrap = guarded((): void => {
  early[Early.Listen]();
  // A page may have frozen what is wrapped: that is no reason to go without the rest.
  guarded(watchRoutes)(shareHere);
  watchActions();
  watchNetworkState(true);
  // The core is listening now; what waited is told when it is done.
  queueMicrotask(
    guarded(() => {
      const lost = early[Early.HandOver](...watchFailures(early, given));
      if (lost) tell(Kind.Lost, [Loss.Record, lost]);
    }),
  );
});

export const rest = guarded((hasFailed?: boolean): void => {
  unwatch(false);
  clearTimeout(timer);
  unwatchRoutes();
  unwatchActions();
  unwatchFailures();
  watchNetworkState(false);
  early[Early.Unlisten](hasFailed);
});

/** What share of sessions is reported where the page is. */
const shareHere = (): number => early[Early.Shares]()[1];

export const review = guarded((at: number, length: number, ofSpans: number, spansLength: number): void => {
  const [logs, spans] = [bytes(at, length).slice(), bytes(ofSpans, spansLength).slice()];
  // The core is listening now; in this very event still, for the page may be going.
  afterwards(
    guarded(() => {
      const [logsLength, dropped, kept] = show(logs, spans, hook!);
      tell(Kind.Reviewed, [logsLength, dropped], kept);
    }),
  );
});

export const trace = guarded((at: number, length: number): void => {
  // Who only listens to vitals has no terms for requests; those of the site come with its settings.
  if (!given) return;
  if (!length) {
    early[Early.UnwatchNetwork]();
    // What waited is of nobody any more.
    early[Early.TakeNetwork](() => {});
    return leaveWorkers(early);
  }
  const text = read(at, length);
  early[Early.SetTrace](text.slice(0, 49), text.slice(49));
  early[Early.WatchNetwork]();
  tellTerms(early);
  // The core is listening now; what waits is told when it is done.
  queueMicrotask(() => {
    isHearing = true;
    early[Early.OnSeen](onSeen);
  });
});

/** So many requests are told at once, or after so many milliseconds: mostly their entries in the timeline come before that. */
const REQUESTS = 50;
const REQUESTS_MS = 1000;
/** Whether the core has asked for them. */
let isHearing = false;
let telling: ReturnType<typeof setTimeout> | undefined;
const tellRequests = guarded((): void => {
  if (!isHearing) return;
  clearTimeout(telling);
  telling = undefined;
  const lost = early[Early.TakeNetwork](guarded(([start, end, status, by, ...texts]: Seen) => tell(Kind.Request, [start, end, status, by], texts)));
  if (lost) tell(Kind.Lost, [Loss.Record, lost]);
});
const onSeen = (count: number): void => {
  if (count >= REQUESTS) tellRequests();
  else if (count) telling ??= setTimeout(tellRequests, REQUESTS_MS);
};

export const random = guarded((at: number, length: number): unknown => crypto.getRandomValues(bytes(at, length)));

export const remember = guarded((at: number, length: number): void => {
  keep(length ? read(at, length) : '');
  if (!length) eraseStored();
});

export const wake = guarded((delay: number): void => {
  clearTimeout(timer);
  const woke = guarded(() => tell(Kind.Woke, [0]));
  // The page's own work goes first, for a while; if nobody sees it, it is late already.
  timer = setTimeout(() => ('requestIdleCallback' in window && !document.hidden ? requestIdleCallback(woke, { timeout: IDLE_MS }) : woke()), delay);
});
