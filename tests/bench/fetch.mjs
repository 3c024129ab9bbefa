// What watching costs a page's requests: the same loop of fetches in a page with the agent and in one without, in turns,
// in one browser. Only the ratio says something; the times depend on the machine.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const ROUNDS = 15;
const REQUESTS = 200;
const TYPES = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html' };
const TAG = '<script async src="/vitrum.js" data-consent="granted" data-service="bench"></script>';

const answer = async ({ url, method }, response) => {
  const name = url.slice(1);
  if (method === 'POST') return response.writeHead(204).end();
  if (name === 'plain.html' || name === 'watched.html') {
    return response.writeHead(200, { 'content-type': TYPES.html }).end(`<!doctype html><title>${name}</title>${name === 'plain.html' ? '' : TAG}`);
  }
  if (name === 'ok') return response.end('fine');
  const body = /^[a-z]+\.(js|wasm)$/.test(name) && (await readFile(`dist/${name}`).catch(() => undefined));
  response.writeHead(body ? 200 : 404, { 'content-type': TYPES[name.split('.')[1]] ?? 'text/plain' }).end(body || '');
};

const loop = async (requests) => {
  const start = performance.now();
  for (let count = 0; count < requests; count++) await (await fetch('/ok')).text();
  return (performance.now() - start) / requests;
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const server = createServer(answer).listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  const pages = {};
  for (const name of ['plain', 'watched']) {
    pages[name] = await browser.newPage();
    await pages[name].goto(`${origin}/${name}.html`);
  }
  await pages.watched.waitForFunction(() => window.vitrum?.stop);
  const times = { plain: [], watched: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of round % 2 ? ['plain', 'watched'] : ['watched', 'plain']) times[name].push(await pages[name].evaluate(loop, REQUESTS));
  }
  const [plain, watched] = [median(times.plain), median(times.watched)];
  console.log(`fetch, ${ROUNDS} rounds of ${REQUESTS} requests to this machine, median per request`);
  console.log(`  without the agent ${plain.toFixed(3)} ms, with it ${watched.toFixed(3)} ms: ratio ${(watched / plain).toFixed(3)}`);
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
