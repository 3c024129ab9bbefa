// Who visits the pages: in the words of the stories, whatever the browser.

import { LIBRARIES } from './compare.mjs';
import { read, Told } from './told.mjs';

/** Where the pages of the stories are. */
export const PAGES = '/stories/vitals/';

export class Visitor {
  constructor(browser, site, gates) {
    Object.assign(this, { browser, site, gates });
  }

  /** Opens a page in a tab of its own, and waits until both libraries are at work there. */
  async open(page) {
    await this.enter(page, { loaded: true });
    await this.ready();
  }

  /** Opens a page in a tab of its own, and waits for nothing else. */
  async enter(page, options = { loaded: false }) {
    this.tab = await this.browser.tab();
    await this.tab.goto(this.address(page), options);
  }

  /** Opens a page in a tab that is behind another one. */
  async openBehind(page) {
    this.tab = await this.browser.tabBehind(this.address(page));
    await this.ready();
  }

  address(page) {
    return new URL(page, this.site.origin + PAGES).href;
  }

  go(page) {
    return this.tab.goto(this.address(page));
  }

  /** Both libraries measure, and have told what there was to tell when they began. */
  async ready() {
    await this.ask(() => window.pair.ready);
    await this.settled();
  }

  /** What came until now has been worked on. Only of pages that can be seen. */
  settled() {
    return this.ask(() => window.pair.settled());
  }

  /** Does this in the page. */
  ask(action, argument) {
    return this.tab.evaluate(action, argument);
  }

  /** Waits until this holds in the page. */
  until(condition, argument) {
    return this.tab.waitFor(condition, argument);
  }

  /** Waits until the browser has told the page of so many entries of a type, or of a name. */
  async sees(type, { name, duration = 0, times = 1 } = {}) {
    await this.until(
      ({ type, name, duration, times }) => {
        const isIt = (entry) => entry.entryType === type && (!name || entry.name === name) && entry.duration >= duration;
        return window.pair.entries.filter(isIt).length >= times;
      },
      { type, name, duration, times },
    );
    await this.settled();
  }

  /** How many entries of a type the browser has told the page of. */
  count(type) {
    return this.ask((type) => window.pair.entries.filter(({ entryType }) => entryType === type).length, type);
  }

  /** Waits until both libraries have told a metric so often in this document. */
  tells(metric, times = 1) {
    return this.until(
      ({ libraries, metric, times }) => {
        const of = window.pair.told.filter(({ name }) => name === metric);
        return libraries.every((each) => of.filter(({ library }) => library === each).length >= times);
      },
      { libraries: LIBRARIES, metric, times },
    );
  }

  async point(selector) {
    await this.tab.move(
      await this.ask((selector) => {
        const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
        return [x + width / 2, y + height / 2];
      }, selector),
    );
  }

  /** Presses and lets go where the pointer is. */
  async tap() {
    await this.tab.down();
    await this.tab.up();
  }

  async click(selector) {
    await this.point(selector);
    await this.tap();
  }

  /** Presses on one element, and lets go over another. */
  async drag(from, to) {
    await this.point(from);
    await this.tab.down();
    await this.point(to);
    await this.tab.up();
  }

  press(key) {
    return this.tab.press(key);
  }

  async scroll(by) {
    await this.tab.wheel(by);
    await this.until((by) => window.scrollY >= by, by);
  }

  /** Another tab comes in front: the page hides. */
  async hide() {
    if (this.other) await this.other.front();
    else this.other = await this.browser.tab();
    await this.until(() => document.visibilityState === 'hidden');
  }

  async show() {
    await this.tab.front();
    await this.until(() => document.visibilityState === 'visible');
  }

  /** Follows a link to a page that nothing measures. */
  away() {
    return this.tab.goto(`${this.site.origin}/stories/blank.html`);
  }

  /** Comes back to a page that the browser has kept. */
  async back() {
    await this.tab.back();
    await this.until(() => window.pair?.returns > 0);
  }

  /** Comes back to a page that the browser has not kept: it is loaded. */
  backToLoad() {
    return this.tab.back({ loaded: true });
  }

  reload() {
    return this.tab.reload();
  }

  /** Leaves the site's pages for good, and compares what was told of them. */
  async leave() {
    await this.away();
    this.kept = await this.ask(() => ({ ...sessionStorage }));
    this.told = new Told(read(this.kept));
    return this.told;
  }

  async close() {
    await this.tab?.close();
    await this.other?.close();
  }
}
