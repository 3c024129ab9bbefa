// Says of each check which bad wrappers it sees, and names those that see none: `node tests/e2e/network/mutations.mjs`,
// with `firefox` for the other browser, and parts of names for some wrappers only. It takes minutes.

import { changed } from './compare.mjs';
import { Plays, subjectsOf } from './plays.mjs';
import { judge } from './trace.mjs';
import * as visits from './visits.mjs';
import { textOf, WRAPPERS } from './wrappers.mjs';

const [which = 'chromium', ...parts] = process.argv.slice(2);
const browser = await visits[which].open();
const plays = await Plays.start(browser);
const subjects = subjectsOf('bare');
const { all: bare } = await plays.load('bare', subjects);
const seen = new Map(Object.entries(bare).flatMap(([subject, checks]) => Object.keys(checks).map((name) => [`${subject}: ${name}`, []])));

for (const wrapper of Object.keys(WRAPPERS)) {
  if (parts.length && !parts.some((part) => wrapper.includes(part))) continue;
  const { all, traced } = await plays.load('bare', subjects, textOf([wrapper]));
  const red = new Set([...judge(traced, {}).keys()].map((name) => `trace: ${name}`));
  for (const subject of Object.keys(bare)) for (const name of changed(bare[subject], all[subject] ?? {}).keys()) red.add(`${subject}: ${name}`);
  for (const name of red) seen.get(name).push(wrapper);
  console.log(`${red.size} of ${seen.size} checks see: ${wrapper}`);
}
const blind = [...seen].filter(([, wrappers]) => !wrappers.length).map(([name]) => name);
console.log(`${blind.length} see none of them${blind.map((name) => `\n  ${name}`).join('')}`);
console.log(`Those that only one of them shows\n${[...seen].filter(([, wrappers]) => wrappers.length === 1).map(([name, [wrapper]]) => `  ${name}: ${wrapper}`).join('\n')}`);
await browser.close();
plays.close();
