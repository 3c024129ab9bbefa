// What watching adds to a page's requests: in one page and one run, in turns, the browser's own fetch, the same with the
// headers and the listener that the agent adds, and the watched one; and what our own code takes, with a fetch that does
// nothing. The page measures itself: a debugger that listens would double what each call takes. Times are of this machine
// and of what else it does; ratios say something on any.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROUNDS = 60;
const REQUESTS = 10;
const TYPES = { js: 'text/javascript', wasm: 'application/wasm' };

/** Measures in the page: microseconds of the call and until the body is read, a list for each way, in turns. */
async function measure([rounds, requests]) {
  const { native, fetch } = window;
  const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'vitrum=b7ad6b7169203331' };
  const rethrow = (error) => {
    throw error;
  };
  const byHand = (call, path) => () => call(path, { headers }).then((response) => response, rethrow);
  const ways = [() => native('/ok'), byHand(native, '/ok'), () => fetch('/ok')];
  const times = ways.map(() => [[], []]);
  for (let round = -3; round < rounds; round++) {
    const medians = ways.map(() => [[], []]);
    for (let count = 0; count < requests; count++) {
      for (let turn = 0; turn < ways.length; turn++) {
        const way = (round + 3 + count + turn) % ways.length;
        const started = performance.now();
        const promise = ways[way]();
        const called = performance.now();
        await (await promise).text();
        medians[way][0].push((called - started) * 1000);
        medians[way][1].push((performance.now() - started) * 1000);
      }
    }
    const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
    if (round >= 0) medians.forEach((lists, way) => lists.forEach((list, index) => times[way][index].push(middle(list))));
  }
  // Of a hundred that are watched the core is told at each fiftieth.
  const own = [[], [], []];
  const watched = () => fetch('/nothing');
  const time = async (call, count) => {
    const started = performance.now();
    for (let done = 0; done < count; done++) await call();
    return (performance.now() - started) * 1000;
  };
  for (let round = -5; round < rounds; round++) {
    const hand = (await time(byHand(window.nothing, '/nothing'), 100)) / 100;
    const wrapper = await time(watched, 40);
    const all = wrapper + (await time(watched, 60));
    if (round >= 0) [hand, wrapper / 40, all / 100].forEach((value, index) => own[index].push(value));
  }
  return { times, own };
}

/** Before the agent: for one path a fetch that does nothing, and says of itself what the browser's says. */
function prepare() {
  const native = (window.native = window.fetch);
  const { toString } = Function.prototype;
  const response = new Response('');
  window.nothing = () => Promise.resolve(response);
  const ours = (window.fetch = function fetch(input) {
    return input === '/nothing' ? window.nothing() : Reflect.apply(native, this, arguments);
  });
  Function.prototype.toString = function () {
    return Reflect.apply(toString, this === ours ? native : this, []);
  };
}

const PAGE = `<!doctype html><title>A page that fetches</title>
<script>(${prepare})()</script><script async src="/vitrum.js" data-service="bench"></script>
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

const at = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];
/** The median of what one takes more than another round by round, and the quartiles. */
const more = (values, than) => {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => at(values.map((value, index) => value - than[index]), share));
  return `${middle.toFixed(1)} µs (quartiles ${low.toFixed(1)} and ${high.toFixed(1)})`;
};

const server = createServer(answer).listen(0, '127.0.0.1');
await once(server, 'listening');
const profile = await mkdtemp(join(tmpdir(), 'vitrum-bench-'));
const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const browser = spawn(process.env.CHROMIUM || '/usr/bin/chromium', [...flags, `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`], { stdio: 'ignore' });
const ended = once(browser, 'exit');
try {
  const { times, own } = await Promise.race([measured, ended.then(() => Promise.reject(new Error('Chromium ended before the page had measured')))]);
  console.log(`fetch, ${ROUNDS} rounds of ${REQUESTS} requests each way, in turns, to this machine; medians`);
  for (const [index, what] of ['the call', 'until the body is read'].entries()) {
    const [alone, headers, watched] = times.map((lists) => lists[index]);
    const [a, b, c] = [alone, headers, watched].map((list) => at(list, 0.5));
    console.log(`  ${what}: ${a.toFixed(0)} µs alone, ${b.toFixed(0)} with the same headers and a listener, ${c.toFixed(0)} watched`);
    console.log(`    the wrapper adds ${more(watched, headers)} to that, ${more(watched, alone)} in all: ratios ${(c / b).toFixed(2)} and ${(c / a).toFixed(2)}`);
  }
  const [hand, wrapper, all] = own;
  const share = (at(wrapper, 0.5) - at(hand, 0.5)) / at(times[0][0], 0.5);
  console.log(`  the wrapper's own code, around a fetch that does nothing: ${more(wrapper, hand)} a request, ${(share * 100).toFixed(1)} % of a call alone;`);
  console.log(`    with what the core does of it later: ${more(all, hand)}`);
} finally {
  browser.kill();
  await ended;
  server.closeAllConnections();
  server.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
}
