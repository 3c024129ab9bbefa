// The script of the tag. It catches errors from the first moment on, and fetches the rest when the page is done.

import { handOver, listen, unlisten } from './early.ts';
import { whenIdle } from './idle.ts';
import type { Options } from './options.ts';

const script = document.currentScript as HTMLScriptElement | null;
const queue = ((window as any).vitrum ||= []);

// A second tag, or one that is no classic script, does nothing.
if (script && !queue.tag && !queue.stop) {
  queue.tag = true;
  const { endpoint, service, version, environment, sampleRate, consent, propagateTo, debug } = script.dataset;
  const options = {
    endpoint,
    service,
    version,
    environment,
    // An empty or wrong number stays the text it is, for the check to tell of.
    sampleRate: sampleRate && +sampleRate >= 0 ? +sampleRate : sampleRate,
    consent,
    propagateTo: propagateTo?.split(/[\s,]+/).filter(Boolean),
    debug: debug === undefined ? debug : debug !== 'false',
  } as Options;
  listen();
  whenIdle(() => {
    const at = (name: string): string => new URL(name, script.src).href;
    const wasm = fetch(at('vitrum.wasm')).then((response) => response.arrayBuffer());
    // Told of where it is awaited.
    wasm.catch(() => {});
    import(at('agent.js'))
      .then((agent) => agent.boot(wasm, options, { handOver, listen, unlisten }))
      .catch((fault) => console.debug('Vitrum could not start:', fault));
  });
}
