// How the browsers are started: Chromium by itself, Firefox and WebKitGTK each by its driver.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { answering } from './webdriver.mjs';

/** Chromium, as a window that nobody sees, and without calls to its maker. */
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
];

export const firefox = {
  name: 'Firefox',
  /** The vitals that it can measure. */
  vitals: ['fcp', 'inp', 'lcp', 'ttfb'],
  /** With a profile where it keeps what it has, if it is to; and with access to the browser itself, if that is asked for. */
  async launch(programs, { profile, hasSystem } = {}) {
    const binary = process.env.FIREFOX || '/usr/bin/firefox-esr';
    const options = ['--port', '0', '--binary', binary, ...(hasSystem ? ['--allow-system-access'] : [])];
    const address = await programs.start('target/tools/bin/geckodriver', options, {}, /Listening on (\S+)/);
    return [`http://${address}`, { 'moz:firefoxOptions': { args: ['-headless', ...(profile ? ['-profile', profile] : [])] } }];
  },
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
    const address = `http://127.0.0.1:${port}`;
    await answering(address);
    return [address, {}];
  },
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
}
