// The documents in which a server of this suite shows tests that are scripts.

import { globals, scriptMeta } from './meta.mjs';

/** The ending of a document, that of its script, and the global it is. */
const KINDS = [
  ['.any.html', '.any.js', 'window'],
  ['.any.window-module.html', '.any.js', 'window-module'],
  ['.window.html', '.window.js', ''],
];

/** The script that a document would show, if its path is of that kind. */
export function scriptOf(path) {
  const [from, to] = KINDS.find(([ending]) => path.endsWith(ending)) ?? [];
  return from && path.slice(0, -from.length) + to;
}

/** The document at a path, around the text of its script; nothing if the script is for other globals. */
export function wrap(path, text) {
  const [ending, , global] = KINDS.find(([ending]) => path.endsWith(ending));
  const meta = scriptMeta(text);
  if (global && !globals(meta).includes(global)) return undefined;
  const lines = ['<!doctype html>', '<meta charset=utf-8>'];
  for (const [key, value] of meta) {
    if (key === 'timeout' && value === 'long') lines.push('<meta name="timeout" content="long">');
    if (key === 'title') lines.push(`<title>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title>`);
  }
  if (ending === '.any.html') {
    const answers = { isWindow: true, isWorker: false, isShadowRealm: false };
    const members = Object.entries(answers).map(([name, answer]) => `  ${name}: function() { return ${answer}; },`);
    lines.push('<script>', 'self.GLOBAL = {', ...members, '};', '</script>');
  }
  lines.push('<script src="/resources/testharness.js"></script>', '<script src="/resources/testharnessreport.js"></script>');
  for (const [key, value] of meta) {
    if (key === 'script') lines.push(`<script src="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></script>`);
  }
  const type = global === 'window-module' ? ' type=module' : '';
  return [...lines, '<div id=log></div>', `<script${type} src="${scriptOf(path)}"></script>`, ''].join('\n');
}
