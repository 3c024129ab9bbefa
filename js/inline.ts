// The agent with the core in it as text: the one form that works in every bundler without configuration. What listeners of
// vitals need comes along, so that they need not wait for another file.

import { lend } from './agent.ts';
import { listen } from './metrics.ts';

import base64 from 'vitrum-wasm';

export { addBreadcrumb, begin, consent, event, forget, hear, open, setFlag, stop, user, watchWorker } from './agent.ts';

lend({ listen });

/** The core. */
export const wasm: BufferSource =
  (Uint8Array as any).fromBase64?.(base64) ?? Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
