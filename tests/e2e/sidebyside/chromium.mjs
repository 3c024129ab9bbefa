// Chromium as visitors have it: with tabs that really hide behind each other, and hands for its pages.

import { chromium } from 'playwright-core';
import { Programs } from '../webdriver.mjs';
import { CHROMIUM, FLAGS } from '../launch.mjs';

/** Less than a story has, so that what it waited for in vain is known. */
const DEADLINE_MS = 20_000;

const start = (programs, rest, pattern) => {
  const own = [`--user-data-dir=${programs.home}/profile`, ...rest];
  return programs.start(CHROMIUM, [...FLAGS, '--window-size=1000,800', ...own], {}, pattern);
};

/** A browser that nobody is attached to: what is attached keeps pages from being rendered before they are visited. */
export async function alone(url) {
  const programs = new Programs();
  await start(programs, [url]);
  return programs;
}

export class Chromium {
  /** What is launched by playwright believes itself visible for ever; what it comes to does not. */
  static async start() {
    const programs = new Programs();
    const endpoint = await start(programs, ['--remote-debugging-port=0', 'about:blank'], /listening on (ws:\S+)/);
    const browser = await chromium.connectOverCDP(endpoint, { noDefaults: true });
    const [context] = browser.contexts();
    return Object.assign(new Chromium(), { programs, browser, context });
  }

  /** A tab in front of the others. */
  async tab() {
    return new Tab(this, await this.context.newPage());
  }

  /** A tab behind the others, with a page that has never been seen. */
  async tabBehind(url) {
    const session = await this.browser.newBrowserCDPSession();
    const opened = this.context.waitForEvent('page');
    await session.send('Target.createTarget', { url, background: true });
    const page = await opened;
    await session.detach();
    await page.waitForLoadState();
    return new Tab(this, page);
  }

  async close() {
    await this.browser.close();
    await this.programs.end();
  }
}

/** A tab, with what a visitor's hands can do to it. All input is trusted. */
class Tab {
  constructor(browser, page) {
    Object.assign(this, { browser, page });
    page.setDefaultTimeout(DEADLINE_MS);
  }

  goto(url, { loaded = true } = {}) {
    return this.page.goto(url, { waitUntil: loaded ? 'load' : 'commit' });
  }

  reload() {
    return this.page.reload({ waitUntil: 'load' });
  }

  /** A page that the browser has kept does not load. */
  back({ loaded = false } = {}) {
    return this.page.goBack({ waitUntil: loaded ? 'load' : 'commit' });
  }

  evaluate(action, argument) {
    return this.page.evaluate(action, argument);
  }

  async waitFor(condition, argument) {
    return (await this.page.waitForFunction(condition, argument, { polling: 20 })).jsonValue();
  }

  front() {
    return this.page.bringToFront();
  }

  async move([x, y]) {
    await this.page.mouse.move(x, y);
  }

  down() {
    return this.page.mouse.down();
  }

  up() {
    return this.page.mouse.up();
  }

  wheel(y) {
    return this.page.mouse.wheel(0, y);
  }

  press(key) {
    return this.page.keyboard.press(key);
  }

  close() {
    return this.page.close();
  }
}
