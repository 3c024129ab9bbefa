// Reads each form of each text in a folder with zlib, and fails where something else comes out.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { payload } from '../e2e/frame.mjs';

const FORMS = { deflate: payload, dictionary: payload, gzip: gunzipSync };

const [folder] = process.argv.slice(2);
const texts = readdirSync(folder).filter((name) => name.endsWith('.text'));
for (const name of texts) {
  const text = readFileSync(join(folder, name));
  for (const [form, read] of Object.entries(FORMS)) {
    const compressed = readFileSync(join(folder, name.replace(/text$/, form)));
    assert.ok(read(compressed).equals(text), `text ${name} of ${text.length} bytes, as ${form}`);
  }
}
console.log(`${texts.length} texts in ${Object.keys(FORMS).length} forms`);
