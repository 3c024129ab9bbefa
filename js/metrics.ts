// Metrics as users of web-vitals know them: a report of the core, put together with the browser's own entries. It is
// loaded by itself, when somebody listens.

import type { Flag, Meter } from './rows.ts';

/** What the agent lends. */
export interface Sense {
  listen(given: Pick<Meter, 'flags' | 'threshold' | 'generateTarget' | 'report'>, vital: Flag): void;
  navigationEntry(): any;
  resourceOf(painted: any): any;
  sourceOf(sources: any): any;
  keepResources(count: number): void;
}

export type MetricName = 'LCP' | 'INP' | 'CLS' | 'FCP' | 'TTFB';

/** The options of a listener, as in web-vitals. */
export interface ReportOptions {
  /** Report every change, not only what may be the last value. */
  reportAllChanges?: boolean;
  /** Report each soft navigation too, where the browser tells of them. */
  reportSoftNavs?: boolean;
  /** INP: the shortest duration of an event in milliseconds; 40 by default. */
  durationThreshold?: number;
  /** Names an element; where it returns nothing a selector does. */
  generateTarget?: (element: Node | null) => string | undefined;
  /** INP: fill `attribution.processedEventEntries`. */
  includeProcessedEventEntries?: boolean;
  /** LCP: how many resources are remembered beyond the browser's own buffer; 50 by default. */
  resourceBufferSize?: number;
}

/** A metric, as in web-vitals with attribution. */
export interface Metric {
  name: MetricName;
  /** Milliseconds; of CLS a score. */
  value: number;
  rating: 'good' | 'needs-improvement' | 'poor';
  /** What the value has changed by since the last report of this `id`. */
  delta: number;
  id: string;
  entries: PerformanceEntry[];
  navigationType: 'navigate' | 'reload' | 'back-forward' | 'back-forward-cache' | 'prerender' | 'restore' | 'soft-navigation';
  navigationId: number;
  navigationInteractionId?: number;
  navigationURL?: string;
  navigationStartTime: number;
  attribution: any;
}

const NAMES: MetricName[] = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'];
const RATINGS = ['good', 'needs-improvement', 'poor'] as const;
const STATES = ['loading', 'dom-interactive', 'dom-content-loaded', 'complete'];
const SUBPARTS = ['input-delay', 'processing-duration', 'presentation-delay'];

/** Like web-vitals': a version, the time, a random number of 13 digits. */
const newId = (): string => `v6-${Date.now()}-${1e12 + Math.floor(Math.random() * 9e12)}`;

/** Calls back with every report of a metric. `said` is what was told of it before the core was there. */
export const listen = (sense: Sense, name: MetricName, callback: (metric: any) => void, options: ReportOptions = {}, said?: Pick<Metric, 'id' | 'value'>): void => {
  const vital = 1 << NAMES.indexOf(name);
  // Bits as `Flag` has them.
  let flags = vital | 128;
  if (options.reportSoftNavs) flags |= 32;
  if (options.reportAllChanges) flags |= 64;
  if (options.includeProcessedEventEntries) flags |= 256;
  if (options.resourceBufferSize !== undefined) sense.keepResources(options.resourceBufferSize);
  // Of a metric only this is remembered: entries are the page's while its callback runs.
  let id = '';
  let instance = -1;
  const report = (numbers: number[], texts: string[], meter: Meter): void => {
    const [, number, rating, navigationId, interaction, navigationStartTime, value, delta, list, ...parts] = numbers;
    const [navigationType, url, ...words] = texts;
    const before = number ? undefined : said;
    said = undefined;
    if (number !== instance) {
      instance = number;
      id = before?.id || newId();
    }
    if (value === before?.value) return;
    const isSoft = navigationType === 'soft-navigation';
    const navigationEntry = isSoft ? meter.routes.get(navigationId) : sense.navigationEntry();
    const isFirstByte = name === 'TTFB' && (isSoft || list >= 0) && navigationEntry;
    const entries = isFirstByte ? [navigationEntry] : meter.lists.get(list) || [];
    const metric: Metric = {
      name,
      value,
      rating: RATINGS[rating],
      delta: before ? value - before.value : delta,
      id,
      entries,
      navigationType: navigationType as Metric['navigationType'],
      navigationId,
      navigationInteractionId: isNaN(interaction) ? undefined : interaction,
      navigationURL: url || undefined,
      navigationStartTime,
      attribution: explain[name](entries, parts, words, meter, navigationEntry),
    };
    callback(metric);
  };
  const explain: { [name in MetricName]: (entries: any[], parts: number[], words: string[], meter: Meter, navigationEntry: any) => any } = {
    LCP([lcpEntry], [timeToFirstByte, resourceLoadDelay, resourceLoadDuration, elementRenderDelay], [target], _, navigationEntry) {
      const attribution: any = { timeToFirstByte, resourceLoadDelay, resourceLoadDuration, elementRenderDelay };
      if (!lcpEntry) return attribution;
      Object.assign(attribution, { target: target || undefined, lcpEntry });
      if (lcpEntry.url) attribution.url = lcpEntry.url;
      const lcpResourceEntry = sense.resourceOf(lcpEntry);
      if (lcpResourceEntry) attribution.lcpResourceEntry = lcpResourceEntry;
      if (navigationEntry) attribution.navigationEntry = navigationEntry;
      return attribution;
    },
    CLS(entries, [largestShiftTime, largestShiftValue, loadState, index], [target], { named }) {
      const largestShiftEntry = entries[index];
      const largestShiftSource = sense.sourceOf(largestShiftEntry?.sources);
      if (!largestShiftSource) return {};
      return {
        // The source may be another by now, if its node is gone.
        largestShiftTarget: named.has(largestShiftSource) ? target : undefined,
        largestShiftTime,
        largestShiftValue,
        largestShiftSource,
        largestShiftEntry,
        loadState: STATES[loadState],
      };
    },
    INP(entries, parts, [target], { lists }) {
      const [inputDelay, processingDuration, presentationDelay, isKey, interactionTime, nextPaintTime, state, ...frames] = parts;
      const loadState = STATES[state];
      if (!entries.length) {
        return { processedEventEntries: [], longAnimationFrameEntries: [], inputDelay, processingDuration, presentationDelay, loadState };
      }
      const [totalScriptDuration, totalStyleAndLayoutDuration, totalPaintDuration, totalUnattributedDuration, subpart, intersectingDuration, frame, script, events, ...numbers] = frames;
      const longAnimationFrameEntries = numbers.map((list) => lists.get(list)?.[0]);
      const isLong = longAnimationFrameEntries.length > 0;
      const told = (number: number): number | undefined => (isLong ? number : undefined);
      return {
        interactionTarget: target || undefined,
        interactionType: isKey ? 'keyboard' : 'pointer',
        interactionTime,
        nextPaintTime,
        processedEventEntries: [...(lists.get(events) || [])].sort((a, b) => a.processingStart - b.processingStart),
        longAnimationFrameEntries,
        inputDelay,
        processingDuration,
        presentationDelay,
        loadState,
        longestScript:
          isLong && subpart >= 0
            ? { entry: longAnimationFrameEntries[frame].scripts[script], subpart: SUBPARTS[subpart], intersectingDuration }
            : undefined,
        totalScriptDuration: told(totalScriptDuration),
        totalStyleAndLayoutDuration: told(totalStyleAndLayoutDuration),
        totalPaintDuration: told(totalPaintDuration),
        totalUnattributedDuration: told(totalUnattributedDuration),
      };
    },
    FCP([fcpEntry], [timeToFirstByte, firstByteToFCP, state], _, meter, navigationEntry) {
      const attribution: any = { timeToFirstByte, firstByteToFCP, loadState: STATES[state] };
      if ((fcpEntry && navigationEntry) || meter.routes.has(navigationEntry?.navigationId)) attribution.navigationEntry = navigationEntry;
      if (fcpEntry && navigationEntry) attribution.fcpEntry = fcpEntry;
      return attribution;
    },
    TTFB([navigationEntry], [waitingDuration, cacheDuration, dnsDuration, connectionDuration, requestDuration]) {
      return { waitingDuration, cacheDuration, dnsDuration, connectionDuration, requestDuration, navigationEntry };
    },
  };
  sense.listen({ flags, threshold: options.durationThreshold, generateTarget: options.generateTarget, report }, vital);
};
