// What the page does, read into packets: entries of the performance timeline for each meter, and the document's life.
// A meter is one that listens to vitals; number 0 is the agent itself.

import { navigationEntry, rememberResource } from './entries.ts';
import { Kind, Loss } from './kinds.ts';
import { afterwards, guarded, read, readNumbers, tell } from './packet.ts';
import { count, Flag, hand, holdIn, isLoaded, type Meter, resourceTimes, tellNavigation } from './rows.ts';

const meter = (given: Pick<Meter, 'flags' | 'threshold' | 'generateTarget' | 'report'>): Meter => ({
  ...given,
  lists: new Map(),
  routes: new Map(),
  named: new WeakSet(),
  kinds: {},
  pending: [],
});
/** Shorter events are of no interest, in milliseconds. Source: web-vitals, `DEFAULT_DURATION_THRESHOLD`. */
const THRESHOLD = 40;
const meters: Meter[] = [meter({ flags: 0, threshold: THRESHOLD })];
/** The meter whose resources are remembered: all see the same. */
let feeder = -1;
/** Whether entries from before are asked for: once, for whoever observes again has been told to forget. */
let buffered = true;

/** Observers can be switched off in a browser's settings. */
const supports = (type: string): boolean => !!(window as any).PerformanceObserver?.supportedEntryTypes?.includes(type);
/** What of these flags this browser can measure. */
const measurable = (flags: number): number => {
  let able = flags;
  const soft = (globalThis as any).PerformanceSoftNavigation?.prototype.getLargestInteractionContentfulPaint;
  if (!supports('soft-navigation') || !soft) able &= ~Flag.Soft;
  if (!supports('largest-contentful-paint')) able &= ~Flag.Lcp;
  if (!supports('layout-shift')) able &= ~Flag.Cls;
  if (!supports('paint')) able &= ~Flag.Fcp;
  if (!(window.PerformanceEventTiming && 'interactionId' in PerformanceEventTiming.prototype)) able &= ~Flag.Inp;
  return able;
};

/** Since when the page is hidden, or first was. A prerendered page was hidden before it was shown: that does not count. */
export const firstHidden = (): number => {
  const activation = navigationEntry()?.activationStart || 0;
  const states = performance.getEntriesByType('visibility-state');
  const hidden = states.find(({ name, startTime }) => name === 'hidden' && startTime >= activation);
  return Math.min(hidden ? hidden.startTime : hiddenNow(), earlyHidden);
};
const hiddenNow = (): number => (document.visibilityState === 'hidden' ? 0 : Infinity);

const tellRoute = (number: number, entry: any, isDeferred: number): void =>
  tell(
    Kind.SoftNavigation,
    [entry.startTime, entry.navigationId || 0, entry.interactionId || 0, entry.presentationTime || entry.paintTime || 0, isDeferred, count()],
    [entry.name],
    number,
  );

const takeRoute = (number: number, entry: any): void => {
  const { routes } = meters[number];
  routes.set(entry.navigationId, entry);
  if (routes.size > 2) routes.delete(routes.keys().next().value!);
  refresh(number);
  tellRoute(number, entry, 0);
  const painted = entry.getLargestInteractionContentfulPaint?.();
  if (painted && meters[number].flags & Flag.Lcp) hand(meters[number], number, Kind.LargestPaint, [painted]);
};

/** Takes entries as an observer gives them; events wait until the page is idle, so that all of a frame are there. */
const take = (number: number, entries: any[]): void => {
  const meter = meters[number];
  // Entries of several types come in no certain order.
  entries.sort((a, b) => a.startTime + a.duration - b.startTime - b.duration);
  if (!isLoaded) tellNavigation();
  const later = entries.filter(({ entryType }) => meter.kinds[entryType] === Kind.Interaction || entryType === 'soft-navigation');
  const runs: [Kind, any[]][] = [];
  const painted = meter.flags & (Flag.Soft | Flag.AllChanges) ? undefined : entries.findLast((entry: any) => entry.entryType === 'largest-contentful-paint');
  for (const entry of entries) {
    const kind = meter.kinds[entry.entryType];
    if (kind === Kind.Interaction || entry.name === 'first-paint') continue;
    // Without all changes only the last candidate counts, as in web-vitals.
    if (painted && kind === Kind.LargestPaint && entry !== painted) continue;
    if (kind === Kind.Resource) {
      if (feeder < 0) feeder = number;
      if (feeder === number) rememberResource(entry);
      if (number) continue;
    }
    const last = runs[runs.length - 1];
    // Scripts are told after their frame.
    if (last?.[0] === kind && kind !== Kind.LongFrame) last[1].push(entry);
    else runs.push([kind, [entry]]);
  }
  for (const [kind, run] of runs) {
    if (kind === Kind.SoftNavigation) run.forEach((entry) => takeRoute(number, entry));
    else hand(meters[number], number, kind, run);
    // As soon as the page has painted its CLS is known: 0 if nothing moved.
    if (kind === Kind.Paint && meter.flags & Flag.AllChanges) setTimeout(guarded(() => tell(Kind.Shift, [], [], number)));
  }
  // What a route's CLS begins with is told when all that came with the route is in.
  if (meter.flags & Flag.Cls && runs[runs.length - 1]?.[0] === Kind.SoftNavigation) tell(Kind.Shift, [], [], number);
  if (later.length && meter.flags & Flag.Inp) whenIdle(meter, () => takeEvents(number, later));
};

const takeEvents = (number: number, entries: any[]): void => {
  let events: any[] = [];
  for (const entry of entries) {
    if (entry.entryType !== 'soft-navigation') events.push(entry);
    else {
      if (events.length) hand(meters[number], number, Kind.Interaction, events);
      events = [];
      tellRoute(number, entry, 1);
    }
  }
  if (events.length) hand(meters[number], number, Kind.Interaction, events);
};

/** Runs what waits for this meter, in order. */
const settle = (meter: Meter): void => {
  for (const action of meter.pending.splice(0)) guarded(action)();
};
/** Calls when the page is idle or hides; at once if it is hidden. Source: web-vitals, `whenIdleOrHidden`. */
const whenIdle = (meter: Meter, action: () => void): void => {
  if (document.visibilityState === 'hidden') return action();
  meter.pending.push(action);
  // One idle moment for each, as the count of interactions goes on in between.
  const run = (): void => meter.pending.splice(0, 1).forEach((first) => guarded(first)());
  if ((window as any).requestIdleCallback) requestIdleCallback(run, { timeout: 1000 });
  else setTimeout(run);
};

/** Tells what the page knows by now of the resource of the largest paint: a video loads on after it. */
const refresh = (number: number): void => {
  const candidate = meters[number].lists.get(0)?.[0];
  if (candidate && meters[number].flags & Flag.Lcp) tell(Kind.LargestResource, resourceTimes(candidate), [], number);
};
const finish = (number: number, since: number): void => {
  refresh(number);
  tell(Kind.Settled, [since], [], number);
};

const each = (action: (number: number) => void): void => {
  if (!isLoaded) guarded(tellNavigation)();
  meters.forEach((meter, number) => meter.observer && guarded(action)(number));
};

/** The page is hidden, or about to go. What is told then is the same as web-vitals reports in this event. */
const hide = (number: number, at: number, isChange: boolean, isTrusted: boolean): void => {
  const meter = meters[number];
  // As in web-vitals an event that a page made up ends no largest paint.
  if (!number && isTrusted) finish(0, at);
  // Of the others only CLS and INP hear of what has not been delivered yet: as in web-vitals, and no first paint.
  if (!number || meter.flags & (Flag.Cls | Flag.Inp)) {
    const waiting = meter.observer!.takeRecords();
    const isPaint = ({ entryType }: any): boolean => entryType === 'paint' && number > 0;
    const paints = waiting.filter(isPaint);
    take(number, waiting.filter((entry) => !isPaint(entry)));
    if (paints.length) setTimeout(guarded(() => meter.observer && take(number, paints)));
  }
  // Web-vitals counts what waits only after its report; ours would not leave any more.
  if (!number) {
    settle(meter);
    tell(Kind.Opened, opened);
  }
  tell(Kind.Hidden, [at, +isChange, count()], [], number);
  if (number && isTrusted && meter.flags & Flag.Lcp) finish(number, at);
  settle(meter);
};
/** Ends what the agent itself has to tell. */
export const hideOwn = guarded((): void => {
  if (meters[0]?.observer) hide(0, performance.now(), false, true);
});
const onVisibility = (event: Event): void => {
  if (document.visibilityState === 'hidden') each((number) => hide(number, event.timeStamp, true, event.isTrusted));
};
const onShow = guarded((event: PageTransitionEvent): void => {
  if (!event.persisted) return;
  each((number) => tell(Kind.Restored, [event.timeStamp, count()], [], number));
  onPainted((at) => each((number) => tell(Kind.Repainted, [at, hiddenNow()], [], number)));
});
const onInput = (event: Event): void => {
  if (!event.isTrusted) return;
  const since = performance.now();
  each((number) => {
    if (meters[number].flags & Flag.Lcp) whenIdle(meters[number], () => finish(number, since));
  });
};

/** Calls after the next frame has been painted. */
export const onPainted = (action: (at: number) => void): void => {
  requestAnimationFrame(() => requestAnimationFrame(guarded(() => action(performance.now()))));
};

const EVENTS: [string, (event: any) => void][] = [
  ['visibilitychange', onVisibility],
  ['pagehide', hideOwn],
  ['pageshow', onShow],
  ['keydown', onInput],
  ['click', onInput],
];
const listening = (method: 'addEventListener' | 'removeEventListener'): void => {
  for (const [type, listener] of EVENTS) window[method](type, listener, true);
};

/** What the agent itself measures, of what this browser can. */
export const measure = (): number => (meters[0].flags = measurable(Flag.Lcp | Flag.Inp | Flag.Cls | Flag.Fcp | Flag.Ttfb | Flag.Soft | Flag.Own));

/** Begins to measure a vital for a listener. What this browser cannot measure it never hears of. */
export const listen = (given: Parameters<typeof meter>[0], vital: Flag): void => {
  const flags = measurable(given.flags);
  const threshold = given.threshold ?? THRESHOLD;
  if (flags & vital) tell(Kind.Listen, [flags, threshold], [], meters.push(meter({ ...given, flags, threshold })) - 1);
};

/** Ends the observation for the agent itself, or for everyone. */
export const unwatch = (isAll: boolean): void => {
  buffered = false;
  meters.forEach((meter, number) => {
    if (number && !isAll) return;
    meter.observer?.disconnect();
    meter.observer = undefined;
    meter.kinds = {};
    meter.pending = [];
    meter.lists.clear();
  });
  if (meters.every(({ observer }) => !observer)) listening('removeEventListener');
};

// What the core asks for; src/browser/act/shim.rs declares these.

export const watch = guarded((number: number, kind: Kind, at: number, length: number, durationThreshold: number): void => {
  const meter = meters[number];
  const type = read(at, length);
  if (!meter.observer) {
    if (meters.every(({ observer }) => !observer)) listening('addEventListener');
    // Some browsers call back in the midst of other things (web-vitals' issue 277).
    const onEntries = (list: PerformanceObserverEntryList, _: PerformanceObserver, { droppedEntriesCount }: any = {}): void => {
      if (!number) tellDropped(droppedEntriesCount);
      queueMicrotask(guarded(() => meter.observer && take(number, list.getEntries())));
    };
    meter.observer = (window as any).PerformanceObserver ? new PerformanceObserver(onEntries) : NONE;
    queueMicrotask(guarded(() => begin(number)));
  }
  if (!supports(type)) return;
  meter.kinds[type] = kind;
  const isKept = kind === Kind.Interaction && earlyEvents().length > 0;
  // The document's entry is not observed but told when the load is over, for then it is complete.
  if (kind !== Kind.Navigation) meter.observer.observe({ type, buffered: isBuffered(number) && !isKept, durationThreshold } as PerformanceObserverInit);
});
/** How many entries the browser has room for when the page does not say otherwise. Source: Resource Timing. */
const BUFFER = 250;
let isDroppedTold = false;
/** Tells how many entries the browser has dropped before there was an observer; where it does not count, that there were some. */
const tellDropped = (count?: number): void => {
  if (isDroppedTold) return;
  isDroppedTold = true;
  const dropped = count ?? +(performance.getEntriesByType('resource').length >= BUFFER);
  if (dropped) tell(Kind.Lost, [Loss.Entry, dropped]);
};
/** What observes nothing. The document's life is told all the same. */
const NONE = { observe() {}, disconnect() {}, takeRecords: () => [] } as unknown as PerformanceObserver;
const isBuffered = (number: number): boolean => buffered || number > 0;

/** All types are observed: takes what there is already, so that nothing that happens now finds the meter unprepared. */
const begin = (number: number): void => {
  const meter = meters[number];
  const { observer, kinds, flags, threshold } = meter;
  if (!observer) return;
  if (flags & (Flag.Ttfb | Flag.Own)) whenLoaded(guarded(() => meter.observer && tellNavigation(number)));
  const isFed = kinds.event !== undefined && isBuffered(number);
  const events = isFed ? earlyEvents().filter(({ entryType, duration }) => entryType !== 'event' || duration >= threshold!) : [];
  take(number, [...events, ...observer.takeRecords()]);
  if (earlyInput && flags & Flag.Lcp) whenIdle(meter, () => finish(number, performance.now()));
};

let earlyEvents = (): PerformanceEntry[] => [];
/** When the page was hidden before the core was there, and whether the user acted. */
let earlyHidden = Infinity;
let earlyInput = 0;
/** How often beacons, event sources and web sockets were opened. */
let opened: number[] = [];
/** Says who has kept what so far: events, of which the browser has kept only some, the two marks, and what counts. */
export const feedBy = (takeMarks: () => readonly number[], source: () => PerformanceEntry[], counts: number[]): void => {
  earlyEvents = source;
  opened = counts;
  [earlyHidden, earlyInput] = takeMarks();
};
/** Whoever listens from now on is late: for him nothing has happened yet. */
export const endEarly = (): void => {
  earlyEvents = () => [];
  earlyInput = 0;
};

/** Calls when the load is over, and before entries of what came after it are told. */
const whenLoaded = (action: () => void): void => {
  if (navigationEntry()?.loadEventEnd > 0) action();
  else if (document.readyState === 'complete') setTimeout(action);
  else addEventListener('load', () => setTimeout(action), true);
};

export const hold = (number: number, index: number, list: number): void => holdIn(meters[number], index, list);

export const report = guarded((number: number, numbers: number, length: number, at: number, size: number): void => {
  const meter = meters[number];
  const told = readNumbers(numbers, length);
  const texts = read(at, size).split('\0');
  // The lists as they are now, before the core lets go of them.
  const lists = new Map(meter.lists);
  // The page's own code runs when the core has done: an error of it is the page's.
  afterwards(() => meter.report!(told, texts, { ...meter, lists }));
});
