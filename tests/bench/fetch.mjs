// What watching costs a page's requests: in one page and one run, in turns, the browser's own fetch, the same with the
// headers and the listener that the agent adds, and the watched one. The page measures itself: a debugger that listens
// would double what each call takes. The differences are of this machine; the ratios say something on any.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROUNDS = 60;
const REQUESTS = 10;
const TYPES = { js: 'text/javascript', wasm: 'application/wasm' };

/** Measures in the page: microseconds of the call and until the body is read, a list for each way. */
async function measure([rounds, requests]) {
  const { native, fetch } = window;
  const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'vitrum=b7ad6b7169203331' };
  const rethrow = (error) => {
    throw error;
  };
  const ways = {
    'the browser alone': () => native('/ok'),
    'with the same headers': () => native('/ok', { headers }).then((response) => response, rethrow),
    'watched': () => fetch('/ok'),
  };
  const times = Object.fromEntries(Object.keys(ways).map((name) => [name, [[], []]]));
  for (let round = -3; round < rounds; round++) {
    const turns = Object.entries(ways);
    if (round % 2) turns.reverse();
    for (const [name, call] of turns) {
      for (let count = 0; count < requests; count++) {
        const started = performance.now();
        const promise = call();
        const called = performance.now();
        await (await promise).text();
        const read = performance.now();
        if (round < 0) continue;
        times[name][0].push((called - started) * 1000);
        times[name][1].push((read - started) * 1000);
      }
      // What the timeline tells later belongs to none of them.
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
  return times;
}

const PAGE = `<!doctype html><title>A page that fetches</title>
<script>window.native = fetch</script><script async src="/vitrum.js" data-service="bench"></script>
<script type="module">
  while (!window.vitrum?.stop) await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await native('/measured', { method: 'POST', body: JSON.stringify(await (${measure})([${ROUNDS}, ${REQUESTS}])) });
</script>`;

let tell;
const measured = new Promise((resolve) => (tell = resolve));
const answer = async (request, response) => {
  const name = request.url.slice(1).split('?')[0];
  // A page that is isolated has a clock of 5 µs instead of 100.
  const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  if (!name) return response.writeHead(200, { 'content-type': 'text/html', ...isolated }).end(PAGE);
  if (name === 'ok') return response.end('fine');
  if (request.method === 'POST') {
    const body = Buffer.concat(await request.toArray());
    response.writeHead(204).end();
    return name === 'measured' && tell(JSON.parse(body));
  }
  const body = /^[a-z]+\.(js|wasm)$/.test(name) && (await readFile(`dist/${name}`).catch(() => undefined));
  response.writeHead(body ? 200 : 404, { 'content-type': TYPES[name.split('.')[1]] ?? 'text/plain' }).end(body || '');
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const server = createServer(answer).listen(0, '127.0.0.1');
await once(server, 'listening');
const profile = await mkdtemp(join(tmpdir(), 'vitrum-bench-'));
const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const browser = spawn(process.env.CHROMIUM || '/usr/bin/chromium', [...flags, `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`], { stdio: 'ignore' });
const ended = once(browser, 'exit');
try {
  const times = await Promise.race([measured, ended.then(() => Promise.reject(new Error('Chromium ended before the page had measured')))]);
  const [alone, headers, watched] = Object.values(times).map((both) => both.map(median));
  console.log(`fetch, ${ROUNDS} rounds of ${REQUESTS} requests, one at a time, to this machine: medians`);
  for (const [index, what] of ['the call', 'until the body is read'].entries()) {
    const more = (of) => `${(watched[index] - of[index]).toFixed(0)} µs more (ratio ${(watched[index] / of[index]).toFixed(2)})`;
    console.log(`  ${what}: ${alone[index].toFixed(0)} µs by the browser alone, ${headers[index].toFixed(0)} µs with the same headers and a listener;`);
    console.log(`    watched: ${more(headers)} than with those, ${more(alone)} than alone`);
  }
} finally {
  browser.kill();
  await ended;
  server.closeAllConnections();
  server.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
}
