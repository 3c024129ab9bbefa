// A W3C WebDriver client: starts a browser by its driver, and plays in its windows. Whatever it starts, it ends.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Long enough for the slowest machine; what takes longer has failed. */
const DEADLINE_MS = 20_000;
/** A browser has so long to start: its machine may start several. */
const START_MS = 60_000;
/** A program that has not ended by itself after so long is killed. */
const PATIENCE_MS = 5_000;
/** By this name the answers of a driver hold an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

// Whoever is told to end still ends what it has started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** Programs with a home of their own. Each leads a process group, so that its children end with it. */
export class Programs {
  home = mkdtempSync(join(tmpdir(), 'vitrum-webdriver-'));
  /** What they wrote, for the message of a failure. */
  output = '';
  #children = [];
  #abandon = () => {
    this.#signal('SIGKILL');
    this.#clear();
  };

  constructor() {
    process.once('exit', this.#abandon);
  }

  /** Starts a program, and waits for what its output has of the pattern, if there is one. */
  start(command, args, env, pattern) {
    const folders = { HOME: this.home, TMPDIR: this.home, XDG_RUNTIME_DIR: this.home };
    const options = { detached: true, env: { PATH: process.env.PATH, ...folders, ...env }, stdio: ['ignore', 'pipe', 'pipe'] };
    const child = spawn(command, args, options);
    this.#children.push({ pid: child.pid, closed: new Promise((resolve) => child.once('close', resolve)) });
    return new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${command} ${why}`));
      const late = setTimeout(fail, DEADLINE_MS, `was not ready within ${DEADLINE_MS} ms`).unref();
      child.once('error', ({ message }) => fail(`did not start: ${message}`));
      child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
      const ready = (found) => {
        clearTimeout(late);
        resolve(found);
      };
      if (!pattern) child.once('spawn', ready);
      let own = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (text) => {
          this.output += text;
          own += text;
          const found = pattern?.exec(own);
          if (found) ready(found[1]);
        });
      }
    });
  }

  /** Whether this process group is of a program here. */
  leads(group) {
    return this.#children.some(({ pid }) => pid === group);
  }

  /** Kills them, as a system does that has no memory left. */
  kill() {
    this.#signal('SIGKILL');
    return this.end();
  }

  /** Ends them, and waits until nothing is left that could write. */
  async end() {
    this.#signal('SIGTERM');
    const late = setTimeout(() => this.#signal('SIGKILL'), PATIENCE_MS);
    await Promise.all(this.#children.map(({ closed }) => closed));
    clearTimeout(late);
    process.off('exit', this.#abandon);
    this.#clear();
  }

  /** What dies may have written there a moment ago. */
  #clear() {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  #signal(signal) {
    for (const { pid } of this.#children) {
      try {
        if (pid) process.kill(-pid, signal);
      } catch (failure) {
        if (failure.code !== 'ESRCH') throw failure;
      }
    }
  }
}

/** A browser: the programs that are it, and what asks them. */
export class Browser {
  /** `launch` starts it by the programs it is given, and returns what asks it, and the capabilities to ask for. */
  static async start(launch) {
    const browser = Object.assign(new Browser(), { programs: new Programs() });
    try {
      const [speak, capabilities] = await launch(browser.programs);
      browser.#speak = speak;
      const { capabilities: given } = await speak('POST', '/session', { capabilities: { alwaysMatch: capabilities } }, START_MS);
      browser.version = given.browserVersion;
      await browser.ask('POST', '/timeouts', { script: DEADLINE_MS, pageLoad: DEADLINE_MS });
      return browser;
    } catch (failure) {
      await browser.programs.end();
      throw new Error(`${failure.message}; the programs said\n${browser.programs.output}`, { cause: failure });
    }
  }

  /** What the driver answers. It has the same limit, and tells what was too slow. */
  ask(method, path, body) {
    return this.#speak(method, path, body, DEADLINE_MS + PATIENCE_MS);
  }
  #speak;

  /** Opens a window, or a tab in front of that which is spoken to. */
  open(type = 'window') {
    return this.inTurn(async () => {
      const { handle } = await this.ask('POST', '/window/new', { type });
      await this.turnTo(handle);
      return new Page(this, handle);
    });
  }

  /** Does this when all that was begun before is done: a driver speaks to one window at a time. */
  inTurn(action) {
    const done = this.#last.then(action);
    this.#last = done.catch(() => {});
    return done;
  }
  #last = Promise.resolve();

  /** Speaks to this window from then on. */
  async turnTo(handle) {
    if (handle !== this.#current) await this.ask('POST', '/window', { handle });
    this.#current = handle;
  }
  #current;

  async close() {
    try {
      await this.ask('DELETE', '');
    } finally {
      await this.programs.end();
    }
  }
}

/** A window with a page, to be spoken to in the words that playwright has for it. */
class Page {
  constructor(browser, handle) {
    Object.assign(this, { browser, handle });
  }

  /** What the driver answers for this window. */
  ask(method, path, body) {
    return this.browser.inTurn(async () => {
      await this.browser.turnTo(this.handle);
      return this.browser.ask(method, path, body);
    });
  }

  /** Goes to a page and waits until it has loaded. */
  goto(url) {
    return this.ask('POST', '/url', { url });
  }

  goBack() {
    return this.ask('POST', '/back', {});
  }

  /** Does this in the page: in its own realm, for the driver's scripts may have objects of their own. */
  async evaluate(action, argument) {
    const text = `(async () => JSON.stringify({ value: await (${action})(${JSON.stringify(argument)}) }))()`;
    const script = `
      const [text, done] = arguments;
      window.eval(text).then((result) => done({ result }), (fault) => done({ fault: fault + '\\n' + fault?.stack }));`;
    const { result, fault } = await this.ask('POST', '/execute/async', { script, args: [text] });
    if (fault) throw new Error(`in the page: ${fault}`);
    return JSON.parse(result).value;
  }

  /** Waits until this holds in the page. */
  async waitForFunction(condition, argument) {
    const value = await this.evaluate(`async (argument) => {
      for (;;) {
        const value = (${condition})(argument);
        if (value) return value;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }`, argument);
    return { jsonValue: () => value };
  }

  /** Moves the pointer onto an element and presses its button there. */
  async click(selector) {
    const element = await this.ask('POST', '/element', { using: 'css selector', value: selector });
    await this.#act('pointer', [
      { type: 'pointerMove', x: 0, y: 0, origin: { [ELEMENT]: element[ELEMENT] } },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ]);
  }

  /** Presses a key. */
  press(value) {
    return this.#act('key', ['keyDown', 'keyUp'].map((type) => ({ type, value })));
  }

  #act(type, actions) {
    return this.ask('POST', '/actions', { actions: [{ type, id: type, actions }] });
  }

  /** Closes the window; those that are open still are spoken to again. */
  close() {
    return this.browser.inTurn(async () => {
      await this.browser.turnTo(this.handle);
      const [handle] = await this.browser.ask('DELETE', '/window');
      await this.browser.turnTo(handle);
    });
  }
}

/** What asks a driver that listens at an address, as soon as it answers there. */
export async function driverAt(address) {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  while (!(await fetch(`${address}/status`, { signal }).catch(() => undefined))?.ok) await pause(20, undefined, { signal });
  let session = '';
  return async (method, path, body, most) => {
    const options = { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) };
    const response = await fetch(address + session + path, { ...options, signal: AbortSignal.timeout(most) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}, ${value.message}`);
    if (!session) session = `/session/${value.sessionId}`;
    return value;
  };
}
