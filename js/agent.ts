// The agent: the glue that wasm-bindgen wrote, the shim, and the core, put together. Loaded when the page has done its
// own work.

import { imports, setWasm } from 'vitrum-glue';
import type { Early } from './early.ts';
import { check, CONSENTS, type Consent, type Options, type Settings } from './options.ts';
import * as shim from './shim.ts';

/** Compiles the core and starts it. */
export const run = async (wasm: BufferSource | Promise<BufferSource>, settings: Settings, early: Early): Promise<void> => {
  const { instance } = await WebAssembly.instantiate(await wasm, imports);
  const exports = instance.exports as any;
  setWasm(exports);
  exports.__wbindgen_start?.();
  isDebugging = settings.debug;
  shim.start(exports, settings, early);
};

let isDebugging = false;

/** Changes what the user allows. */
export const consent = (state: Consent): void => {
  const index = CONSENTS.indexOf(state);
  if (index < 0 && isDebugging) {
    throw new TypeError(`vitrum: consent was called with ${JSON.stringify(state)}, but takes one of ${CONSENTS.join(', ')}. Nothing was changed.`);
  }
  shim.setConsent(index);
};

/** Ends everything for this page. */
export const stop = (): void => {
  shim.end();
};

type Call = ['consent', Consent] | ['stop'];

/** The agent of a script tag: checks the options, starts, and takes over the calls that wait on `window.vitrum`. */
export const boot = async (wasm: Promise<BufferSource>, options: Options, early: Early): Promise<void> => {
  const waiting: Call[] = (window as any).vitrum;
  let settings;
  try {
    // What the page has said since is what holds: nothing may happen on older terms.
    for (const [name, state] of waiting) {
      if (name === 'stop') return early.unlisten();
      options = { ...options, consent: state };
    }
    settings = check(options);
  } catch (complaint) {
    console.error((complaint as Error).message);
    return early.unlisten();
  }
  const known = waiting.length;
  await run(wasm, settings, early);
  const push = ([name, state]: Call): void => (name === 'stop' ? stop() : consent(state!));
  (window as any).vitrum = { consent, stop, push };
  waiting.slice(known).forEach(push);
};
