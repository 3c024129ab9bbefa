// What watching costs a page's requests: the page's own fetch and the watched one in turns, in one page and one run. The
// difference is to stay below 30 microseconds a request on a quiet machine; the ratio says something on any.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const ROUNDS = 25;
const REQUESTS = 40;
const TYPES = { js: 'text/javascript', wasm: 'application/wasm' };
const PAGE = `<!doctype html><title>A page that fetches</title>
<script>window.native = fetch</script><script async src="/vitrum.js" data-service="bench"></script>`;

const answer = async ({ url, method }, response) => {
  const name = url.slice(1).split('?')[0];
  if (method === 'POST') return response.writeHead(204).end();
  if (!name) return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  if (name === 'ok') return response.end('fine');
  const body = /^[a-z]+\.(js|wasm)$/.test(name) && (await readFile(`dist/${name}`).catch(() => undefined));
  response.writeHead(body ? 200 : 404, { 'content-type': TYPES[name.split('.')[1]] ?? 'text/plain' }).end(body || '');
};

/** Makes so many requests, and leaves their promises for `settle`. */
const call = ([name, requests]) => {
  const fetch = window[name];
  window.promises = [];
  for (let count = 0; count < requests; count++) window.promises.push(fetch.call(window, '/ok'));
};

/** Reads all answers, and waits until the timeline has told of them too. */
const settle = async () => {
  await Promise.all(window.promises.map(async (promise) => (await promise).text()));
  await new Promise((resolve) => setTimeout(resolve, 30));
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const server = createServer(answer).listen(0, '127.0.0.1');
await once(server, 'listening');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => window.vitrum?.stop);
  const client = await page.context().newCDPSession(page);
  // Time of the page's own thread, whatever else the machine does.
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => (await client.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value;
  const rounds = { native: [], fetch: [] };
  for (let round = -2; round < ROUNDS; round++) {
    for (const name of round % 2 ? ['native', 'fetch'] : ['fetch', 'native']) {
      const marks = [await spent()];
      await page.evaluate(call, [name, REQUESTS]);
      marks.push(await spent());
      await page.evaluate(settle);
      marks.push(await spent());
      if (round >= 0) rounds[name].push([marks[1] - marks[0], marks[2] - marks[0]].map((seconds) => (seconds * 1e6) / REQUESTS));
    }
  }
  console.log(`fetch, ${ROUNDS} rounds of ${REQUESTS} requests to this machine: the page's thread, medians per request`);
  for (const [index, what] of ['the call', 'until all is answered and told'].entries()) {
    const [native, watched] = ['native', 'fetch'].map((name) => median(rounds[name].map((times) => times[index])));
    console.log(`  ${what}: ${native.toFixed(0)} µs without the agent, ${(watched - native).toFixed(1)} µs more with it, ratio ${(watched / native).toFixed(2)}`);
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
