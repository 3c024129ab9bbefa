// Test pages in Firefox: each in a new window of a browser that has forgotten what the one before left.

import { firefoxOf } from '../e2e/marionette.mjs';
import { Browser as Driven } from '../e2e/webdriver.mjs';
import { RESULT, outcome, until } from './outcome.mjs';

const FORGET = `
  const [done] = arguments;
  const { CLEAR_ALL } = Ci.nsIClearDataService;
  Services.clearData.deleteData(CLEAR_ALL & ~Ci.nsIClearDataService.CLEAR_CERT_EXCEPTIONS, { onDataDeleted: () => done(true) });`;

export class Browser {
  name = 'Firefox';

  static async start() {
    return new Browser();
  }

  /** One who plays test after test through a gate, with a browser of its own: a driver does one thing at a time. */
  async player(gate) {
    const browser = await Driven.start((programs) => launch(programs, gate));
    const first = await browser.ask('GET', '/window');
    return {
      play: async (url, limit) => {
        await forget(browser);
        const { handle } = await browser.ask('POST', '/window/new', { type: 'window' });
        await browser.ask('POST', '/window', { handle });
        try {
          await browser.ask('POST', '/url', { url }).catch(() => {});
          return await until(limit, async () => outcome(await browser.ask('POST', '/execute/sync', { script: `return ${RESULT}`, args: [] })));
        } finally {
          await closeAll(browser, first);
        }
      },
      end: () => browser.close(),
    };
  }

  async close() {}
}

async function launch(programs, gate) {
  const through = `127.0.0.1:${gate.port}`;
  const preferences = {
    'network.proxy.allow_hijacking_localhost': true,
    'network.proxy.no_proxies_on': '',
    'dom.disable_open_during_load': false,
    'dom.max_script_run_time': 0,
    // What the suite's own runner sets, so that addresses with a password are no question to the user, and so that answers
    // in which nobody may look are not looked into.
    'network.http.phishy-userpass-length': 255,
    'browser.opaqueResponseBlocking.javascriptValidator': false,
    'network.captive-portal-service.enabled': false,
  };
  return [
    await firefoxOf(programs, { preferences, hasSystem: true }),
    {
      acceptInsecureCerts: true,
      pageLoadStrategy: 'none',
      unhandledPromptBehavior: 'dismiss',
      proxy: { proxyType: 'manual', httpProxy: through, sslProxy: through },
    },
  ];
}

/** Cookies, caches, storage and what was authorized. */
async function forget(browser) {
  await browser.ask('POST', '/moz/context', { context: 'chrome' });
  try {
    await browser.ask('POST', '/execute/async', { script: FORGET, args: [] });
  } finally {
    await browser.ask('POST', '/moz/context', { context: 'content' });
  }
}

async function closeAll(browser, first) {
  for (const handle of await browser.ask('GET', '/window/handles')) {
    if (handle === first) continue;
    await browser.ask('POST', '/window', { handle });
    await browser.ask('DELETE', '/window');
  }
  await browser.ask('POST', '/window', { handle: first });
}
