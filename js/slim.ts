// The npm entry for those who serve the core themselves: it is fetched from the URL that is given, and not a part of any
// bundle.

import { type Loading, provideBy, start } from './begin.ts';
import { plain } from './wrap.ts';
import type { Options } from './options.ts';

export { addBreadcrumb, captureError, consent, event, forget, setFlag, stop, user, watchWorker } from './begin.ts';
export * from './drop-in.ts';
export type { Attributes } from './custom.ts';
export type { BeforeSend, Outgoing } from './hook.ts';
export type { Consent, Options } from './options.ts';

/** Starts Vitrum as `init` of the main entry does. `wasmUrl` is where the package's `vitrum.wasm` is served. */
export const init = (options: Options, wasmUrl: string | URL): void => {
  provideBy(async (): Loading => {
    const wasm = plain(window, 'fetch')(wasmUrl).then((response: Response) => response.arrayBuffer());
    // Told of where it is awaited.
    wasm.catch(() => {});
    return { ...(await import('./agent.ts')), wasm };
  });
  start(options);
};
