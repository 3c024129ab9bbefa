// The package as its users get it: packed, installed into an empty project, bundled, typed, and run.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { CHROMIUM, FLAGS } from '../e2e/launch.mjs';

const { name, version, exports: entries } = JSON.parse(readFileSync('package.json'));
const ENTRIES = Object.keys(entries).map((path) => name + path.slice(1));

const LICENCE = /^LICENSE[^/]*$/;

let project;
let files;

const write = (file, text) => writeFileSync(join(project, file), text);
/** Runs a program in a folder; what it complains of is shown only when it fails. */
const run = (cwd, program, ...options) => execFileSync(program, options, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const node = (script) => run(project, process.execPath, '--input-type=module', '--eval', script);

before(() => {
  project = mkdtempSync(join(tmpdir(), 'vitrum-package-'));
  const [packed] = JSON.parse(run('.', 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', project));
  files = packed.files.map(({ path }) => path);
  write('package.json', JSON.stringify({ name: 'shop', private: true, type: 'module' }));
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--offline', '--ignore-scripts'];
  run(project, 'npm', 'install', ...quiet, `./${packed.filename}`);
});

after(() => rmSync(project, { recursive: true }));

test('the package holds what a site loads, its licence and its manual', () => {
  const needed = ['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'dist/vitrum.js', 'dist/agent.js', 'dist/vitrum.wasm'];
  const missing = [...needed, ...readdirSync('.').filter((file) => LICENCE.test(file))].filter((file) => !files.includes(file));
  assert.deepEqual(missing, []);
});

test('the package holds no sources, no tests, and no dashboard', () => {
  const allowed = /^(package\.json|README\.md|dist\/(compiler\.txt|[^/]+\.(js|d\.ts|wasm)))$/;
  assert.deepEqual(files.filter((file) => !allowed.test(file) && !LICENCE.test(file)), []);
});

test('it depends on nothing', () => {
  const installed = JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json')));
  assert.equal(installed.version, version);
  assert.deepEqual({ ...installed.dependencies, ...installed.peerDependencies }, {});
  const tree = JSON.parse(run(project, 'npm', 'ls', '--all', '--json', '--offline'));
  assert.deepEqual(Object.keys(tree.dependencies), [name]);
});

test('each entry of the package is there, with its types', () => {
  for (const entry of ENTRIES) node(`import.meta.resolve(${JSON.stringify(entry)})`);
  for (const target of Object.values(entries).flatMap((entry) => (typeof entry === 'string' ? entry : Object.values(entry)))) {
    assert.ok(existsSync(join(project, 'node_modules', name, target)), `${target} is missing`);
  }
});

test('on a server it can be imported and does nothing', () => {
  const script = `
    const before = Object.getOwnPropertyNames(globalThis).join();
    const { consent, init, stop } = await import('vitrum');
    const slim = await import('vitrum/slim');
    init({ endpoint: 'https://collector.example', consent: 'pending' });
    init({ sampleRate: 'wrong' });
    slim.init({}, 'https://cdn.example/vitrum.wasm');
    consent('granted');
    stop();
    const handles = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind.startsWith('TCP'));
    console.log(Object.getOwnPropertyNames(globalThis).join() === before, handles.length);
  `;
  assert.equal(node(script), 'true 0\n');
});

test('its types are found by a strict consumer', () => {
  write('consumer.ts', "import { init, type Options } from 'vitrum';\nconst options: Options = { consent: 'pending' };\ninit(options);\n");
  write('wrong.ts', "import { init } from 'vitrum';\n// @ts-expect-error There is no such consent.\ninit({ consent: 'maybe' });\n");
  const compiler = resolve('node_modules/typescript/bin/tsc');
  const options = '--noEmit --strict --target es2022 --lib es2022,dom --types  consumer.ts wrong.ts'.split(' ');
  const check = (resolution, module) =>
    run(project, process.execPath, compiler, '--moduleResolution', resolution, '--module', module, ...options);
  for (const [resolution, module] of [
    ['bundler', 'esnext'],
    ['nodenext', 'nodenext'],
  ]) {
    assert.equal(check(resolution, module), '', resolution);
  }
});

for (const splitting of [true, false]) {
  test(`bundled ${splitting ? 'in chunks' : 'into one file'} it runs in a browser`, { timeout: 60_000 }, async () => {
    write('shop.js', "import { init } from 'vitrum';\ninit({ endpoint: location.origin, service: 'shop' });\n");
    const { outputFiles, warnings } = await build({
      absWorkingDir: project,
      entryPoints: ['shop.js'],
      outdir: join(project, 'out'),
      bundle: true,
      splitting,
      minify: true,
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    assert.deepEqual(warnings.map(({ text, location }) => `${text} (${location?.file})`), [], 'a site’s build says nothing');
    const scripts = new Map(outputFiles.map(({ path, contents }) => [path.slice(project.length + 4), contents]));
    assert.deepEqual(await firstBeacon(scripts), ['V'.charCodeAt(0), 2]);
  });
}

/** Serves the scripts to a browser. Returns the first two bytes of the first beacon. */
async function firstBeacon(scripts) {
  const arrived = {};
  arrived.promise = new Promise((resolve, reject) => Object.assign(arrived, { resolve, reject }));
  const server = createServer(async (request, response) => {
    if (request.url === '/v1/beacon') {
      for await (const [magic, encoding] of request) arrived.resolve([magic, encoding]);
      return void response.writeHead(204).end();
    }
    const script = scripts.get(request.url);
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
    response.end(script ?? '<!doctype html><title>Shop</title><h1>Shop</h1><script type="module" src="/shop.js"></script>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const page = await browser.newPage();
    page.on('pageerror', arrived.reject);
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    return await arrived.promise;
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}
