// What a page downloads by the script tag, and what each part weighs: raw, gzip 9 and brotli 11, in bytes.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { pathToFileURL } from 'node:url';

/** The parts, in the order in which a page fetches them. */
const PARTS = { 'loader (vitrum.js)': 'dist/vitrum.js', 'glue and shim (agent.js)': 'dist/agent.js', 'core (vitrum.wasm)': 'dist/vitrum.wasm' };

/** Not of every page: for those who listen to vitals, and what a bundle has at once with the npm entry. */
const MORE = { 'listeners (metrics.js)': 'dist/metrics.js', 'their start (hasty.js)': 'dist/hasty.js', 'npm entry (index.js)': 'dist/index.js' };

const weigh = (file) => {
  const bytes = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes, { params }).length];
};

/** A row for each part, one for their sum, and one for each of what some pages load besides: name, raw, gzip, brotli. */
export const sizes = () => {
  const weighed = (parts) => Object.entries(parts).map(([name, file]) => [name, ...weigh(file)]);
  const rows = weighed(PARTS);
  const sum = rows.reduce((sum, [, ...row]) => sum.map((bytes, index) => bytes + row[index]), [0, 0, 0]);
  return [...rows, ['all', ...sum], ...weighed(MORE)];
};

/** The rows as text, in columns. */
export const table = (rows) =>
  [['', 'raw', 'gzip', 'brotli'], ...rows]
    .map(([name, ...columns]) => name.padEnd(28) + columns.map((column) => String(column).padStart(8)).join(''))
    .join('\n') + '\n';

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.stdout.write(table(sizes()));
