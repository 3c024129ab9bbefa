// Firefox understands WebDriver's commands by itself: by names, over a socket (its Marionette). This says them as an HTTP
// driver is told them, by method and path, so that no such driver has to stand in between.

import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

const COMMANDS = {
  'POST /session': 'WebDriver:NewSession',
  'DELETE ': 'Marionette:Quit',
  'POST /timeouts': 'WebDriver:SetTimeouts',
  'GET /window': 'WebDriver:GetWindowHandle',
  'POST /window': 'WebDriver:SwitchToWindow',
  'DELETE /window': 'WebDriver:CloseWindow',
  'GET /window/handles': 'WebDriver:GetWindowHandles',
  'POST /window/new': 'WebDriver:NewWindow',
  'POST /window/minimize': 'WebDriver:MinimizeWindow',
  'POST /window/rect': 'WebDriver:SetWindowRect',
  'POST /url': 'WebDriver:Navigate',
  'POST /back': 'WebDriver:Back',
  'POST /refresh': 'WebDriver:Refresh',
  'POST /element': 'WebDriver:FindElement',
  'POST /actions': 'WebDriver:PerformActions',
  'POST /execute/sync': 'WebDriver:ExecuteScript',
  'POST /execute/async': 'WebDriver:ExecuteAsyncScript',
  'POST /moz/context': 'Marionette:SetContext',
};

/** What it does not set by itself when it is driven: which port it takes, and what it would ask of its maker or of a user. */
const PREFERENCES = {
  'marionette.port': 0,
  'browser.startup.page': 0,
  'browser.uitour.enabled': false,
  'services.settings.server': 'data:,',
  'startup.homepage_welcome_url': 'about:blank',
  'toolkit.startup.max_resumed_crashes': -1,
};

/** Starts Firefox with a profile of its own, or with a given one; answers with what asks it. */
export async function firefoxOf(programs, { profile = join(programs.home, 'profile'), preferences = {}, hasSystem = false } = {}) {
  mkdirSync(profile, { recursive: true });
  const lines = Object.entries({ ...PREFERENCES, ...preferences }).map((pair) => `user_pref(${pair.map((part) => JSON.stringify(part)).join()});\n`);
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const options = ['-marionette', '-headless', '-no-remote', '-profile', profile, ...(hasSystem ? ['-remote-allow-system-access'] : [])];
  const binary = process.env.FIREFOX || '/usr/bin/firefox-esr';
  const port = await programs.start(binary, options, {}, /Marionette\s+INFO\s+Listening on port (\d+)/);
  return speaker(Number(port));
}

/** A connection, as the function that asks: each command is a row of its length, its number, its name and what it is given. */
async function speaker(port) {
  const socket = connect(port, '127.0.0.1');
  const waiting = new Map();
  let last = 0;
  let unread = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      const start = unread.indexOf(':') + 1;
      const end = start + Number(unread.toString('latin1', 0, start - 1));
      if (!start || unread.length < end) return;
      const message = JSON.parse(unread.toString('utf8', start, end));
      unread = unread.subarray(end);
      if (!Array.isArray(message)) continue; // its greeting
      const [, number, fault, result] = message;
      waiting.get(number)?.(fault, result);
    }
  });
  socket.on('error', () => {}); // it is closed then
  socket.on('close', () => {
    for (const heard of waiting.values()) heard({ error: 'no answer', message: 'the browser is gone' });
  });
  await once(socket, 'connect');
  return (method, path, body = {}, most) => new Promise((resolve, reject) => {
    const name = COMMANDS[`${method} ${path}`];
    if (!name) throw new Error(`${method} ${path}: no command of Firefox is known for it; add it to marionette.mjs`);
    const number = ++last;
    const heard = (fault, result) => {
      clearTimeout(late);
      waiting.delete(number);
      if (fault) reject(new Error(`${name}: ${fault.error}, ${fault.message}`));
      else resolve(result && 'value' in result ? result.value : result);
    };
    const late = setTimeout(heard, most, { error: 'timeout', message: `there was no answer within ${most} ms` });
    waiting.set(number, heard);
    if (socket.destroyed) return heard({ error: 'no answer', message: 'the browser is gone' });
    const text = JSON.stringify([0, number, name, given(name, body)]);
    socket.write(`${Buffer.byteLength(text)}:${text}`);
  });
}

/** What a command is given, where it has other names than over HTTP. */
function given(name, body) {
  switch (name) {
    case 'WebDriver:NewSession':
      return body.capabilities.alwaysMatch;
    case 'Marionette:SetContext':
      return { value: body.context };
    case 'Marionette:Quit':
      return { flags: ['eForceQuit'] };
    default:
      return body;
  }
}
