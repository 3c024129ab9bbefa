// A visit that is too short for the agent: the page view, its vitals and its errors, as the loader has them (WIRE.md).
//
// It is told as the page goes, by the agent or here and never by both: they would be two views, each with all vitals, as the
// agent's names are its own. A page that only hides may be shown again, and the agent comes meanwhile in any case; so hiding
// counts where it is known that it cannot come. Where a page returns of which this was told, the agent stays away.
//
// The session has to be among the sampled, whatever went wrong: the collector takes each short visit for as many as the share
// says, and one that is told for its error would count so, too.

import { Fate, fate, lost, marks, takeEvents, unlisten, waiting } from './early.ts';
import { sendBeacon, unwatchNetwork } from './network.ts';
import { attempt } from './seen.ts';
import { patternOf } from './shares.ts';
import { hex, sampled, traceOf } from './trace.ts';

/** What is told of the site, and how; as js/options.ts has it. */
export interface Site {
  endpoint?: string;
  service?: string;
  version?: string;
  environment?: string;
  routes: string[];
  scrub: string[];
}

/** Words of letters, none of them so long that it may be a token. What has anything else in it may be data. */
const PLAIN = /^(?!.*[a-z]{20})[a-z.,:;!?'"()_-]{0,24}$/i;
const hide = (text: string, by: string): string => (PLAIN.test(text) ? text : by);

/** What the browser has buffered of a type: `observe` puts it into the queue at once. */
const buffered = (type: string): any[] => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({ type, buffered: true });
  const entries = observer.takeRecords();
  observer.disconnect();
  return entries;
};

/** The vitals by the rules of src/core/vitals, as far as they matter in the first seconds of a page. */
const measure = ({ activationStart = 0, responseStart }: any): [string, number][] => {
  const isSeen = ({ startTime }: any): boolean => startTime < marks[0] && !(startTime >= hidden?.startTime);
  const since = (at?: number): number => (at ? Math.max(at - activationStart, 0) : -1);
  const hidden = buffered('visibility-state').find(({ name, startTime }) => name === 'hidden' && startTime >= activationStart);
  const painted = performance.getEntriesByName('first-contentful-paint').find(isSeen);
  let [shifted, sum, first, last] = [0, 0, -1e4, 0];
  for (const { hadRecentInput, startTime, value } of buffered('layout-shift')) {
    if (hadRecentInput) continue;
    if (startTime - last >= 1000 || startTime - first >= 5000) {
      sum = 0;
      first = startTime;
    }
    last = startTime;
    sum += value;
    shifted = Math.max(shifted, sum);
  }
  return [
    ['ttfb', since(responseStart)],
    ['fcp', since(painted?.startTime)],
    ['lcp', since(buffered('largest-contentful-paint').findLast(isSeen)?.startTime)],
    ['cls', painted && (window as any).LayoutShift ? shifted : -1],
    ['inp', Math.max(...takeEvents().map(({ interactionId, duration }: any) => (interactionId ? duration : -1)))],
  ];
};

/** Tells it, if there is consent then: `granted`, or `minimal`, which is without anything that could be somebody's. */
export const watchShort = (consent: () => string | undefined, { endpoint = '/', service = location.hostname, version, environment, routes, scrub }: Site): void => {
  /** Nothing of a text that a rule of the site is about. */
  const ruled = (text: string): string => (scrub.some((rule) => text.includes(rule.replace(/^\w+:|=>.*/g, ''))) ? '' : text);
  const tell = (): void => {
    const state = consent();
    const isFull = state === 'granted';
    const [session, rate] = ((isFull || state === 'minimal') && sampled(isFull)) || [];
    if (!session) return;
    const [load = {}] = performance.getEntriesByType('navigation') as any[];
    const { pathname, href, origin } = new URL(load.name || location);
    const template = ruled(href) && (routes.find((route) => patternOf(route).test(pathname)) || pathname.replace(/[^/]+/g, (part) => hide(part, ':id')));
    const [trace, root] = traceOf().split('-');
    const visit = {
      v: 1,
      page: hex(),
      at: performance.timeOrigin,
      service,
      version,
      environment,
      rate,
      synthetic: navigator.webdriver,
      type: load.activationStart ? 'prerender' : load.type,
      vitals: attempt(() => measure(load).filter(([, value]) => value >= 0)),
      errors: waiting.map(([at, , , , , [name, message]]) => [
        Math.round(at),
        /^[a-z]{0,25}(Error|Exception|Rejection|Violation)$/i.test(ruled(name)) ? name : 'Error',
        ruled(message).replace(/\S+/g, (token) => hide(token, '*')).slice(0, 200),
        '',
      ]),
      lost: waiting.reduce((sum, [, times]) => sum + times - 1, lost),
      ...(isFull && { session, view: hex(), trace, root, url: template && origin + template, template, referrer: ruled(document.referrer).match(/^https?:\/\/[^/]+/)?.[0] }),
    };
    if (Reflect.apply(sendBeacon, navigator, [new URL(endpoint, document.baseURI).href.replace(/\/?$/, '/v1/beacon'), new TextEncoder().encode(JSON.stringify(visit))])) {
      unlisten();
      unwatchNetwork();
    }
  };
  for (const name of ['pagehide', 'visibilitychange'])
    addEventListener(
      name,
      ({ isTrusted }) => {
        const { prerendering, visibilityState } = document as any;
        const isDue = name[0] === 'p' ? fate < Fate.Agent : fate === Fate.Short && visibilityState === 'hidden';
        if (isDue && isTrusted && !prerendering) attempt(tell);
      },
      true,
    );
};
