// The npm entry. Importing it does nothing; `init` starts the agent. The core comes with the package, as a chunk of its
// own that is fetched when the page has done its work.

import { type Loading, provideBy, start } from './begin.ts';
import type { Options } from './options.ts';

export { addBreadcrumb, captureError, consent, event, forget, setFlag, stop, user, watchWorker } from './begin.ts';
export * from './drop-in.ts';
export type { Attributes } from './custom.ts';
export type { BeforeSend, Outgoing } from './hook.ts';
export type { Consent, Options } from './options.ts';

/**
 * Starts Vitrum on this page. In development a wrong option is an error that names it; otherwise it is replaced by its
 * default and counted. Does nothing on a server, or when called again.
 */
export const init = (options: Options = {}): void => start(options);

provideBy((): Loading => import('./inline.ts'));
