// Visitors with three browsers, and the words in which the cells of delivery.mjs are told. `cannot` says of a word why the
// browser or its driver has none.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { CHROMIUM, FLAGS, firefox, webkit } from '../e2e/launch.mjs';
import { Browser, Programs } from '../e2e/webdriver.mjs';

/** The machine may be busy. */
const DEADLINE_MS = 60_000;

const LEAN = ['--disable-breakpad', '--disable-dev-shm-usage'];

const onPath = (program) => process.env.PATH.split(':').some((folder) => existsSync(join(folder, program)));

class Chromium {
  static label = 'Chromium';
  /** One has any number of visitors, each with a context of their own. */
  static many = 1;
  static cannot = {};
  static isThere = () => existsSync(CHROMIUM);

  /** With a profile that outlives it, or for many visitors. */
  static async start(profile) {
    const visitor = Object.assign(new Chromium(), { programs: new Programs(), isAlone: !!profile });
    const folder = profile ?? join(visitor.programs.home, 'profile');
    mkdirSync(folder, { recursive: true });
    // Its own pages for those who work on it, of which one discards tabs.
    if (!existsSync(join(folder, 'Local State'))) writeFileSync(join(folder, 'Local State'), '{"internal_only_uis_enabled":true}');
    const options = [...FLAGS, ...LEAN, `--user-data-dir=${folder}`, '--remote-debugging-port=0', 'about:blank'];
    visitor.endpoint = await visitor.programs.start(CHROMIUM, options, {}, /listening on (ws:\S+)/);
    await visitor.attach();
    visitor.version = visitor.browser.version();
    return visitor;
  }

  async attach() {
    // Without the defaults a page behind another is hidden, as it is for visitors.
    this.browser = await chromium.connectOverCDP(this.endpoint, { noDefaults: true });
  }

  /** A window, or a tab in a window that has another. */
  async open(kind = 'window') {
    const context = this.isAlone ? this.browser.contexts()[0] : await this.browser.newContext();
    if (kind === 'tab') await context.newPage();
    return this.next(await context.newPage());
  }

  /** Another page of the same visitor. */
  async another(page) {
    return this.next(await page.context().newPage());
  }

  next(page) {
    page.setDefaultTimeout(DEADLINE_MS);
    return page;
  }

  async back(page) {
    // A page that returns from the cache has no load to be waited for.
    await page.evaluate(() => void setTimeout(() => history.back()));
  }

  closeTab = (page) => page.close();
  closeWindow = (page) => page.close({ runBeforeUnload: true });
  offline = (page, isOffline) => page.context().setOffline(isOffline);

  async crash(page) {
    const crashed = page.waitForEvent('crash');
    const session = await page.context().newCDPSession(page);
    session.send('Page.crash').catch(() => {});
    await crashed;
  }

  /** Has another tab in front of it. */
  async hide(page) {
    this.list = this.next(await page.context().newPage());
    await this.list.goto('chrome://discards');
    await this.list.locator('.title-cell').first().waitFor();
    await this.list.evaluate(() => {
      const list = document.querySelector('discards-main').shadowRoot.querySelector('discards-tab').shadowRoot;
      window.discard = (url) => {
        const row = [...list.querySelectorAll('tbody tr')].find((row) => row.querySelector('.tab-url-cell').textContent === url);
        [...row.querySelectorAll('[is=action-link]')].find((link) => link.textContent.includes('Urgent Discard')).click();
      };
    });
  }

  /** A tab that someone is attached to is spared, so nobody is. */
  async discard(page) {
    const url = page.url();
    await this.list.evaluate((url) => setTimeout(window.discard, 1000, url), url);
    await this.browser.close();
    await pause(2500);
    await this.attach();
    const list = this.browser.contexts()[0].pages().find((other) => other.url().startsWith('chrome://discards'));
    await list.locator('tr', { hasText: url }).getByText('discarded (urgent)').waitFor();
  }

  /** All of the visitor's is gone. */
  clear = (page) => (this.isAlone ? undefined : page.context().close());
  kill = () => this.programs.kill();
  async close() {
    await this.browser.close();
    await this.programs.end();
  }
}

/** What those have in common that are visited by a WebDriver. */
class Driven {
  /** A window can be in front of another's only in its own browser; so there are some, and each has one visitor at a time. */
  static many = 3;

  static async begin(launch) {
    const visitor = new this();
    visitor.browser = await Browser.start(launch);
    visitor.version = visitor.browser.version;
    return visitor;
  }

  open = (kind) => this.browser.open(kind);
  another = () => this.browser.open('tab');
  back = (page) => page.goBack();
  closeTab = (page) => page.close();
  closeWindow = (page) => page.close();
  /** What is closed already is gone. */
  clear = (page) => page.close().catch(({ message }) => {
    if (!/no such window/.test(message)) throw new Error(message);
  });
  kill = () => this.browser.programs.kill();
  close = () => this.browser.close();
}

class Firefox extends Driven {
  static label = 'Firefox';
  static cannot = {};
  static isThere = () => existsSync(process.env.FIREFOX || '/usr/bin/firefox-esr');
  static start = (profile) => Firefox.begin((programs) => firefox.launch(programs, { profile, hasSystem: true }));

  /** Does this in the window around the page. */
  #within(page, script, ...args) {
    return this.browser.inTurn(async () => {
      await this.browser.turnTo(page.handle);
      await this.browser.ask('POST', '/moz/context', { context: 'chrome' });
      const done = await this.browser.ask('POST', '/execute/sync', { script, args });
      await this.browser.ask('POST', '/moz/context', { context: 'content' });
      return done;
    });
  }

  offline = (page, isOffline) => this.#within(page, 'Services.io.offline = arguments[0]', isOffline);

  async crash(page) {
    process.kill(await this.#within(page, 'return gBrowser.selectedBrowser.frameLoader.remoteTab.osPid'), 'SIGKILL');
    await pause(500);
  }

  hide = (page) => this.#within(page, 'gBrowser.selectedTab = gBrowser.tabs[0]');

  async discard(page) {
    const isDone = await this.#within(page, 'const tab = gBrowser.tabs[gBrowser.tabs.length - 1]; gBrowser.discardBrowser(tab, true); return !tab.linkedPanel');
    if (!isDone) throw new Error('the tab was not discarded');
  }
}

class WebKit extends Driven {
  static label = 'WebKitGTK';
  static cannot = {
    offline: 'its driver cannot take the network away',
    discard: 'it discards no tabs',
    profile: 'its driver starts it with nothing that outlives it',
  };
  static isThere = () => onPath('WebKitWebDriver') && onPath('Xvfb');
  static start = () => WebKit.begin((programs) => webkit.launch(programs));

  /** Its only visitor's: all of its processes that have pages. */
  async crash() {
    const found = execFileSync('ps', ['-eo', 'pid=,pgid=,comm='], { encoding: 'utf8' }).split('\n').map((line) => line.trim().split(/\s+/));
    const own = found.filter(([, group, name]) => name?.startsWith('WebKitWebProces') && this.browser.programs.leads(Number(group)));
    if (!own.length) throw new Error('there is no process that has a page');
    for (const [pid] of own) process.kill(Number(pid), 'SIGKILL');
    await pause(500);
  }
}

export const VISITORS = { chromium: Chromium, firefox: Firefox, webkit: WebKit };
