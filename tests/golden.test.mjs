// Golden files: what the wasm imports and exports, what JavaScript may call, and what it all weighs. A change that moves
// one of them rewrites it with `./build.sh golden`, and says so in its commit.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { sizes, table } from '../js/sizes.mjs';

const isUpdating = process.env.UPDATE_GOLDEN === '1';

/** Sizes may differ so much between machines: compilers differ in their last digits, and paths are in symbol hashes. */
const TOLERANCE = 0.01;

const golden = (name, text) => {
  const file = `tests/golden/${name}`;
  if (isUpdating) writeFileSync(file, text);
  assert.ok(existsSync(file), `${file} is missing: ./build.sh golden writes it`);
  return readFileSync(file, 'utf8');
};

test('the wasm imports and exports what it did', () => {
  const module = new WebAssembly.Module(readFileSync('dist/vitrum.wasm'));
  // wasm-bindgen ends its names with a hash of its version and ours.
  const line = (entry) => `${[entry.module, entry.name.replace(/_[0-9a-f]{16}$/, ''), entry.kind].filter(Boolean).join(' ')}\n`;
  const text = `imports\n${WebAssembly.Module.imports(module).map(line).sort().join('')}\nexports\n${WebAssembly.Module.exports(module).map(line).sort().join('')}`;
  assert.equal(text, golden('wasm.txt', text));
});

test('JavaScript may call what it could', () => {
  const text = ['index', 'slim', 'begin', 'drop-in', 'metrics', 'options', 'errors', 'capture'].map((name) => `// ${name}.d.ts\n${readFileSync(`dist/${name}.d.ts`, 'utf8')}`).join('\n');
  assert.equal(text, golden('api.txt', text));
});

test('a page downloads as much as it did', () => {
  const rows = sizes();
  const text = golden('sizes.txt', table(rows));
  const before = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/).slice(-3).map(Number));
  for (const [index, [name, ...now]] of rows.entries()) {
    for (const [column, bytes] of now.entries()) {
      const was = before[index][column];
      assert.ok(Math.abs(bytes - was) <= was * TOLERANCE, `${name} was ${was} bytes and is ${bytes}: if that is meant, ./build.sh golden`);
    }
  }
});

test('the README tells the sizes as they are', () => {
  const rows = readFileSync('tests/golden/sizes.txt', 'utf8').trim().split('\n').slice(1);
  const told = rows.map((row) => `| ${row.trim().split(/\s{2,}/).join(' | ')} |\n`).join('');
  const table = /(\| part \|.*\n\|[-|:]+\n)((?:\|.*\n)+)/;
  const readme = readFileSync('README.md', 'utf8');
  if (isUpdating) writeFileSync('README.md', readme.replace(table, (_, head) => head + told));
  assert.equal(table.exec(readFileSync('README.md', 'utf8'))[2], told);
});
