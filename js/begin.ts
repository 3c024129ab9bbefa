// What both npm entries do: check the options at once, listen at once, and load the rest when the page is idle.

import { capturing } from './capture.ts';
import { type EarlyParts, early, listen, onFailure, unlisten, watchEvents, watchMarks } from './early.ts';
import { type Listening, tellHastily } from './hasty.ts';
import { whenIdle } from './idle.ts';
import { unwatchNetwork, watchNetwork } from './network.ts';
import { setShares } from './shares.ts';
import { watchShort } from './short.ts';
import type { Attributes } from './custom.ts';
import { check, type Consent, CONSENTS, type Options, type Settings } from './options.ts';

/** What a flag of the site's can be; nothing when it is not set any more. */
export type FlagValue = string | number | boolean | null;
/** A worker that has `vitrum/worker`. */
export type Watchable = Worker | SharedWorker | ServiceWorker;

/** The agent and its core, on their way. */
export type Loading = Promise<{
  open(wasm: BufferSource | Promise<BufferSource>, early: EarlyParts): Promise<void>;
  begin(settings?: Settings, lost?: number): void;
  hear(listening: Listening): Promise<void>;
  consent(state: Consent): void;
  user(id?: string | null, how?: { hash?: boolean }): void;
  forget(): void;
  event(name: string, attributes?: Attributes, at?: number): void;
  addBreadcrumb(text: string, at?: number): void;
  setFlag(name: string, value?: FlagValue): void;
  watchWorker(worker: Watchable): void;
  stop(): void;
  wasm: BufferSource | Promise<BufferSource>;
}>;

let settings: Settings | undefined;
let opened: Loading | undefined;
let isStopped = false;
let running: Awaited<Loading> | undefined;
/** When the agent has begun, or could not; and how often something was said before. Who says more than so much says it in a loop. */
let begun: Promise<void>;
let calls = 0;
const CALLS = 256;
let isForgetting = false;

let provide: (load: () => Loading) => void;
const provided = new Promise<() => Loading>((resolve) => (provide = resolve));
/** Says how the agent is loaded; the first time counts. */
export const provideBy = (load: () => Loading): void => provide(load);

/** The agent, with its core compiled. */
const open = (): Loading =>
  (opened ??= provided.then(async (load) => {
    const agent = await load();
    await agent.open(agent.wasm, early);
    return agent;
  }));

const isPage = (): boolean => typeof document !== 'undefined';
const complain = (fault: unknown): void => {
  unlisten(true);
  unwatchNetwork();
  console.debug('Vitrum could not start:', fault);
};

/** Starts with these options. */
export const start = (options: Options): void => {
  if (!isPage() || settings || isStopped) return;
  settings = check(options);
  listen();
  watchEvents();
  watchMarks();
  setShares(settings.sampleRate, settings.sampling, settings.cohort, settings.version);
  watchNetwork(() => settings!.consent === 1, settings.propagateTo, settings.baggage, settings.cookieDomain, settings.sessionIdle);
  // What the site wants to see before it leaves, or has forgotten, is not told without the agent.
  const isOff = (): boolean => isForgetting || !!settings!.beforeSend || (!settings!.synthetic && navigator.webdriver);
  watchShort(() => (isOff() ? '' : CONSENTS[settings!.consent]), settings);
  begun = new Promise<void>((resolve) => whenIdle(resolve))
    .then(async () => {
      if (isStopped) return;
      const agent = await open();
      running = agent;
      // What the page said meanwhile holds, and nothing happens on older terms.
      if (!isStopped) agent.begin(settings, Math.max(0, calls - CALLS));
    })
    .catch(complain);
};

/** Calls back with every report of a vital. A prerendered page is measured from its activation on. */
export const hear = (listening: Listening): void => {
  if (!isPage() || isStopped) return;
  const begin = (): void => {
    watchEvents(listening[2]?.durationThreshold);
    watchMarks();
    const onHide = (event: Event): void => tellHastily(event, [listening], early);
    addEventListener('visibilitychange', onHide, true);
    open()
      .then((agent) => (isStopped ? undefined : agent.hear(listening)))
      .catch(complain)
      .then(() => removeEventListener('visibilitychange', onHide, true));
  };
  if ((document as any).prerendering) document.addEventListener('prerenderingchange', begin, { once: true });
  else begin();
};

/** Changes what the user allows. Before `init` it does nothing: give `init` the option `consent`. */
export const consent = (state: Consent): void => {
  // What the page did wrong in the call is told by the rejection; what we could not start is told already.
  if (running || !CONSENTS.includes(state)) opened?.catch(() => undefined).then((agent) => agent?.consent(state));
  else if (settings) settings.consent = CONSENTS.indexOf(state);
};

/** Calls when the agent has begun, for before that the core knows nobody to whom it would belong. Who wants to be forgotten is, however much was said. */
const later = (action: (agent: Awaited<Loading>) => void): void => {
  if (!settings || isStopped) return;
  if (running) action(running);
  else if (isForgetting || calls++ < CALLS) begun.then(() => running && !isStopped && action(running));
};

/** Says who the user is, from then on; nobody without a name. Only a hash of it (SHA-256 of the service and the name) leaves, unless `hash` is false. */
export const user = (id?: string | null, how?: { hash?: boolean }): void => later((agent) => agent.user(id, how));

/** Tells an event of the site's own: a name, and texts, numbers and truths. Texts are scrubbed as those of errors are. Call it after `init`. */
export const event = (name: string, attributes?: Attributes): void => {
  if (!isPage()) return;
  const at = performance.now();
  later((agent) => agent.event(name, attributes, at));
};

const capture = capturing(onFailure);
/**
 * Tells an error that the site has caught, with what it says of it: texts, numbers and truths under names of its own. Before `init`
 * it does nothing. (The last two are for `vitrum/errors`.)
 */
export const captureError: typeof capture = (...args) => {
  if (settings && !isStopped) capture(...args);
};

/** Says what happened, for errors that may follow; scrubbed as their texts are. Call it after `init`. */
export const addBreadcrumb = (text: string): void => {
  if (!isPage()) return;
  const at = performance.now();
  later((agent) => agent.addBreadcrumb(text, at));
};

/** Says that a flag of the site's has this value, for errors that may follow; without one it is not set any more. Call it after `init`. */
export const setFlag = (name: string, value?: FlagValue): void => later((agent) => agent.setFlag(name, value));

/** Erases what this browser holds, asks the collector to do the same, and ends the observation until consent is given anew. */
export const forget = (): void => {
  isForgetting = true;
  later((agent) => agent.forget());
};

/** Times the requests of a worker too, which has to import `vitrum/worker`. Call it after `init`. */
export const watchWorker = (worker: Watchable): void => later((agent) => agent.watchWorker(worker));

/** Ends everything for this page, and puts back what was wrapped. */
export const stop = (): void => {
  if (!settings && !opened) return;
  isStopped = true;
  unlisten();
  unwatchNetwork();
  opened?.catch(() => undefined).then((agent) => agent?.stop());
};
