// The site that visitors of the stories see: its pages with the agent in them, an API of many moods, and a second origin.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};
const ROOTS = { stories: 'www/stories', dist: 'dist' };
const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*, traceparent', 'timing-allow-origin': '*' };

/** The span of a server. */
const SPAN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const held = [];

/** How the API answers, by the last part of the path. */
const API = {
  ok: (_, response) => response.writeHead(200, CORS).end('fine'),
  fail: (_, response) => response.writeHead(500, CORS).end('broken'),
  echo: ({ headers }, response) => response.writeHead(200, { ...CORS, 'content-type': 'application/json' }).end(JSON.stringify(headers)),
  // The server says which span of its own it was.
  answering: (_, response) => response.writeHead(200, { ...CORS, traceresponse: SPAN }).end('fine'),
  timing: (_, response) => response.writeHead(200, { ...CORS, 'server-timing': `traceparent;desc="${SPAN}"` }).end('fine'),
  redirect: (_, response) => response.writeHead(302, { ...CORS, location: '/api/ok' }).end(),
  // Half of an answer, and the rest when it is released.
  stream: (_, response) => {
    held.push(response.writeHead(200, CORS));
    response.write('first');
  },
  release(_, response) {
    held.splice(0).forEach((streaming) => streaming.end('last'));
    response.end();
  },
  gone: ({ socket }) => socket.destroy(),
  // Never answered: for the page to give up on.
  never: () => {},
};

export class Site {
  /** What came: method, path with query, headers. */
  requests = [];
  /** Headers of every page. */
  headers = {};
  /** Put where a page says `<!-- agent -->`. */
  markup = '';

  /** Some stories have folders and answers of their own. */
  static async start(bundle, { roots, answers } = {}) {
    const site = new Site();
    site.roots = { ...ROOTS, npm: bundle, ...roots };
    site.api = { ...API, ...answers };
    site.servers = await Promise.all([0, 1].map(() => listen((request, response) => site.#answer(request, response))));
    [site.origin, site.other] = site.servers.map((server) => `http://127.0.0.1:${server.address().port}`);
    return site;
  }

  /** The requests for a path on either origin. */
  asked(path) {
    return this.requests.filter((request) => request.path.split('?')[0] === path);
  }

  async #answer(request, response) {
    const { method, url, headers } = request;
    this.requests.push({ method, path: url, headers });
    const { pathname } = new URL(url, this.origin);
    const [, root, ...rest] = pathname.split('/');
    if (method === 'OPTIONS') response.writeHead(204, CORS).end();
    else if (root === 'api') this.api[rest.at(-1)](request, response);
    else await this.#file(join(this.roots[root] ?? '/nowhere', normalize('/' + rest.join('/'))), response);
  }

  async #file(file, response) {
    const type = TYPES[extname(file)];
    const body = type && (await readFile(file).catch(() => undefined));
    if (!body) return void response.writeHead(404).end();
    const isPage = type === 'text/html';
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache', 'service-worker-allowed': '/', ...CORS, ...(isPage && this.headers) });
    response.end(isPage ? String(body).replace('<!-- agent -->', () => this.markup) : body);
  }

  close() {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

async function listen(answer) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
