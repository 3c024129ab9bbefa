// Runs web-platform-tests without the agent and with it, and reports what differs. `./build.sh wpt` calls it.

import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { campaign } from './campaign.mjs';
import { FORMS, Inserted } from './inserted.mjs';
import { hasServer, Official } from './official.mjs';
import { Plain } from './plain.mjs';
import { asData, closing, linesOf } from './report.mjs';
import { find, rootOf } from './suite.mjs';

const HELP = `Usage: ./build.sh wpt [option...] PATH...
Runs every test of web-platform-tests below the paths without the agent and with it, and reports each subtest whose status
or message differs. What differs is run again, and is called unstable only if it also differs among runs without the agent.
Ends with 1 if anything differs, and with 2 if nothing could be compared.

  --browser chromium|firefox   default: chromium
  --form ready|early           ready: the agent is at work before the page's first script; early: by a tag, as sites have
                               it, with the core coming when the page is idle. Default: both; may be given twice
  --root DIR                   the suite's folder; default: the folder above the path that has resources/testharness.js
  --again N                    how often what differs is run again, each way; default: 4
  --parallel N                 pages at a time; default: 2
  --patience N                 multiplies the suite's limits of time, for slow machines; default: 1
  --json FILE                  writes all there is to say to a file, too
  --list                       lists the tests and what is left out, and why, and runs nothing
The agent is taken from dist, or from the folder that VITRUM_DIST names.`;

/** What whoever calls this can put right. */
class Misuse extends Error {}

/** build.sh goes to its own folder first; what it is given is meant from where it was called. */
const from = (path) => resolve(process.env.CALLED_FROM || '.', path);

function given() {
  const options = {
    browser: { type: 'string', default: 'chromium' },
    form: { type: 'string', multiple: true, default: [] },
    root: { type: 'string' },
    again: { type: 'string', default: '4' },
    parallel: { type: 'string', default: '2' },
    patience: { type: 'string', default: '1' },
    json: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  };
  let parsed;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (failure) {
    throw new Misuse(failure.message);
  }
  const { values, positionals } = parsed;
  const known = FORMS.filter((form) => form !== 'none');
  const bad = (sentence) => {
    throw new Misuse(sentence);
  };
  if (!['chromium', 'firefox'].includes(values.browser)) bad(`--browser is ${values.browser}, but must be chromium or firefox`);
  for (const form of values.form) if (!known.includes(form)) bad(`--form is ${form}, but must be ${known.join(' or ')}`);
  const numbers = ['again', 'parallel', 'patience'];
  for (const name of numbers) if (!/^[1-9]\d?$/.test(values[name])) bad(`--${name} is ${values[name]}, but must be a number from 1 to 99`);
  if (!positionals.length && !values.help) bad('Say which tests: ./build.sh wpt PATH...');
  const paths = positionals.map(from).map((path) => (existsSync(path) ? realpathSync(path) : bad(`There is no ${path}`)));
  const forms = values.form.length ? known.filter((form) => values.form.includes(form)) : known;
  const counts = Object.fromEntries(numbers.map((name) => [name, Number(values[name])]));
  return { ...values, ...counts, paths, forms, root: values.root && from(values.root), json: values.json && from(values.json) };
}

/** The suite's folder, in which all paths must lie. */
function suiteOf({ root, paths }) {
  if (root && rootOf(root) === undefined) throw new Misuse(`${root} has no resources/testharness.js, so it is not the folder of a web-platform-tests suite`);
  const found = root ? rootOf(root) : rootOf(paths[0]);
  if (!found) {
    throw new Misuse(
      `No folder above ${paths[0]} has resources/testharness.js, which every test loads. Pass a path inside a checkout of ` +
        'web-platform-tests, or the checkout’s folder by --root DIR, with the tests below it',
    );
  }
  for (const path of paths) {
    if (relative(found, path).startsWith('..')) throw new Misuse(`${path} is not below ${found}, so its tests cannot be served from there`);
  }
  return found;
}

/** The suite's own server if it can be had, and the built-in one otherwise. */
function serverOf(root) {
  return hasServer(root) ? { start: Official.start, hasSecure: true } : { start: Plain.start, hasSecure: false };
}

async function run() {
  const told = given();
  if (told.help) {
    console.log(HELP);
    return;
  }
  const root = suiteOf(told);
  const { start, hasSecure } = serverOf(root);
  const { tests, left } = find(root, told.paths, hasSecure);
  if (told.list) {
    for (const { path } of tests) console.log(path);
    for (const { file, why } of left) console.log(`not run: /${file}: ${why}`);
    return;
  }
  if (!tests.length) throw new Misuse(`There is no test below ${told.paths.join(', ')} that can be run; ${left.length} are left out, see --list`);
  const dist = process.env.VITRUM_DIST ? from(process.env.VITRUM_DIST) : resolve('dist');
  const missing = Inserted.missing(dist);
  if (missing) throw new Misuse(`There is no ${missing} in ${dist}: build the agent by './build.sh wasm', or say by VITRUM_DIST where it is`);
  const inserted = await Inserted.build(dist, told.patience);
  const { Browser } = await import(`./${told.browser}.mjs`);
  const site = await start(root);
  let browser;
  try {
    browser = await Browser.start();
    let done = 0;
    const tell = (result) => {
      done++;
      const lines = linesOf(result);
      if (lines.length) console.log(lines.join('\n'));
      if (process.stderr.isTTY || done % 25 === 0) console.error(`${done} of ${tests.length} tests done`);
    };
    const all = await campaign({ ...told, tests, site, browser, inserted, tell });
    const results = all.filter(({ lacking }) => !lacking);
    for (const { path, lacking } of all) if (lacking) left.push({ file: path.slice(1), why: `needs ${lacking.join(', ')}` });
    console.log(['', ...closing(results, told.forms, left, browser.name, site.name)].join('\n'));
    if (told.json) writeFileSync(told.json, JSON.stringify(asData(results, told.forms, left), null, 1));
    const verdicts = new Set(results.flatMap(({ forms }) => Object.values(forms).map(({ verdict }) => verdict)));
    process.exitCode = verdicts.has('differs') ? 1 : verdicts.has('same') || verdicts.has('unstable') ? 0 : 2;
  } finally {
    await browser?.close();
    await site.close();
  }
}

// A run that was ended from outside must not look as if it had found nothing, or something.
let isOver = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.prependOnceListener(signal, () => console.error(`wpt: ended by ${signal}`));
process.once('exit', () => {
  if (!isOver) process.exitCode = 2;
});

try {
  await run();
} catch (failure) {
  console.error(failure instanceof Misuse ? `wpt: ${failure.message}. ./build.sh wpt --help says more` : failure);
  process.exitCode = 2;
}
isOver = true;
