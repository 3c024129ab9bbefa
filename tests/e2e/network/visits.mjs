// The browsers of the suite: each opens a page in a tab of its own, and is spoken to no further. `atOnce` is how many pages
// do not disturb each other: in Chromium each has connections of its own.

import { chromium as playwright } from 'playwright-core';
import { firefox as gecko } from '../browsers.mjs';
import { Browser } from '../webdriver.mjs';
import { CHROMIUM, FLAGS } from '../launch.mjs';

export const chromium = {
  name: 'Chromium',
  async open() {
    const browser = await playwright.launch({ executablePath: CHROMIUM, args: FLAGS });
    const visit = async (url) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(url, { waitUntil: 'commit' });
      return () => context.close();
    };
    return { visit, atOnce: 2, close: () => browser.close() };
  },
};

export const firefox = {
  name: 'Firefox',
  async open() {
    const browser = await Browser.start(gecko.launch);
    const visit = async (url) => {
      const page = await browser.open();
      await page.goto(url);
      return () => page.close();
    };
    return { visit, atOnce: 1, close: () => browser.close() };
  },
};
