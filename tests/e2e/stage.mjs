// The stage of the stories: a browser, a site, the collector, and the words to play with them.

import assert from 'node:assert/strict';
import { on } from 'node:events';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Collector } from './collector.mjs';
import { bundle, npm, tag } from './forms.mjs';
import { Records } from './records.mjs';
import { Relay } from './relay.mjs';
import { Site } from './site.mjs';
import { CHROMIUM, FLAGS } from './launch.mjs';

/** Long enough for the slowest machine; what takes longer has failed. */
const DEADLINE_MS = 20_000;

let shared;
const open = () => (shared ??= Promise.all([launch(), bundle()]));
const launch = () =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: FLAGS,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });

after(async () => {
  if (!shared) return;
  const [browser, folder] = await shared;
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Plays a story in both forms, or in those for which it can be told. */
export function story(name, play, forms = [tag, npm]) {
  for (const form of forms) {
    test(`${name} (${form.name})`, { timeout: 4 * DEADLINE_MS }, async () => {
      const stage = await Stage.build(form);
      try {
        await play(stage);
        const refused = stage.relay.requests.filter(({ status }) => status >= 400);
        assert.deepEqual(refused, [], 'the collector takes all that the agent sends');
      } catch (failure) {
        failure.message += stage.heard();
        throw failure;
      } finally {
        await stage.clear();
      }
    });
  }
}

export class Stage {
  /** What the page wrote to its console, and what it did not catch. */
  console = [];
  uncaught = [];

  static async build(form) {
    const [browser, folder] = await open();
    const stage = Object.assign(new Stage(), { form });
    stage.collector = await Collector.start();
    stage.relay = await Relay.start(stage.collector);
    stage.site = await Site.start(folder);
    stage.context = await browser.newContext();
    stage.page = await stage.context.newPage();
    stage.page.setDefaultTimeout(DEADLINE_MS);
    stage.page.on('console', (message) => stage.console.push({ type: message.type(), text: message.text() }));
    stage.page.on('pageerror', (error) => stage.uncaught.push(error));
    await stage.page.addInitScript({ path: 'tests/e2e/witness.js' });
    stage.options({});
    return stage;
  }

  /** The pages to come have the agent with these options, besides the collector's address and a name. */
  options(options) {
    this.site.markup = this.form.markup({ endpoint: this.relay.origin, service: 'story', ...options });
    return this;
  }

  /** Visits a page of www/stories and waits until it has loaded. */
  async visit(page, options) {
    await this.page.goto(`${this.site.origin}/stories/${page}`, { waitUntil: 'load', ...options });
    return this;
  }

  /** Visits a page and waits until the agent runs there. */
  async watch(page, options) {
    await this.visit(page, options);
    await this.page.waitForFunction(() => window.witness.core === 1);
    // It waits for its turn among the tabs of the site, and nobody is before it in the queue.
    await this.run(() => navigator.locks?.request('vitrum', () => {}));
    return this;
  }

  /** Goes to a page without the agent: to the agent, its page hides. */
  leave() {
    return this.visit('blank.html');
  }

  consent(state) {
    return this.form.setConsent(this.page, state);
  }

  stop() {
    return this.form.stop(this.page);
  }

  /** Does this in the page. */
  run(action, argument) {
    return this.page.evaluate(action, argument);
  }

  /** Waits until this holds in the page, and returns it. */
  async held(condition, argument) {
    const handle = await this.page.waitForFunction(condition, argument);
    return handle.jsonValue();
  }

  records() {
    return new Records(this.collector.batches());
  }

  /** Waits until the collector has what is looked for, which is what `find` returns when there is some. */
  async until(what, find) {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const answers = on(this.relay, 'answered', { signal });
    const missing = () =>
      new Error(`${what} did not arrive within ${DEADLINE_MS} ms; there are\n  ${this.records().summary()}`);
    for (;;) {
      await this.relay.rest();
      const records = this.records();
      const found = find(records);
      if (found && found.length !== 0) return records;
      await answers.next().catch(() => {
        throw missing();
      });
    }
  }

  /**
   * All that has been sent until now, by a mark: a later page's batch has arrived, and so would have what was sent
   * before it. The mark itself is left out.
   */
  async all() {
    await this.options({ service: 'mark' }).watch('plain.html');
    await this.leave();
    const isMark = ({ resource }) => resource['service.name'] === 'mark';
    const { batches } = await this.until('the mark', (records) => records.batches.some(isMark));
    return new Records(batches.filter((batch) => !isMark(batch)));
  }

  /** What the page said, for the message of a failure. */
  heard() {
    const lines = [...this.uncaught.map(({ stack }) => `not caught: ${stack}`), ...this.console.map(({ type, text }) => `${type}: ${text}`)];
    return lines.length ? `\nThe page said\n  ${lines.join('\n  ')}` : '';
  }

  async clear() {
    await this.context.close();
    this.site.close();
    await this.relay.close();
    await this.collector.close();
  }
}
