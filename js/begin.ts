// What both npm entries do: check the options at once, listen at once, and load the rest when the page is idle.

import { type Early, handOver, listen, unlisten } from './early.ts';
import { whenIdle } from './idle.ts';
import { check, type Consent, CONSENTS, type Options, type Settings } from './options.ts';

/** The agent and its core, on their way. */
export type Loading = Promise<{
  run(wasm: BufferSource | Promise<BufferSource>, current: () => Settings | undefined, early: Early): Promise<boolean>;
  consent(state: Consent): void;
  stop(): void;
  wasm: BufferSource | Promise<BufferSource>;
}>;

let started: Loading | undefined;
let isStopped = false;
/** What the page said before the agent was there. */
let chosen: Consent | undefined;
let isRunning = false;

/** Starts with the agent that `load` gives. */
export const begin = (options: Options, load: () => Loading): void => {
  if (typeof document === 'undefined' || started) return;
  const settings = check(options);
  listen();
  const idle = new Promise<void>((resolve) => whenIdle(resolve));
  started = idle.then(async () => {
    if (isStopped) throw new Error('stopped');
    const agent = await load();
    const current = (): Settings | undefined => {
      isRunning = true;
      if (!isStopped) return chosen ? { ...settings, consent: CONSENTS.indexOf(chosen) } : settings;
    };
    await agent.run(agent.wasm, current, { handOver, listen, unlisten });
    return agent;
  });
  started.catch((fault) => console.debug('Vitrum could not start:', fault));
};

const whenStarted = (action: (agent: Awaited<Loading>) => void): void => {
  // What the page did wrong in the call is told by the rejection; what we could not start is told already.
  started?.catch(() => undefined).then((agent) => agent && action(agent));
};

/** Changes what the user allows. Before `init` it does nothing: give `init` the option `consent`. */
export const consent = (state: Consent): void => {
  if (isRunning || !CONSENTS.includes(state)) whenStarted((agent) => agent.consent(state));
  else if (started) chosen = state;
};

/** Ends everything for this page, and puts back what was wrapped. */
export const stop = (): void => {
  if (!started) return;
  isStopped = true;
  unlisten();
  whenStarted((agent) => agent.stop());
};
