// The tests below given paths: which files are tests, at which addresses, and why the others cannot be run.

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { documentMeta, globals, isLong, nameParts, scriptMeta, variants } from './meta.mjs';

/** What is in these belongs to tests and is none. */
const SUPPORT = new Set(['resources', 'support', 'tools', 'node_modules', '.git']);
const MARKUP = new Set(['html', 'htm', 'xhtml', 'xht', 'xml', 'svg']);
/** A test that takes longer by itself says so. */
const TIMEOUT_MS = 10_000;
const LONG_TIMEOUT_MS = 60_000;

/** Why a test is left out. */
export const LEFT = {
  worker: 'only for workers, where the agent is not',
  manual: 'waits for a person',
  crash: 'only shows whether the browser crashes',
  picture: 'compares pictures',
  http2: 'needs HTTP/2, which does not pass the proxy that inserts the agent',
  secure: 'needs https, which only the suite’s own server has',
  driver: 'is driven from outside (testdriver.js)',
  markup: 'is not text/html, so nothing can be inserted',
};

/** The suite's folder that a path lies in: the one with the harness. */
export function rootOf(path) {
  for (let folder = realpathSync(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'resources/testharness.js'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** All tests below the paths, and what is left out, in the order of their paths; `hasSecure` says whether there is https. */
export function find(root, paths, hasSecure = true) {
  const files = new Set();
  for (const path of paths) {
    for (const file of filesBelow(realpathSync(path))) files.add(relative(root, file).split(sep).join('/'));
  }
  const tests = [];
  const left = [];
  for (const file of [...files].sort()) {
    const told = describe(file, () => readFileSync(join(root, file), 'utf8'));
    if (told?.left) left.push({ file, why: told.left });
    else if (told?.tests[0]?.isSecure && !hasSecure) left.push({ file, why: LEFT.secure });
    else if (told) tests.push(...told.tests);
  }
  return { tests, left };
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SUPPORT.has(entry.name) ? [] : filesBelow(join(path, entry.name));
    return entry.isFile() ? [join(path, entry.name)] : [];
  });
}

/** The tests of a file, or why they are left out; nothing if it is no test. */
export function describe(file, read) {
  const name = file.split('/').at(-1);
  const { type, flags, ending } = nameParts(name);
  if (ending === 'js') return script(file, flags, read);
  if (!MARKUP.has(ending)) return undefined;
  if (type === 'crash' || file.split('/').includes('crashtests')) return { left: LEFT.crash };
  const text = read();
  const meta = documentMeta(text);
  if (!usesHarness(meta)) return /<link\b[^>]*rel=["']?(mis)?match/i.test(text) ? { left: LEFT.picture } : undefined;
  if (type === 'manual') return { left: LEFT.manual };
  if (ending !== 'html' && ending !== 'htm') return { left: LEFT.markup };
  return tests([file], meta, flags);
}

function script(file, flags, read) {
  const kind = flags.at(-1);
  if (kind === 'worker') return { left: LEFT.worker };
  if (kind !== 'any' && kind !== 'window') return undefined;
  const meta = scriptMeta(read());
  if (file.split('/').includes('crashtests')) return { left: LEFT.crash };
  if (kind === 'window') return tests([file.replace(/\.js$/, '.html')], meta, flags);
  const where = globals(meta);
  const forms = { window: '.any.html', 'window-module': '.any.window-module.html' };
  const pages = Object.keys(forms).filter((name) => where.includes(name));
  if (!pages.length) return { left: LEFT.worker };
  return tests(pages.map((name) => file.replace(/\.any\.js$/, forms[name])), meta, flags);
}

function tests(pages, meta, flags) {
  if (flags.includes('h2')) return { left: LEFT.http2 };
  if (meta.some(([key, value]) => key === 'script' && value.includes('/resources/testdriver.js'))) return { left: LEFT.driver };
  const about = {
    timeout: isLong(meta) ? LONG_TIMEOUT_MS : TIMEOUT_MS,
    isSecure: flags.includes('https'),
    isElsewhere: flags.includes('www'),
  };
  return { tests: pages.flatMap((page) => variants(meta).map((variant) => ({ path: `/${page}${variant}`, ...about }))) };
}

const usesHarness = (meta) => meta.some(([key, value]) => key === 'script' && value.endsWith('/resources/testharness.js'));
