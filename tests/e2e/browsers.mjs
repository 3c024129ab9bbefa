// The stage in Firefox and WebKitGTK, each played by its WebDriver. The words are those of stage.mjs.

import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { Collector } from './collector.mjs';
import { bundle, npm, tag } from './forms.mjs';
import { firefox, webkit } from './launch.mjs';
import { Relay } from './relay.mjs';
import { Site } from './site.mjs';
import { Stage } from './stage.mjs';
import { Browser } from './webdriver.mjs';

export { firefox, webkit };

const TIMEOUT_MS = 80_000;

const browsers = new Map();
let folder;

/** One for all stories; each has a window of its own in it. */
function started(browser) {
  if (!browsers.has(browser)) browsers.set(browser, Browser.start(browser.launch));
  return browsers.get(browser);
}

after(async () => {
  const opened = await Promise.allSettled(browsers.values());
  await Promise.all(opened.map(({ value }) => value?.close()));
  if (folder) rmSync(await folder, { recursive: true });
});

/** Plays a story in these browsers, in both forms. */
export function story(name, play, where = [firefox, webkit]) {
  for (const browser of where) {
    for (const form of [tag, npm]) {
      test(`${name} (${browser.name}, ${form.name})`, { timeout: TIMEOUT_MS }, async () => {
        const stage = await Elsewhere.build(browser, form);
        try {
          await play(stage);
          assert.deepEqual(await stage.complaints(), stage.expected, 'what the console and the page’s own listeners heard');
          assert.deepEqual(stage.records().events('vitrum.health'), [], 'nothing was lost, and nothing of ours has failed');
          const refused = stage.relay.requests.filter(({ status }) => status >= 400);
          assert.deepEqual(refused, [], 'the collector takes all that the agent sends');
        } catch (failure) {
          const said = await stage.complaints().catch(String);
          failure.message += `\nThe page said ${JSON.stringify(said)}`;
          throw failure;
        } finally {
          await stage.clear();
        }
      });
    }
  }
}

/** A stage whose page is a window of another browser. */
class Elsewhere extends Stage {
  /** What the page is to complain of, because the story makes it. */
  expected = [];

  static async build(browser, form) {
    const page = await (await started(browser)).open();
    const stage = Object.assign(new Elsewhere(), { browser, form, page, context: page });
    stage.collector = await Collector.start();
    stage.relay = await Relay.start(stage.collector);
    stage.site = await Site.start(await (folder ??= bundle()));
    return stage.options({});
  }

  /** As on the other stage; what runs before anything of the page is in the page. */
  options(options) {
    super.options(options);
    this.site.markup = `<script>${WITNESS}\n(${listen})()</script>${this.site.markup}`;
    return this;
  }

  /** What was heard on all pages of this story. */
  complaints() {
    return this.run(() => JSON.parse(localStorage.getItem('complaints') ?? '[]'));
  }
}

const WITNESS = readFileSync('tests/e2e/witness.js', 'utf8');

/** Notes for all pages of an origin what goes to the console, and what nobody caught. */
function listen() {
  const note = (...parts) => {
    const complaints = JSON.parse(localStorage.getItem('complaints') ?? '[]');
    localStorage.setItem('complaints', JSON.stringify([...complaints, parts.map(String).join(' ')]));
  };
  for (const level of ['error', 'warn', 'debug']) {
    const native = console[level];
    console[level] = (...parts) => {
      note(`${level}:`, ...parts);
      native.apply(console, parts);
    };
  }
  addEventListener('error', ({ error, target }) => note(error ?? `not loaded: ${target.src}`), true);
  addEventListener('unhandledrejection', ({ reason }) => note(reason));
  addEventListener('securitypolicyviolation', ({ violatedDirective }) => note(violatedDirective));
}
