// What is inserted into a test's document, in three forms, and the files that come with it.

import { build } from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OURS } from './gate.mjs';

/**
 * The forms. `none` is the page without the agent: a script that does nothing is in the place of the one that brings it,
 * so that what differs is due to the agent. `ready` has the agent's core at work before the page's first script. Neither
 * asks for a file, which tests that watch requests would see. `early` is the tag as a site has it: its loader listens at
 * once, and the core comes when the page is loaded and idle; it is in the test's page only, and frames are as in `none`.
 */
export const FORMS = ['none', 'ready', 'early'];

const HERE = import.meta.dirname;
const TYPES = { js: 'text/javascript', wasm: 'application/wasm' };
const MISSING = { status: 404 };
const found = (body, type = 'text/javascript') => ({ status: 200, type, body: Buffer.from(body) });

export class Inserted {
  /** The file that a folder lacks to be the agent as it is built, if there is one. */
  static missing(dist) {
    return ['index.js', 'vitrum.js', 'agent.js', 'vitrum.wasm'].find((name) => !existsSync(join(dist, name)));
  }

  /** `dist` is the folder with the agent as it is built; tests have `patience` times the time that they ask for. */
  static async build(dist, patience = 1) {
    const inserted = Object.assign(new Inserted(), { dist, patience });
    const { outputFiles } = await build({
      entryPoints: [join(HERE, 'start.js')],
      alias: { vitrum: resolve(dist, 'index.js') },
      bundle: true,
      format: 'iife',
      target: 'es2022',
      write: false,
      logLevel: 'error',
    });
    const ready = outputFiles[0].text;
    if (/<\/script|<!--|[^\0-\x7f]/i.test(ready)) throw new Error('The agent as one script cannot be written into a document');
    const none = 'document.currentScript.remove(); window[Symbol.for("vitrum.wpt")] = { isReady: false };';
    // As long as the other, so that documents come in the same pieces.
    inserted.scripts = { ready, none: none.padEnd(ready.length) };
    return inserted;
  }

  /** What documents of an origin have in a form. A policy may forbid scripts in documents, but not ours from the origin. */
  markup(form, origin, hasPolicy) {
    const at = origin + OURS;
    if (form === 'early') return `<script async src="${at}dist/vitrum.js" data-endpoint="${at}" data-service="wpt"></script>`;
    return hasPolicy ? `<script src="${at}${form}.js"></script>` : `<script>${this.scripts[form]}</script>`;
  }

  /** What is answered for a path below our own. */
  file(path) {
    const [, form] = /^(none|ready)\.js$/.exec(path) ?? [];
    if (form) return found(this.scripts[form]);
    if (path === 'v1/beacon') return { status: 204 };
    const [, name, ending] = /^dist\/([\w-]+\.(js|wasm))$/.exec(path) ?? [];
    if (!name || !existsSync(join(this.dist, name))) return MISSING;
    return found(readFileSync(join(this.dist, name)), TYPES[ending]);
  }

  /** What stands in for the suite's testharnessreport.js. */
  reporter() {
    const text = readFileSync(join(HERE, 'reporter.js'), 'utf8');
    return found(text.replace('timeout_multiplier: 1', `timeout_multiplier: ${this.patience}`));
  }
}
