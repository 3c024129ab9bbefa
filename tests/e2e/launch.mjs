// How the browsers are started: Chromium and Firefox by themselves, WebKitGTK by its driver.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { firefoxOf } from './marionette.mjs';
import { driverAt } from './webdriver.mjs';

/**
 * Chromium, as a window that nobody sees, without calls to its maker, and without the pages of its own that it would have in
 * each window: they take a second of a processor each time, more than most pages that are looked at. What playwright switches
 * off besides is so switched on again: the last list counts.
 */
export const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
export const FLAGS = [
  '--no-sandbox', // there is none for root, which containers run as
  '--headless=new',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup',
];

export const firefox = {
  name: 'Firefox',
  /** The vitals that it can measure. */
  vitals: ['fcp', 'inp', 'lcp', 'ttfb'],
  launch: async (programs, options) => [await firefoxOf(programs, options), {}],
};

export const webkit = {
  name: 'WebKitGTK',
  vitals: ['fcp', 'ttfb'],
  async launch(programs) {
    const screen = ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
    const display = await programs.start('Xvfb', screen, {}, /^(\d+)\n/m);
    const drawing = { DISPLAY: `:${display}`, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1', WEBKIT_DISABLE_DMABUF_RENDERER: '1' };
    // It would start a message bus, and leave it behind.
    const alone = { DBUS_SESSION_BUS_ADDRESS: 'disabled:', NO_AT_BRIDGE: '1' };
    const port = await freePort();
    await programs.start('WebKitWebDriver', [`--port=${port}`], { ...drawing, ...alone });
    return [await driverAt(`http://127.0.0.1:${port}`), {}];
  },
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
}
