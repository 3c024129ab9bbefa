// Records what the core is told in live pages, and what web-vitals tells of the same pages. It plays the side-by-side
// stories and rewrites the folders of stories/; with names of folders only those; with a URL and a name it visits that
// page and writes this folder.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { playAs } from '../e2e/sidebyside/duet.mjs';
import { STORIES, writeFolder } from './folder.mjs';
import { visit } from './visit.mjs';

const SUITE = 'tests/e2e/sidebyside';
/** The only file that tests something else than pages. */
const LEFT_OUT = 'compare.test.mjs';

/** Stories that are played once more with an agent that measures for itself, by their titles. */
const OWN = [
  'text is the largest',
  'a picture is the largest',
  'a larger picture comes later',
  'one shift',
  'of two bursts of shifts the larger one counts',
  'a slow click',
  'the answer is slow to paint',
  'a page that hides twice tells what has changed',
  'a return',
  'three routes',
  'a page is rendered before anybody comes',
];

const capture = `<script>${readFileSync('tests/replay/capture.js', 'utf8')}</script>`;
const init = `<script type="module">
  import { init } from '/dist/index.js';
  init({ endpoint: location.origin + '/api', service: 'replay', consent: 'granted' });
</script>`;

const chromium = execFileSync(process.env.CHROMIUM || '/usr/bin/chromium', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
const circumstances = { browser: String(chromium).match(/^\S+ [\d.]+/)[0], date: new Date().toISOString().slice(0, 10) };

const [first, ...others] = process.argv.slice(2);
if (first?.includes('://')) {
  const [name] = others;
  if (!name) throw new Error('a page is recorded under a name: record URL NAME');
  const { kept, ...page } = await visit(first, capture);
  writeFolder(name, kept, { ...page, own: null, from: `A visit of ${first}`, ...circumstances });
} else {
  await recordStories(new Set(process.argv.slice(2)));
}

/** Plays the stories of these names, or all. */
async function recordStories(wanted) {
  const files = new Map();
  const written = new Set();
  const isWanted = (name) => !wanted.size || wanted.has(name);
  const take = (name, title, isOwn) => ({
    name,
    head: capture + (isOwn ? init : ''),
    keep(kept, { site, sets }) {
      const from = `The story "${title}" of ${SUITE}/${files.get(name)}`;
      writeFolder(name, kept, { origins: [site.origin, site.other], sets, own: isOwn ? 0 : null, from, ...circumstances });
      written.add(name);
    },
  });

  let file;
  playAs((title) => {
    const name = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const takes = [take(name, title, false), ...(OWN.includes(title) ? [take(`${name}-own`, title, true)] : [])];
    for (const { name } of takes) files.set(name, file);
    return takes.filter(({ name }) => isWanted(name));
  });
  for (file of readdirSync(SUITE).filter((name) => name.endsWith('.test.mjs') && name !== LEFT_OUT)) {
    await import(`../e2e/sidebyside/${file}`);
  }

  after(() => {
    const missing = [...files.keys()].filter((name) => isWanted(name) && !written.has(name));
    console.log(`${written.size} folders written`);
    if (missing.length) console.log(`These stories failed and were not recorded; to try them again:\n  ./build.sh record ${missing.join(' ')}`);
    if (!wanted.size) sweep(files);
  });
}

/** Removes the folders of stories that there are no more. */
function sweep(known) {
  for (const name of readdirSync(STORIES)) {
    const folder = join(STORIES, name);
    const isStory = readFileSync(join(folder, 'origin.txt'), 'utf8').startsWith('The story');
    if (isStory && !known.has(name)) rmSync(folder, { recursive: true });
  }
}
