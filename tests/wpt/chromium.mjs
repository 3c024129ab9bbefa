// Test pages in Chromium: each in a context of its own, with cookies, cache and storage of its own.

import { chromium } from 'playwright-core';
import { RESULT, outcome, until } from './outcome.mjs';
import { CHROMIUM, FLAGS } from '../e2e/launch.mjs';

export class Browser {
  name = 'Chromium';

  static async start() {
    const browser = new Browser();
    await browser.#launch();
    return browser;
  }

  async #launch() {
    // The suite's certificates are nobody's; service workers heed only this.
    this.browser = await chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, '--ignore-certificate-errors'] });
  }

  /** One who plays test after test through a gate. */
  async player(gate) {
    if (!this.browser.isConnected()) await (this.again ??= this.#launch().finally(() => (this.again = undefined)));
    const proxy = { server: `http://127.0.0.1:${gate.port}`, bypass: '<-loopback>' };
    return {
      play: async (url, limit) => {
        const context = await this.browser.newContext({ proxy, ignoreHTTPSErrors: true });
        try {
          const page = await context.newPage();
          const session = await context.newCDPSession(page);
          // What cannot be loaded reports nothing, and that is its result.
          page.goto(url, { waitUntil: 'commit', timeout: limit }).catch(() => {});
          return await until(limit, async () => {
            const { result } = await session.send('Runtime.evaluate', { expression: RESULT, returnByValue: true });
            return outcome(result.value);
          });
        } finally {
          await context.close();
        }
      },
      end: async () => {},
    };
  }

  close() {
    return this.browser.close();
  }
}
