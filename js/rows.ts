// Rows of packets: what is read of each entry, in the order that src/core/observation.rs says.

import { resourceOf, selector, sourceOf } from './entries.ts';
import { Kind } from './kinds.ts';
import { tell } from './packet.ts';
import { numbersOf, numbersOfResource, PHASES, textsOf, textsOfResource } from './resource.ts';

/** What a meter measures, as the bits of `vitals::flags` in src/core/vitals/mod.rs. */
export const enum Flag {
  Lcp = 1,
  Inp = 2,
  Cls = 4,
  Fcp = 8,
  Ttfb = 16,
  Soft = 32,
  AllChanges = 64,
  Entries = 128,
  Events = 256,
  Own = 512,
}

/** One who listens. */
export interface Meter {
  flags: number;
  threshold?: number;
  /** Names an element, if the listener has names of its own. */
  generateTarget?: (node: Node | null) => string | undefined;
  /** Takes a report: numbers and texts as src/core/effect.rs says. */
  report?: (numbers: number[], texts: string[], meter: Meter) => void;
  /** The entries that the core has asked for, by the number of their list. */
  lists: Map<number, any[]>;
  /** The last soft navigations, by their `navigationId`. */
  routes: Map<number, any>;
  /** What named the sources of shifts. */
  named: WeakSet<object>;
  kinds: { [type: string]: Kind };
  pending: (() => void)[];
  observer?: PerformanceObserver;
}

/** The entries of the packet that is being told. */
let packet: any[] = [];
/** The properties of entries that are packed, in the order that observation.rs says. */
const NAVIGATION =
  PHASES +
  ',domInteractive,domContentLoadedEventStart,domContentLoadedEventEnd,domComplete,loadEventStart,loadEventEnd,unloadEventStart,unloadEventEnd,redirectCount,activationStart';
/** How many interactions there were on this page. */
export const count = (): number => (performance as any).interactionCount || 0;

/** Whether the load is over, and its entry complete. */
export let isLoaded = false;
/** Tells what is known by now of the document's load. Without a meter it is no news, only what others refer to. */
export const tellNavigation = (meter = -1): void => {
  const [entry] = performance.getEntriesByType('navigation') as any[];
  if (!entry) return;
  isLoaded = entry.loadEventEnd > 0;
  const more = [+!!(document as any).wasDiscarded, +(document.readyState === 'loading'), entry.navigationId || 0];
  tell(Kind.Navigation, [...numbersOf(entry, NAVIGATION), ...more], textsOfResource(entry, 'type'), meter);
};

export const resourceTimes = (painted: any): number[] => {
  const resource = resourceOf(painted);
  return resource ? [resource.requestStart || resource.startTime, resource.responseEnd] : [-1, 0];
};

const named = (meter: Meter, node: Node): string => meter.generateTarget?.(node) ?? selector(node);
/** The row of an entry; what is to be kept of it is pushed to the packet. */
const row = (meter: Meter, kind: Kind, entry: any): [number[], string[]] => {
  packet.push(entry);
  switch (kind) {
    case Kind.LargestPaint: {
      const isOfInteraction = entry.entryType !== 'largest-contentful-paint';
      const painted = isOfInteraction ? entry.largestContentfulPaint : entry;
      packet[packet.length - 1] = painted;
      const { element, id, url } = painted || {};
      const times = isOfInteraction ? [painted?.renderTime || 0, entry.interactionId || 0] : [entry.startTime, -1];
      return [
        [entry.startTime, ...times, +!!painted, ...resourceTimes(painted)],
        [element ? named(meter, element) : id ? '#' + id : '', url || ''],
      ];
    }
    case Kind.Shift: {
      const source = entry.hadRecentInput ? undefined : sourceOf(entry.sources);
      const node = source?.node;
      if (node) meter.named.add(source);
      return [[entry.startTime, entry.value, +entry.hadRecentInput], [node ? named(meter, node) : '']];
    }
    case Kind.Interaction: {
      const { interactionId, target, targetSelector } = entry;
      return [
        [...numbersOf(entry, 'interactionId,startTime,duration,processingStart,processingEnd'), +entry.name.startsWith('key'), count()],
        [interactionId ? (target ? named(meter, target) : targetSelector || '') : ''],
      ];
    }
    case Kind.LongFrame:
      return [numbersOf(entry, 'startTime,duration,blockingDuration,renderStart,styleAndLayoutStart,firstUIEventTimestamp'), []];
    case Kind.LongTask:
      return [[entry.startTime, entry.duration], [entry.name]];
    case Kind.Resource:
      return [numbersOfResource(entry), textsOfResource(entry)];
    default:
      return [[entry.startTime], []];
  }
};

/** Tells a meter of entries of one kind. */
export const hand = (meter: Meter, number: number, kind: Kind, entries: any[]): void => {
  const numbers: number[] = [];
  const texts: string[] = [];
  packet = [];
  for (const entry of entries) {
    const [more, words] = row(meter, kind, entry);
    numbers.push(...more);
    texts.push(...words);
  }
  tell(kind, numbers, texts, number);
  if (kind === Kind.LongFrame) {
    for (const { scripts } of entries) {
      tell(
        Kind.Script,
        scripts.flatMap((script: any) => numbersOf(script, 'startTime,duration,forcedStyleAndLayoutDuration')),
        scripts.flatMap((script: any) => textsOf(script, 'invoker,sourceURL,sourceFunctionName')),
        number,
      );
    }
  }
};

/** Adds an entry of the last packet to a list of this meter, or (a negative index) lets go of the list. */
export const holdIn = ({ lists }: Meter, index: number, list: number): void => {
  if (index < 0) lists.delete(list);
  else if (lists.has(list)) lists.get(list)!.push(packet[index]);
  else lists.set(list, [packet[index]]);
};

