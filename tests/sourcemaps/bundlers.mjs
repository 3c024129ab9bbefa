// The sample shop as three bundlers minify it, each with source maps of its own kind.

import * as esbuild from 'esbuild';
import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build as vite } from 'vite';
import webpack from 'webpack';

const APP = resolve('tests/sourcemaps/app');
const entry = join(APP, 'main.js');
/** The page, where a bundler does not write one. */
const page = (folder) => writeFileSync(join(folder, 'index.html'), '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/assets/main.js"></script>');

export const BUNDLERS = {
  /** Names with hashes, and scripts that do not say where their map is. */
  async vite(folder) {
    await vite({ root: APP, logLevel: 'error', configFile: false, build: { outDir: folder, emptyOutDir: true, minify: true, sourcemap: 'hidden' } });
  },
  async webpack(folder) {
    const output = { path: join(folder, 'assets'), filename: 'main.js' };
    const compiler = webpack({ mode: 'production', context: APP, entry, output, devtool: 'source-map' });
    const stats = await new Promise((done, fail) => compiler.run((error, stats) => (error ? fail(error) : done(stats))));
    await new Promise((done) => compiler.close(done));
    if (stats.hasErrors()) throw new Error(stats.toString('errors-only'));
    page(folder);
  },
  async esbuild(folder) {
    await esbuild.build({ entryPoints: [entry], outdir: join(folder, 'assets'), bundle: true, minify: true, format: 'esm', sourcemap: 'linked', logLevel: 'error' });
    page(folder);
  },
};

/** Where the maps are not: what a site serves, without them. */
export function published(folder, to) {
  cpSync(folder, to, { recursive: true, filter: (file) => !file.endsWith('.map') });
}
