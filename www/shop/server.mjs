// Serves the demo shop: its pages, its small API, and the agent it is watched by.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { products, recommended } from './catalogue.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    endpoint: { type: 'string', default: 'http://127.0.0.1:4318' },
    dist: { type: 'string', default: join(HERE, '..', '..', 'dist') },
  },
});

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const AGENT_FILES = ['/vitrum.js', '/agent.js', '/vitrum.wasm'];
const PAGES = /^\/(product\/\d+|checkout)?$/;

const PRODUCTS_MS = 60;
const RECOMMENDATIONS_MS = 600;
const CHECKOUT_MS = 120;

const server = createServer((request, response) => {
  answer(request, response).catch(() => {
    if (!response.headersSent) send(response, 500, 'text/plain', 'The shop failed.');
  });
});

server.listen(Number(options.port), '127.0.0.1', () => {
  process.stdout.write(`shop listening on http://127.0.0.1:${server.address().port}\n`);
});

async function answer(request, response) {
  const path = new URL(request.url ?? '/', 'http://shop').pathname;
  if (path.startsWith('/api/')) return answerApi(request, response, path);
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'text/plain', 'Only GET.');
  if (PAGES.test(path)) return sendPage(response);
  if (AGENT_FILES.includes(path)) return sendFile(response, resolve(options.dist), path);
  return sendFile(response, resolve(HERE), path);
}

async function answerApi(request, response, path) {
  // A body nobody reads would keep the connection from being used again.
  request.resume();
  if (path === '/api/checkout') {
    if (request.method !== 'POST') return sendJson(response, 405, { error: 'Only POST.' });
    await wait(CHECKOUT_MS);
    return sendJson(response, 402, { error: 'The demo card was declined.' });
  }
  if (path === '/api/broken') return sendJson(response, 500, { error: 'The warehouse does not answer.' });
  if (path === '/api/recommendations') {
    await wait(RECOMMENDATIONS_MS);
    return sendJson(
      response,
      200,
      products.filter(({ id }) => recommended.includes(id)),
    );
  }
  await wait(PRODUCTS_MS);
  if (path === '/api/products') return sendJson(response, 200, products);
  const product = products.find(({ id }) => path === `/api/products/${id}`);
  return product === undefined
    ? sendJson(response, 404, { error: 'No such product.' })
    : sendJson(response, 200, product);
}

async function sendPage(response) {
  const page = await readFile(join(HERE, 'index.html'), 'utf8');
  const endpoint = options.endpoint.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  send(
    response,
    200,
    'text/html; charset=utf-8',
    page.replaceAll('%ENDPOINT%', () => endpoint),
  );
}

async function sendFile(response, root, path) {
  const type = TYPES[extname(path)];
  const file = resolve(root, `.${decoded(path)}`);
  // Nothing outside the folder, whatever dots the path has.
  if (type === undefined || !file.startsWith(root + sep)) return send(response, 404, 'text/plain', 'Not found.');
  try {
    const body = await readFile(file);
    send(response, 200, type, body, type === TYPES['.svg'] ? 'public, max-age=300' : 'no-cache');
  } catch {
    send(response, 404, 'text/plain', 'Not found.');
  }
}

function decoded(path) {
  try {
    return decodeURIComponent(path).replaceAll('\0', '');
  } catch {
    return path;
  }
}

function sendJson(response, status, value) {
  send(response, status, 'application/json', JSON.stringify(value));
}

function send(response, status, type, body, cache = 'no-store') {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': cache,
    'timing-allow-origin': '*',
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
