// Removes from the wasm the exports that the glue never calls, and with them what only they keep alive. The names are
// taken from the glue itself, so nothing that it calls can go.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [input, glue, output, ...features] = process.argv.slice(2);
const called = readFileSync(glue, 'utf8');
const all = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(input))).map((entry) => entry.name);
// What js/agent.ts and js/packet.ts call themselves.
const ours = ['memory', 'numbers', 'text', 'observe', '__wbindgen_start'];
const kept = all.filter((name) => ours.includes(name) || called.includes(`wasm.${name}`));
const graph = kept.map((name) => ({ name: `export ${name}`, root: true, export: name }));
const file = `${output}.graph.json`;
writeFileSync(file, JSON.stringify(graph));
execFileSync('node', ['node_modules/binaryen/bin/wasm-metadce', ...features, '-g', `--graph-file=${file}`, input, '-o', output], { stdio: ['ignore', 'ignore', 'inherit'] });
