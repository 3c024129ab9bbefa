// A suite served by its own server, which must be part of the checkout, and Python.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Programs } from '../e2e/webdriver.mjs';
import { freePorts, HOST, isServed, OTHER_HOST } from './hosts.mjs';

/** It starts a Python for each port, which takes its time on a machine that is busy. */
const DEADLINE_MS = 180_000;

/** Whether a folder has this server, and the machine what it runs on. */
export function hasServer(root) {
  const files = ['tools/serve/serve.py', 'tools/localpaths.py', 'tools/certs/web-platform.test.key'];
  return files.every((file) => existsSync(join(root, file))) && spawnSync('python3', ['--version']).status === 0;
}

export class Official {
  name = 'the suite’s own server';
  programs = new Programs();

  static async start(root) {
    const site = new Official();
    try {
      await site.#start(root);
    } catch (failure) {
      await site.close();
      throw new Error(`The suite’s server did not start: ${failure.message}; it said\n${site.programs.output}`, { cause: failure });
    }
    return site;
  }

  async #start(root) {
    const ports = await freePorts(9);
    const [http, http2, https, https2, h2, privately, publicly, ws, wss] = ports;
    this.known = new Set(ports);
    this.http = http;
    this.https = [https, https2];
    const settings = {
      browser_host: HOST,
      alternate_hosts: { alt: OTHER_HOST },
      server_host: '127.0.0.1',
      check_subdomains: false,
      ports: { http: [http, http2], https: this.https, h2: [h2], 'http-private': [privately], 'http-public': [publicly], ws: [ws], wss: [wss] },
      logging: { level: 'info', suppress_handler_traceback: true },
    };
    const file = join(this.programs.home, 'settings.json');
    writeFileSync(file, JSON.stringify(settings));
    this.key = readFileSync(join(root, 'tools/certs/web-platform.test.key'));
    this.certificate = readFileSync(join(root, 'tools/certs/web-platform.test.pem'));
    const script = [join(import.meta.dirname, 'official.py'), root, file];
    // It would write what it compiles into the checkout.
    await this.programs.start('python3', script, { PYTHONDONTWRITEBYTECODE: '1' });
    const hasFailed = () => /^Traceback|^\S*Error: /m.test(this.programs.output);
    await Promise.all([http, http2, https, https2, ws].map((port) => answering(port, hasFailed)));
  }

  /** Where the server of a host is really, if there is one. */
  target(host, port) {
    return isServed(host) && this.known.has(port) ? { port } : undefined;
  }

  isSecure(port) {
    return this.https.includes(port);
  }

  /** The address of a test. */
  address({ path, isSecure, isElsewhere }) {
    const host = isElsewhere ? `www.${HOST}` : HOST;
    return (isSecure ? `https://${host}:${this.https[0]}` : `http://${host}:${this.http}`) + path;
  }

  /** Whatever a page asks for, this server answers as it should. */
  lacking() {
    return [];
  }

  close() {
    return this.programs.end();
  }
}

async function answering(port, hasFailed) {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    if (isOpen) return;
    if (hasFailed()) throw new Error('it ended');
    if (Date.now() > end) throw new Error(`nothing answers at port ${port} after ${DEADLINE_MS} ms`);
    await pause(100);
  }
}
