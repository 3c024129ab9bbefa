// What a page view costs on the wire, and what each part of it does: a page with 30 resources, its vitals, two requests and one
// error, visited in Chromium and left. `./build.sh bench bytes [--markdown]`.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { brotliCompressSync, deflateRawSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { decode, message, packed } from '../../target/inspect/vitrum_inspect.js';
import '../e2e/collector.mjs';
import { dictionary } from '../e2e/frame.mjs';
import { tag } from '../e2e/forms.mjs';
import { CHROMIUM, FLAGS } from '../e2e/launch.mjs';

const { values } = parseArgs({ options: { markdown: { type: 'boolean', default: false } } });

/** What the page loads, as a bundler and a shop name it: path and bytes. 30 of them, with the agent's own three. */
const ASSETS = [
  ['/assets/index-BX2kd93a.css', 18_211],
  ['/assets/product-Dk39fLq2.css', 6_120],
  ['/assets/index-C8hVw1xT.js', 96_404],
  ['/assets/vendor-9fKq2LmZ.js', 141_020],
  ['/assets/product-Zt7Rp0sa.js', 22_310],
  ['/assets/analytics-Qw83nBvc.js', 4_410],
  ['/fonts/inter-regular.woff2', 48_208],
  ['/fonts/inter-bold.woff2', 51_540],
  ['/img/logo.svg', 2_310],
  ['/img/hero-1280.svg', 61_980],
  ...[4418, 1203, 9921, 3307, 7754, 2046, 8812, 5530, 6671, 1958, 3042, 7219, 9034, 4127, 2588, 6093].map((id, at) => [`/img/products/${id}-480.svg`, 9_000 + ((id * 7 + at * 613) % 23_000)]),
  ['/img/payment.svg', 3_120],
];
const TYPES = { '.css': 'text/css', '.js': 'text/javascript', '.woff2': 'font/woff2', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' };

const page = (markup) => `<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,">
${markup}
<link rel="stylesheet" href="/assets/index-BX2kd93a.css"><link rel="stylesheet" href="/assets/product-Dk39fLq2.css">
<link rel="preload" as="font" crossorigin href="/fonts/inter-regular.woff2"><link rel="preload" as="font" crossorigin href="/fonts/inter-bold.woff2">
<style>img { width: 120px; height: 120px }</style></head>
<body><h1>Shop</h1><button id="buy">Buy</button><div id="late"></div>
${ASSETS.filter(([path]) => path.startsWith('/img/')).map(([path]) => `<img src="${path}" alt="">`).join('\n')}
${ASSETS.filter(([path]) => path.endsWith('.js')).map(([path]) => `<script src="${path}" defer></script>`).join('\n')}
<script>
addEventListener('load', () => {
  fetch('/api/cart').then((answer) => answer.json());
  fetch('/api/recommendations?for=4418').then((answer) => answer.json());
  setTimeout(() => document.querySelector('#late').style.height = '80px', 300);
});
document.querySelector('#buy').addEventListener('click', function addToCart() {
  const end = performance.now() + 44;
  while (performance.now() < end);
  setTimeout(function checkOut() { undefined.total; });
});
</script></body></html>`;

const svg = (bytes) => `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="120"><rect width="120" height="120" fill="#478"/><!--${'x'.repeat(Math.max(0, bytes - 120))}--></svg>`;
const body = (path, bytes) => (path.endsWith('.svg') ? svg(bytes) : path.endsWith('.woff2') ? 'x'.repeat(bytes) : `/*${'x'.repeat(bytes - 4)}*/`);

/** Plays the visit once, and gives what left. */
async function visit(browser, options) {
  const sent = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    if (request.method === 'POST') {
      const parts = [];
      for await (const part of request) parts.push(part);
      sent.push({ path: pathname, body: Buffer.concat(parts) });
      return void response.writeHead(204).end();
    }
    // A server takes its time, for each path another.
    const wait = [...pathname].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 97, 7);
    const asset = ASSETS.find(([path]) => path === pathname);
    const type = { 'content-type': TYPES[extname(pathname)] ?? 'text/html', 'cache-control': 'no-cache' };
    if (pathname.startsWith('/dist/')) return void response.writeHead(200, type).end(readFileSync(`.${pathname}`));
    await pause(15 + wait / 2);
    if (asset) response.writeHead(200, type).end(body(...asset));
    else if (pathname.startsWith('/api/')) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items: Array(20).fill(pathname) }));
    else response.writeHead(200, type).end(pathname === '/product/4418' ? page(tag.markup({ endpoint: server.origin, service: 'shop', version: '1.2.3', environment: 'production', ...options })) : '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.origin = `http://127.0.0.1:${server.address().port}`;
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${server.origin}/product/4418`, { waitUntil: 'load' });
    await page.waitForFunction(() => window.vitrum?.stop);
    await page.click('#buy');
    await pause(1200);
    await page.goto(`${server.origin}/blank`);
    await pause(1000);
  } finally {
    await context.close();
    server.closeAllConnections();
    server.close();
  }
  return sent;
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const total = (sent) => sent.reduce((sum, { body }) => sum + body.length, 0);
try {
  const beacons = await visit(browser, {});
  const [otlp, plain] = [await visit(browser, { protocol: 'otlp', compression: 'gzip' }), await visit(browser, { protocol: 'otlp', compression: 'none' })];
  const bodies = beacons.map(({ body }) => body);
  const bytesWithout = (name) => bodies.reduce((sum, body) => sum + deflateRawSync(packed(body, name), { dictionary: dictionary(1), level: 9 }).length, 0);
  const counts = new Map();
  for (const { logs, spans } of bodies.map((body) => decode(body))) {
    for (const name of [...logs.map(({ name }) => name), ...spans.map(({ kind }) => kind)]) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sum = (sizeOf) => bodies.reduce((all, body) => all + sizeOf(body).length, 0);
  console.log(`with the dictionary: ${total(beacons)} bytes in ${beacons.length} beacons (${sum(message)} as a message of OTLP without tables, ${sum((body) => packed(body, ''))} packed)`);
  console.log(`as OTLP in gzip: ${total(otlp)} bytes in ${otlp.length} requests; plain: ${total(plain)}; in brotli it would be ${plain.reduce((sum, { body }) => sum + brotliCompressSync(body).length, 0)}`);
  const whole = bytesWithout('');
  for (const [name, count] of [...counts].sort()) {
    const part = whole - bytesWithout(name);
    console.log(values.markdown ? `| ${name} | ${count} | ${part} |` : `${name}: ${count}, ${part} bytes`);
  }
} finally {
  await browser.close();
}
