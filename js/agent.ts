// The agent: the glue that wasm-bindgen wrote, the shim, and the core, put together. Loaded when the page has done its
// own work.

import { imports, setWasm } from 'vitrum-glue';
import type { Early } from './early.ts';
import { check, CONSENTS, type Consent, type Options, type Settings } from './options.ts';
import * as shim from './shim.ts';

/**
 * Compiles the core and starts it, on the settings as they are then: what the page said meanwhile holds, and nothing
 * happens on older terms. Without settings nothing is started.
 */
export const run = async (wasm: BufferSource | Promise<BufferSource>, current: () => Settings | undefined, early: Early): Promise<boolean> => {
  const { instance } = await WebAssembly.instantiate(await wasm, imports);
  const exports = instance.exports as any;
  setWasm(exports);
  exports.__wbindgen_start?.();
  const settings = current();
  if (!settings) {
    early.unlisten();
    return false;
  }
  isDebugging = settings.debug;
  shim.start(exports, settings, early);
  return true;
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
  const current = (): Settings | undefined => {
    let said = options;
    try {
      for (const [name, state] of waiting) {
        if (name === 'stop') return;
        said = { ...said, consent: state };
      }
      return check(said);
    } catch (complaint) {
      console.error((complaint as Error).message);
    }
  };
  if (!(await run(wasm, current, early))) return;
  const push = ([name, state]: Call): void => (name === 'stop' ? stop() : consent(state!));
  (window as any).vitrum = { consent, stop, push };
};
