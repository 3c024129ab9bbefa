// A server for folders of web-platform-tests without the one that the suite has: files as that one would serve them, the
// documents around scripts, and Python handlers if there is Python. It has no https and no WebSockets.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { Programs } from '../e2e/webdriver.mjs';
import { freePorts, HOST, isServed, OTHER_HOST } from './hosts.mjs';
import { substitute, throughPipe, trickle, unknownPipes } from './pipes.mjs';
import { scriptOf, wrap } from './wrapper.mjs';

/** By the endings of files, those that `.sub.` files escape for first. */
const MARKUP = {
  htm: 'text/html',
  html: 'text/html',
  svg: 'image/svg+xml',
  xht: 'application/xhtml+xml',
  xhtml: 'application/xhtml+xml',
  xml: 'text/xml',
};
const TYPES = {
  ...MARKUP,
  css: 'text/css',
  gif: 'image/gif',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  mjs: 'text/javascript',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  png: 'image/png',
  ttf: 'font/ttf',
  txt: 'text/plain',
  wasm: 'application/wasm',
  webm: 'video/webm',
  woff: 'font/woff',
};
const SUBDOMAINS = ['www', 'www1', 'www2'];
const isTemplate = (path) => path.split('/').at(-1).split('.').slice(1).includes('sub');

export class Plain {
  name = 'the built-in server, for the folder has none of its own';
  programs = new Programs();
  /** What could not be answered, and why. */
  failures = new Map();

  static async start(root) {
    const site = Object.assign(new Plain(), { root });
    site.servers = [0, 1].map(() => createServer((request, response) => site.#serve(request, response)));
    await Promise.all(site.servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
    const http = site.servers.map((server) => server.address().port);
    // Nobody listens at the others, but pages may speak of them.
    const [handlers, https, https2, ws, wss] = await freePorts(5);
    site.ports = { http, https: [https, https2], ws: [ws], wss: [wss] };
    const under = (host) => Object.fromEntries([['', host], ...SUBDOMAINS.map((name) => [name, `${name}.${host}`])]);
    const domains = { '': under(HOST), alt: under(OTHER_HOST) };
    site.settings = { browser_host: HOST, ports: site.ports, domains, all_domains: domains };
    if (spawnSync('python3', ['--version']).status === 0) {
      site.handlers = handlers;
      const script = [join(import.meta.dirname, 'handlers.py'), root, String(handlers), JSON.stringify(site.settings)];
      await site.programs.start('python3', script, { PYTHONDONTWRITEBYTECODE: '1' }, /handlers at (\d+)/);
    }
    return site;
  }

  /** Handlers have a server of their own. */
  target(host, port, path = '') {
    if (!isServed(host) || !this.ports.http.includes(port)) return undefined;
    return { port: this.handlers && path.split('?')[0].endsWith('.py') ? this.handlers : port };
  }

  isSecure() {
    return false;
  }

  address({ path, isElsewhere }) {
    return `http://${isElsewhere ? `www.${HOST}` : HOST}:${this.ports.http[0]}${path}`;
  }

  /** Of the addresses that a page has asked for, what is not answered here as the suite would. */
  lacking(asked) {
    const failures = [...this.failures, ...[...this.programs.output.matchAll(/^handler failed: (\S+) (.*)/gm)].map(([, path, why]) => [path, why])];
    const failed = new Map(failures);
    const lack = (address) => {
      const { hostname, port, pathname, searchParams } = new URL(address);
      const [, top] = pathname.match(/^\/([^/]+)\//) ?? [];
      if (!isServed(hostname)) return [];
      if (!this.ports.http.includes(Number(port))) return ['https or WebSockets'];
      if (top && !existsSync(join(this.root, top))) return [`/${top}`];
      if (pathname.endsWith('.py') && !this.handlers) return ['Python'];
      if (failed.has(pathname)) return [`what ${pathname} uses (${failed.get(pathname)})`];
      return unknownPipes(searchParams.get('pipe') ?? '').map((name) => `the pipe ${name}`);
    };
    return [...new Set([...asked].flatMap(lack))];
  }

  async #serve(request, response) {
    const url = new URL(request.url, `http://${request.headers.host}`);
    try {
      await this.#answer(url, request, response);
    } catch (failure) {
      this.failures.set(url.pathname, failure.message);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  }

  async #answer(url, request, response) {
    const file = normalize(decodeURIComponent(url.pathname)).slice(1);
    const script = scriptOf(file);
    const path = join(this.root, script ?? file);
    if (file.startsWith('..') || !existsSync(path) || !statSync(path).isFile()) return void response.writeHead(404).end();
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
    if (file.endsWith('.asis')) return void response.socket.end(readFileSync(path));
    const read = readFileSync(path);
    const body = script ? wrap(url.pathname, read.toString()) : read;
    if (body === undefined) return void response.writeHead(404).end();
    const about = { root: this.root, settings: this.settings, headers: request.headers, url, file };
    const ending = extname(file).slice(1).toLowerCase();
    const headers = [['Content-Type', TYPES[ending] ?? 'application/octet-stream']];
    let answer = { status: 200, headers: [...headers, ...headersOf(path, about)], body: Buffer.from(body) };
    if (isTemplate(file)) answer.body = substitute(answer.body, about, ending in MARKUP);
    answer = throughPipe(answer, url.searchParams.get('pipe') ?? '', about);
    await send(answer, request, response);
  }

  async close() {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    await this.programs.end();
  }
}

/** The headers that are written beside a file, for it or for its folder. */
function headersOf(path, about) {
  const found = [];
  for (const base of [join(dirname(path), '__dir__'), path]) {
    for (const file of [`${base}.headers`, `${base}.sub.headers`].filter(existsSync)) {
      const read = readFileSync(file);
      const text = (isTemplate(file) ? substitute(read, about, false) : read).toString('latin1');
      for (const line of text.split(/\r?\n/)) {
        const colon = line.indexOf(':');
        if (colon > 0) found.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
      }
    }
  }
  return found;
}

async function send({ status, headers, body, delays }, request, response) {
  // Of those written beside a file the first takes the place of what it had, and the others are added.
  const known = new Set();
  for (const [name, value] of headers.slice().reverse()) {
    const isType = name.toLowerCase() === 'content-type';
    if (isType && known.has('content-type')) continue;
    known.add(name.toLowerCase());
    response.setHeader(name, [value, response.getHeader(name) ?? []].flat());
  }
  if (!delays && !response.hasHeader('content-length')) response.setHeader('Content-Length', body.length);
  response.writeHead(status);
  if (request.method === 'HEAD') return void response.end();
  if (!delays) return void response.end(body);
  for await (const part of trickle(body, delays)) response.write(part);
  response.end();
}
