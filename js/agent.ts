// The agent: the glue that wasm-bindgen wrote, the shim, and the core, put together. Loaded when the page has done its
// own work.

import { imports, setWasm } from 'vitrum-glue';
import { type Capture, capturing } from './capture.ts';
import type { Attributes } from './custom.ts';
import { Early, type EarlyParts } from './early.ts';
import { keepResources, navigationEntry, resourceOf, sourceOf } from './entries.ts';
import type { Listening } from './hasty.ts';
import type { BeforeSend } from './hook.ts';
import { Kind, Loss } from './kinds.ts';
import type { MetricName, ReportOptions } from './metrics.ts';
import { check, CONSENTS, type Consent, optionsOf, type Settings } from './options.ts';
import { guarded, tell } from './packet.ts';
import { endEarly, listen as watch } from './sense.ts';
import * as shim from './shim.ts';
import { allow, forgetUser, name } from './terms.ts';

/** Compiles the core. Nothing is observed yet. */
export const open = async (wasm: BufferSource | Promise<BufferSource>, early: EarlyParts): Promise<void> => {
  const { instance } = await WebAssembly.instantiate(await wasm, imports);
  const exports = instance.exports as any;
  setWasm(exports);
  exports.__wbindgen_start?.();
  shim.start(exports, early);
  // Whoever listens from then on is late, and has what the browser has buffered.
  setTimeout(() => {
    early[Early.EndEvents]();
    endEarly();
  }, EARLY_MS);
};

/** So long those who waited for the core have time to begin. */
const EARLY_MS = 1000;

let isDebugging = false;
let hasBegun = false;
/** What is called meanwhile waits for the start. */
let started: Promise<void> | void;
let isStarted = false;
/** Calls then; at once if it has started, so that what is said before an error is there when that comes. */
const onceStarted = (action: () => void): void => {
  if (isStarted) action();
  else Promise.resolve(started).then(action);
};

/** Starts it; without settings only those who listen to vitals are served, until there are some. So much of what was said before is lost. */
export const begin = guarded((settings?: Settings, lost?: number): void => {
  if (!settings && hasBegun) return;
  hasBegun = true;
  isDebugging = !!settings?.debug;
  // Those who listened only have another core's state.
  isStarted = false;
  started = shim.begin(settings);
  Promise.resolve(started).then(
    guarded(() => {
      isStarted = true;
      if (lost) tell(Kind.Lost, [Loss.Record, lost]);
    }),
  );
});

/** What listeners are lent. No namespace: the one that a bundler makes trips over what pages put on `Object.prototype`. */
const sense = { listen: watch, navigationEntry, resourceOf, sourceOf, keepResources };

let lent: { listen: typeof import('./metrics.ts').listen } | undefined;
/** Lends what listeners need, if it need not be fetched. */
export const lend = (metrics: typeof lent): void => {
  lent = metrics;
};

/** Calls back with every report of a vital. */
export const hear = async (listening: Listening): Promise<void> => {
  // Without it they hear nothing, and that is counted.
  const { listen } = lent || (await import('./metrics.ts').catch(() => ({}) as NonNullable<typeof lent>));
  // What was told of it meanwhile is in its last part.
  const [on, callback, options, said] = listening;
  begin();
  await started;
  for (const name of NAMES) if (on === 'onVital' || on === 'on' + name) guarded(listen)(sense, name, callback, options, said?.[name]);
};

/** Changes what the user allows. */
export const consent = (state: Consent): void => {
  const index = CONSENTS.indexOf(state);
  if (index < 0 && isDebugging) {
    throw new TypeError(`vitrum: consent was called with ${JSON.stringify(state)}, but takes one of ${CONSENTS.join(', ')}. Nothing was changed.`);
  }
  allow(index, 'api');
};

/** Says who the user is; nobody without a name. Only a hash of it leaves, unless `hash` is false. */
export const user = async (id?: string | null, how?: { hash?: boolean }): Promise<void> => {
  await started;
  await name(id, how);
};

/** Erases what this browser holds of the session, and asks the collector to do the same. Nothing is collected after that, until consent is given anew. */
export const forget = async (): Promise<void> => {
  await started;
  forgetUser();
};

/** Tells an event of the site's own: when it happened is now, unless it is said. */
export const event = async (name: string, attributes?: Attributes, at = performance.now()): Promise<void> => {
  await started;
  shim.custom(at, name, attributes);
};

/** Says what happened, for errors that may follow. */
export const addBreadcrumb = (text: string, at = performance.now()): void => onceStarted(() => shim.crumb(at, text));

/** Says that a flag of the site's has this value; without one it is not set any more. */
export const setFlag = (name: string, value?: string | number | boolean | null): void => onceStarted(() => shim.flag(name, value));

/** Takes what this worker tells of its requests. */
export const watchWorker = async (worker: Worker | SharedWorker | ServiceWorker): Promise<void> => {
  await started;
  shim.addWorker(worker);
};

/** Ends everything for this page. */
export const stop = (): void => {
  shim.end();
};

type Call = ['consent', Consent] | ['captureError', ...Capture] | ['addBreadcrumb', string] | ['setFlag', string, (string | number | boolean)?] | ['beforeSend', BeforeSend] | ['event', string, Attributes?] | ['user', string, { hash?: boolean }?] | ['forget'] | ['watchWorker', Worker] | ['stop'] | Listening;

const NAMES: MetricName[] = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'];
/** What `window.vitrum` has of web-vitals' functions. */
const listeners = Object.fromEntries(
  ['Vital', ...NAMES].map((name) => ['on' + name, (callback: (metric: any) => void, options?: ReportOptions) => hear(['on' + name, callback, options])]),
);

/** The agent of a script tag: checks the options, starts, and takes over the calls that wait on `window.vitrum`. */
export const boot = async (wasm: Promise<BufferSource>, data: DOMStringMap, early: EarlyParts): Promise<void> => {
  await open(wasm, early);
  // The settings are as the page has them now: what it said meanwhile holds, and nothing happens on older terms.
  const waiting: Call[] = (window as any).vitrum;
  let said = optionsOf(data);
  const calls = waiting.filter(([name]) => name !== 'consent' && name !== 'beforeSend');
  // Who has been asked has answered, whatever the browser's settings say.
  for (const call of waiting) if (call[0] === 'beforeSend') said = { ...said, beforeSend: call[1] as BeforeSend };
  for (const call of waiting) if (call[0] === 'consent') said = { ...said, consent: call[1] as Consent, globalPrivacyControl: false, doNotTrack: false };
  const leave = (): void => {
    early[Early.Unlisten]();
    early[Early.UnwatchNetwork]();
  };
  if (calls.some(([name]) => name === 'stop')) return leave();
  try {
    begin(check(said));
  } catch (complaint) {
    console.error((complaint as Error).message);
    return leave();
  }
  const captureError = capturing(early[Early.OnFailure]);
  const vitrum: any = { addBreadcrumb, captureError, consent, event, forget, setFlag, stop, user, watchWorker, ...listeners };
  vitrum.push = (call: Call): unknown => (call[0].startsWith('on') ? hear(call as Listening) : vitrum[call[0]]?.(...call.slice(1)));
  (window as any).vitrum = vitrum;
  calls.forEach(vitrum.push);
};
