// The agent with the core in it as text: the one form that works in every bundler without configuration.

import base64 from 'vitrum-wasm';

export { consent, run, stop } from './agent.ts';

/** The core. */
export const wasm: BufferSource =
  (Uint8Array as any).fromBase64?.(base64) ?? Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
