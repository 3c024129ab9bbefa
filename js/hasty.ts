// Vitals of a visit that ends before the core is there: what the browser's buffers have at that moment, by the same rules
// as src/core/vitals, as far as they matter in the first second of a page. Of INP's attribution the frames are not there.

import { Early, type EarlyParts } from './early.ts';
import { navigationEntry, resourceOf, selector, sourceOf } from './entries.ts';
import type { ReportOptions } from './metrics.ts';

/** Each metric, good up to the first, poor above the second. */
const THRESHOLDS: { [name: string]: [number, number] } = {
  LCP: [2500, 4000],
  INP: [200, 500],
  CLS: [0.1, 0.25],
  FCP: [1800, 3000],
  TTFB: [800, 1800],
};

/** What the browser has buffered of a type: `observe` puts it into the queue at once. */
const buffered = (type: string): any[] => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({ type, buffered: true });
  const entries = observer.takeRecords();
  observer.disconnect();
  return entries;
};

/** The metric as it is now, if it can be told when a page hides. */
const measure = (name: string, isTrusted: boolean, early: EarlyParts): any => {
  const [load] = performance.getEntriesByType('navigation') as any[];
  const { activationStart = 0, navigationId = 0, name: navigationURL, type = 'navigate' } = load || {};
  const hiddenAt = performance.getEntriesByType('visibility-state').find((state) => state.name === 'hidden' && state.startTime >= activationStart)?.startTime;
  const isSeen = ({ startTime }: any): boolean => !(startTime >= hiddenAt!);
  const painted = performance.getEntriesByName('first-contentful-paint').filter(isSeen);
  let entries: any[] = [];
  let value = -1;
  if (name === 'CLS' && painted.length && PerformanceObserver.supportedEntryTypes.includes('layout-shift')) {
    let shifts: any[] = [];
    let sum = 0;
    value = 0;
    for (const shift of buffered('layout-shift')) {
      if (shift.hadRecentInput) continue;
      const { startTime } = shift;
      if (!sum || startTime - shifts[shifts.length - 1].startTime >= 1000 || startTime - shifts[0].startTime >= 5000) {
        shifts = [];
        sum = 0;
      }
      shifts.push(shift);
      sum += shift.value;
      if (sum > value) {
        value = sum;
        entries = shifts;
      }
    }
  } else if (name === 'INP') {
    for (const event of early[Early.TakeEvents]() as any[]) {
      const { interactionId, duration, startTime } = event;
      if (!interactionId) continue;
      if (duration > value) {
        value = duration;
        entries = [event];
      } else if (interactionId === entries[0].interactionId && duration === value && startTime === entries[0].startTime) entries.push(event);
    }
  } else {
    if (name === 'TTFB' && load?.loadEventEnd > 0) entries = [load];
    if (name === 'FCP') entries = painted;
    if (name === 'LCP' && isTrusted) entries = buffered('largest-contentful-paint').filter(isSeen).slice(-1);
    const [entry] = entries;
    if (entry) value = Math.max((entry.startTime || entry.responseStart) - activationStart, 0);
  }
  const [good, poor] = THRESHOLDS[name];
  return {
    name,
    value,
    delta: value,
    rating: value > poor ? 'poor' : value > good ? 'needs-improvement' : 'good',
    id: `v6-${Date.now()}-${1e12 + Math.floor(Math.random() * 9e12)}`,
    entries,
    navigationType: activationStart ? 'prerender' : (document as any).wasDiscarded ? 'restore' : type.replace('_', '-'),
    navigationId,
    navigationURL,
    navigationStartTime: 0,
    attribution: {},
  };
};

/** How far the document was loaded then. */
const loadState = (at: number): string => {
  const { domInteractive, domContentLoadedEventStart, domComplete } = navigationEntry() || {};
  if (document.readyState === 'loading' || at < domInteractive) return 'loading';
  if (domContentLoadedEventStart === 0 || at < domContentLoadedEventStart) return 'dom-interactive';
  return domComplete === 0 || at < domComplete ? 'dom-content-loaded' : 'complete';
};

/** What explains a metric. */
const explain = ({ name, value, entries }: any, options: ReportOptions = {}): any => {
  const navigation = navigationEntry();
  const { activationStart = 0, responseStart = 0 } = navigation || {};
  const since = (at: number): number => Math.max(at - activationStart, 0);
  const firstByte = since(responseStart);
  const target = (node: Node | null | undefined): string | undefined => (node ? (options.generateTarget?.(node) ?? selector(node)) : undefined);
  const [entry] = entries;
  if (name === 'TTFB') {
    const [waited, lookup, connect, connected] = [entry.workerStart || entry.fetchStart, entry.domainLookupStart, entry.connectStart, entry.connectEnd].map(since);
    return {
      waitingDuration: waited,
      cacheDuration: lookup - waited,
      dnsDuration: connect - lookup,
      connectionDuration: connected - connect,
      requestDuration: value - connected,
      navigationEntry: entry,
    };
  }
  if (name === 'FCP') {
    return { timeToFirstByte: firstByte, firstByteToFCP: value - firstByte, loadState: loadState(entry.startTime), navigationEntry: navigation, fcpEntry: entry };
  }
  if (name === 'LCP') {
    const resource = resourceOf(entry);
    const request = Math.max(firstByte, resource ? (resource.requestStart || resource.startTime) - activationStart : 0);
    const loaded = Math.min(value, Math.max(request, resource ? resource.responseEnd - activationStart : 0));
    return {
      target: target(entry.element) ?? (entry.id ? '#' + entry.id : undefined),
      lcpEntry: entry,
      ...(entry.url && { url: entry.url }),
      ...(resource && { lcpResourceEntry: resource }),
      timeToFirstByte: firstByte,
      resourceLoadDelay: request - firstByte,
      resourceLoadDuration: loaded - request,
      elementRenderDelay: value - loaded,
      navigationEntry: navigation,
    };
  }
  if (name === 'CLS') {
    const largest = entries.reduce((a: any, b: any) => (a?.value > b.value ? a : b), undefined);
    const source = sourceOf(largest?.sources);
    if (!source) return {};
    return {
      largestShiftTarget: target(source.node),
      largestShiftTime: largest.startTime,
      largestShiftValue: largest.value,
      largestShiftSource: source,
      largestShiftEntry: largest,
      loadState: loadState(largest.startTime),
    };
  }
  const { startTime, processingStart } = entry;
  const paint = Math.max(startTime + value, processingStart);
  const processed = Math.min(Math.max(...entries.map(({ processingEnd }: any) => processingEnd)), paint);
  return {
    interactionTarget: target(entries.find((event: any) => event.target)?.target) ?? entry.targetSelector,
    interactionType: entry.name.startsWith('key') ? 'keyboard' : 'pointer',
    interactionTime: startTime,
    nextPaintTime: paint,
    processedEventEntries: [],
    longAnimationFrameEntries: [],
    inputDelay: processingStart - startTime,
    processingDuration: processed - processingStart,
    presentationDelay: paint - processed,
    loadState: loadState(startTime),
  };
};

/** What listens: one of web-vitals' functions or `onVital`, its arguments, and what it has been told here. */
export type Listening = [on: string, callback: (metric: any) => void, options?: ReportOptions, said?: { [name: string]: { id: string; value: number } }];

/** Tells listeners what there is, when the page hides before the core can. */
export const tellHastily = ({ isTrusted }: Event, listeners: Listening[], early: EarlyParts): void => {
  if (document.visibilityState !== 'hidden') return;
  for (const listening of listeners) {
    const [on, callback, options] = listening;
    const said = (listening[3] ||= {});
    for (const name in THRESHOLDS) {
      if (on !== 'on' + name && on !== 'onVital') continue;
      let metric: any;
      try {
        metric = measure(name, isTrusted, early);
        const { id, value } = said[name] || {};
        if (metric.value < 0 || metric.value === value) continue;
        if (id) Object.assign(metric, { id, delta: metric.value - value! });
        metric.attribution = explain(metric, options);
      } catch {
        // A fault of ours is never the page's; nobody is there yet to count it.
        continue;
      }
      said[name] = { id: metric.id, value: metric.value };
      try {
        callback(metric);
      } catch (error) {
        // The page's own, in its own callback.
        reportError(error);
      }
    }
  }
};
