// The same comparison in Firefox and WebKitGTK, each visited by its WebDriver, of the vitals that they measure.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { firefox, webkit } from '../browsers.mjs';
import { Browser } from '../webdriver.mjs';
import { build } from './duet.mjs';
import { Visitor } from './visitor.mjs';

export const FIREFOX = [firefox];
export const BOTH = [firefox, webkit];

const METRICS = ['CLS', 'FCP', 'INP', 'LCP', 'TTFB'];

/** The metrics that were told, by their names. */
export const namesOf = (told, which) => METRICS.filter((name) => told.of(name, which).length);

/** Each call of a driver has a limit of its own; a story is a few of them. */
const TIMEOUT_MS = 80_000;

const browsers = new Map();

/** One for all stories; each has a window of its own in it. */
function started(kind) {
  if (!browsers.has(kind)) browsers.set(kind, Browser.start(kind.launch));
  return browsers.get(kind);
}

after(async () => {
  const opened = await Promise.allSettled(browsers.values());
  await Promise.all(opened.map(({ value }) => value?.close()));
});

/**
 * Plays a story in these browsers, which ends with leaving; then all that both libraries have told is compared. What a
 * browser cannot measure is told by neither.
 */
export function duetIn(kinds, name, { sets = [{}], late = false }, play) {
  for (const kind of kinds) {
    test(`${name} (${kind.name})`, { timeout: TIMEOUT_MS }, async () => {
      const { site, answers } = await build({ sets, late });
      const visitor = new Stranger(await started(kind), site, answers.gates);
      try {
        visitor.measured = METRICS.filter((name) => kind.vitals.includes(name.toLowerCase()));
        await play(visitor);
        assert.ok(visitor.told, 'the story ends with leaving');
        const strange = visitor.told.reports.filter(({ name }) => !visitor.measures(name));
        assert.deepEqual(strange, [], `nobody tells what ${kind.name} does not measure`);
      } finally {
        await visitor.close();
        site.close();
      }
    });
  }
}

/** A visitor with a browser that has one window for each story. */
class Stranger extends Visitor {
  /** Whether the browser measures this. */
  measures(name) {
    return this.measured.includes(name);
  }

  /** What is told of a page to which nothing was done. */
  get untouched() {
    return this.measured.filter((name) => name !== 'INP');
  }

  async enter(page) {
    this.tab = new Tab(await this.browser.open());
    await this.tab.goto(this.address(page));
  }

  /** Opens a page that paints nothing yet. */
  openUnseen(page) {
    return super.open(page);
  }

  /** Opens a page, and waits until it has painted. */
  async open(page) {
    await super.open(page);
    await this.painted();
  }

  /** Both libraries begin, on a page that was opened without them. */
  async start() {
    await this.ask(() => window.pair.start());
    await this.ready();
    await this.tells('FCP');
  }

  /** The page has painted, and both libraries have told of it. */
  async painted() {
    await this.sees('paint', { name: 'first-contentful-paint' });
    if (this.measures('LCP')) await this.sees('largest-contentful-paint');
    await this.tells('FCP');
  }

  /** Clicks, and waits until the browser has told how long that took, where it does. */
  async clickTimed(selector, duration, times = 1) {
    await this.click(selector);
    if (this.measures('INP')) await this.sees('event', { name: 'click', duration, times });
  }

  /** Goes away and comes back to what the browser has kept, and waits until the measures of the return have been told. */
  async comeBack(times = 1) {
    await this.away();
    await this.back();
    for (const name of this.untouched) await this.tells(name, times + 1);
    await this.settled();
  }

  /** Leaves a page to which nothing was done: each metric is told once. */
  async leaveUntouched(which) {
    const told = await this.leave();
    assert.deepEqual(namesOf(told, which), this.untouched);
    for (const name of this.untouched) told.single(name, which);
    return told;
  }

  /** The window is put away: the page hides. */
  async hide() {
    await this.tab.minimize();
    await this.until(() => document.visibilityState === 'hidden');
  }

  async show() {
    await this.tab.restore();
    await this.until(() => document.visibilityState === 'visible');
  }
}

/** A window, with what a visitor's hands can do to it. All input is trusted. */
class Tab {
  constructor(page) {
    this.page = page;
  }

  ask(path, body = {}) {
    return this.page.browser.ask('POST', path, body);
  }

  goto(url) {
    return this.page.goto(url);
  }

  reload() {
    return this.ask('/refresh');
  }

  back() {
    return this.page.goBack();
  }

  evaluate(action, argument) {
    return this.page.evaluate(action, argument);
  }

  async waitFor(condition, argument) {
    return (await this.page.waitForFunction(condition, argument)).jsonValue();
  }

  minimize() {
    return this.ask('/window/minimize');
  }

  restore() {
    return this.ask('/window/rect', { x: 0, y: 0, width: 1000, height: 800 });
  }

  move([x, y]) {
    return this.#point({ type: 'pointerMove', x: Math.round(x), y: Math.round(y), origin: 'viewport' });
  }

  down() {
    return this.#point({ type: 'pointerDown', button: 0 });
  }

  up() {
    return this.#point({ type: 'pointerUp', button: 0 });
  }

  press(value) {
    const actions = ['keyDown', 'keyUp'].map((type) => ({ type, value }));
    return this.ask('/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  #point(action) {
    return this.ask('/actions', { actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: [action] }] });
  }

  close() {
    return this.page.close();
  }
}
