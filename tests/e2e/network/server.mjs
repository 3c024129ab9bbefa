// The suite's server: two origins that note what they receive, a third of the agent's, which also keeps files back, and
// one by which the page and the tests speak.

import { EventEmitter, on, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { ANSWERS, cors, shakeHands } from './answers.mjs';

/** Long enough for the slowest machine; what takes longer has failed. */
const DEADLINE_MS = 20_000;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const ANYONE = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
/** These differ from one connection to the next, and are none of the page's doing. */
const CHANCE = new Set(['host', 'connection', 'sec-websocket-key']);

/** One load of a page: what it is to be, and what came of it. */
class Run extends EventEmitter {
  /** By check, the requests in the order they came. */
  served = new Map();
  #released = new Set();
  #held = [];

  /** Answers when a word is said, or at once if there is none or it was said already. */
  hold(word, answer) {
    if (!word || this.#released.has(word)) answer();
    else this.#held.push([word, answer]);
  }

  release(word) {
    this.#released.add(word);
    for (const [held, answer] of this.#held) if (held === word) answer();
  }

  /** Ends what is open still: a page that has used up its connections can go on. */
  free() {
    for (const { response } of [...this.served.values()].flat()) response?.destroy();
  }

  /** Waits until so many requests of a check have come to this point. Chromium reads on for 5 s after some that are given up (HttpResponseBodyDrainer). */
  async until(check, point, count) {
    const reached = () => (this.served.get(check) ?? []).filter((request) => request.points.has(point)).length >= count;
    const steps = on(this, 'step', { signal: AbortSignal.timeout(12_000) });
    try {
      while (!reached()) await steps.next();
      return true;
    } catch {
      return false;
    } finally {
      await steps.return();
    }
  }
}

export class Server {
  #runs = new Map();

  /** `folders` has, by the first part of the path, where files are. */
  static async start(folders) {
    const server = Object.assign(new Server(), { folders });
    const origins = ['own', 'other'].map((name) => listen((...args) => server.#take(name, ...args), (...args) => server.#upgrade(name, ...args)));
    // A page has six connections to an origin: what is kept back takes none of the page's own, and the suite has others.
    const backstage = listen((...args) => server.#take('backstage', ...args));
    const intake = listen((request, response) => {
      if (request.url.startsWith('/run-')) server.#take('intake', request, response);
      else request.resume().on('end', () => response.writeHead(204, ANYONE).end());
    });
    server.servers = await Promise.all([...origins, intake, backstage]);
    [server.own, server.other, server.intake, server.backstage] = server.servers.map((listening) => `http://127.0.0.1:${listening.address().port}`);
    return server;
  }

  /** A load of a page to come. `page` makes its text. */
  open(page) {
    const name = `run-${String(this.#runs.size + 10)}`;
    const run = Object.assign(new Run(), { name, url: `${this.own}/${name}/page.html`, other: `${this.other}/${name}`, page });
    run.done = once(run, 'done', { signal: AbortSignal.timeout(3 * DEADLINE_MS) }).then(([results]) => results);
    run.done.catch(() => {});
    this.#runs.set(name, run);
    return run;
  }

  close() {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  #take(origin, request, response) {
    const [, name, room, ...rest] = new URL(request.url, this.own).pathname.split('/');
    const run = this.#runs.get(name);
    if (!run) return response.writeHead(404).end();
    response.setHeader('cache-control', 'no-store');
    if (room === 'c' || room === 'listed') return this.#check(run, origin, rest[0], request, response);
    if (room === 'page.html') return response.writeHead(200, { 'content-type': 'text/html', ...this.#policy() }).end(run.page(run, new URL(request.url, this.own).searchParams));
    if (room === 'done') return gather(request).then((body) => run.emit('done', JSON.parse(body)) && response.writeHead(204, ANYONE).end());
    if (room === 'release') return run.release(rest[0]) ?? response.writeHead(204, ANYONE).end();
    if (room === 'free') return run.free() ?? response.writeHead(204, ANYONE).end();
    if (room === 'until') return run.until(rest[0], rest[1], Number(rest[2])).then((value) => response.writeHead(200, ANYONE).end(String(value)));
    // What the agent fetches late from `dist~word` waits for the word.
    const [folder, word] = room.split('~');
    const path = join(this.folders[folder] ?? '/nowhere', normalize('/' + rest.join('/')));
    run.hold(/\.wasm$|inline-/.test(path) ? word : '', () => this.#file(path, response));
  }

  /** Forbids nothing, and complains of requests elsewhere. */
  #policy() {
    const own = this.servers.map((server) => `127.0.0.1:${server.address().port}`).flatMap((host) => [`http://${host}`, `ws://${host}`]);
    return { 'content-security-policy-report-only': `connect-src ${own.join(' ')} data: blob:` };
  }

  async #check(run, origin, check, request, response) {
    const noted = Object.assign(this.#note(run, origin, check, request), { response });
    const step = (point) => noted.points.add(point) && run.emit('step');
    response.on('close', () => step(response.writableFinished ? 'answered' : 'closed'));
    const query = new URLSearchParams(noted.query);
    for (const [name, value] of Object.entries(cors(query, request.headers))) response.setHeader(name, value);
    noted.bytes = await gather(request).catch(() => Buffer.from('cut'));
    noted.body = noted.bytes.toString('latin1');
    step('taken');
    if (request.method === 'OPTIONS') response.writeHead(query.get('cors') === 'all' ? 204 : 403).end();
    else ANSWERS[noted.kind](request, response, { query, path: request.url.split('?')[0], body: noted });
  }

  #upgrade(origin, request, socket) {
    const [, name, , check] = request.url.split('/');
    const run = this.#runs.get(name);
    const noted = this.#note(run, origin, check, request);
    socket.on('close', () => noted.points.add('closed') && run.emit('step'));
    noted.points.add('taken');
    run.emit('step');
    if (noted.kind === 'ws') shakeHands(request, socket);
    else socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  }

  #note(run, origin, check, { method, url, rawHeaders }) {
    const [path, query = ''] = url.split('?');
    const headers = [];
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const name = rawHeaders[at].toLowerCase();
      if (!CHANCE.has(name)) headers.push([name, rawHeaders[at + 1]]);
    }
    const noted = { origin, method, kind: path.split('/').slice(4).join('/'), query, headers: headers.sort(), points: new Set() };
    if (!run.served.has(check)) run.served.set(check, []);
    run.served.get(check).push(noted);
    return noted;
  }

  async #file(path, response) {
    const body = TYPES[extname(path)] && (await readFile(path).catch(() => undefined));
    if (!body) return void response.writeHead(404).end();
    // Each load has addresses of its own, but its frames share them.
    response.writeHead(200, { 'content-type': TYPES[extname(path)], 'cache-control': 'max-age=600', ...ANYONE }).end(body);
  }
}

async function listen(answer, upgrade) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  // A connection that is ended while the browser takes it into use again would look like a fault.
  server.keepAliveTimeout = 60_000;
  if (upgrade) server.on('upgrade', upgrade);
  await once(server, 'listening');
  return server;
}

async function gather(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
