// Bundles what a site loads, from the wasm and the glue in target/bindgen, into dist.

import { build } from 'esbuild';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { minify } from 'terser';

const glue = resolve('target/bindgen/vitrum_bg.js');
const wasm = resolve('target/bindgen/vitrum.wasm');

/**
 * The module by which the agent gets the glue: what the wasm imports, as plain objects (a namespace object would be made
 * by a loop that meets whatever the page has put on `Object.prototype`), and the function that gives the glue the wasm.
 */
const imports = () => {
  const modules = {};
  for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(wasm)))) {
    (modules[module] ||= []).push(name);
  }
  const names = Object.entries(modules).map(([module, names]) => [module === './shim.js' ? module : glue, names]);
  return [
    ...names.map(([from, names]) => `import { ${names.join(', ')} } from ${JSON.stringify(from)};`),
    `export { __wbg_set_wasm as setWasm } from ${JSON.stringify(glue)};`,
    `export const imports = { ${Object.entries(modules).map(([module, names]) => `${JSON.stringify(module)}: { ${names.join(', ')} }`).join(', ')} };`,
  ].join('\n');
};

/** The names by which the sources call what is generated, and the shim by which the glue calls us. */
const generated = {
  name: 'generated',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vitrum-glue$/ }, ({ path }) => ({ path, namespace: 'glue' }));
    onLoad({ filter: /.*/, namespace: 'glue' }, () => ({ contents: imports(), resolveDir: process.cwd() }));
    onResolve({ filter: /^vitrum-wasm$/ }, () => ({ path: wasm }));
    // What is imported later is a file of its own; each file holds all that it needs at once.
    onResolve({ filter: /^\.\/(inline|agent|metrics|consents|hook|json)\.ts$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: path.replace('.ts', '.js'), external: true } : undefined,
    );
    onResolve({ filter: /^\.\/shim\.js$/ }, () => ({ path: resolve('js/shim.ts') }));
  },
};

const common = {
  bundle: true,
  minify: true,
  target: 'es2022',
  outdir: 'dist',
  plugins: [generated],
  loader: { '.wasm': 'base64' },
  logLevel: 'warning',
};

/** Bundles these into a file each, and makes each smaller: 740 bytes of brotli less than by one of the two alone. */
const ship = async (format, entries) => {
  for (const [entry, source] of Object.entries(entries)) {
    await build({ ...common, entryPoints: { [entry]: source }, format });
    const file = `dist/${entry}.js`;
    const { code } = await minify(readFileSync(file, 'utf8'), {
      module: format === 'esm',
      ecma: 2022,
      compress: { passes: 3, toplevel: true },
      mangle: { toplevel: true },
    });
    writeFileSync(file, code);
  }
};

rmSync('dist', { recursive: true, force: true });
await ship('iife', { vitrum: 'js/loader.ts', worker: 'js/worker.ts' });
const modules = ['agent', 'metrics', 'consents', 'hook', 'json', 'hasty', 'index', 'slim', 'inline', 'errors'];
await ship('esm', Object.fromEntries(modules.map((name) => [name, `js/${name}.ts`])));
await build({
  bundle: true,
  minify: true,
  target: 'es2022',
  format: 'esm',
  entryPoints: ['www/dashboard/main.ts'],
  outdir: 'dist/dashboard',
  logLevel: 'warning',
});
for (const file of ['index.html', 'style.css']) copyFileSync(`www/dashboard/${file}`, `dist/dashboard/${file}`);
copyFileSync(wasm, 'dist/vitrum.wasm');
