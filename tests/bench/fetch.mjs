// What watching adds to a page's requests: in one page and one run, in turns, the browser's own fetch, the same with the
// headers and the listener that the agent adds, and the watched one; a request to another origin, which is given no header,
// with and without us; and what our own code takes, with a fetch that does nothing. The page measures itself: a debugger that listens would double what each call takes. Times are of this machine
// and of what else it does; ratios say something on any.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM, FLAGS } from '../e2e/launch.mjs';

const ROUNDS = 500;
const REQUESTS = 10;
const TYPES = { js: 'text/javascript', wasm: 'application/wasm' };

/** The same by hand: the headers, with a span that is new each time, and a listener. */
const byHand = (call, path) => {
  let spans = 0x1000;
  const rethrow = (error) => {
    throw error;
  };
  return () => {
    const traceparent = `00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920${(spans++).toString(16)}-01`;
    return call(path, { headers: { traceparent, tracestate: 'vitrum=b7ad6b7169203331' } }).then((response) => response, rethrow);
  };
};

/** Measures in the page: microseconds of the call and until the body is read, the medians of each round for each way, in turns. */
async function measure(rounds, requests, other) {
  const { native, fetch } = window;
  const ways = [() => native('/ok'), byHand(native, '/ok'), () => fetch('/ok'), () => native(other), () => fetch(other)];
  const times = ways.map(() => [[], []]);
  for (let round = -3; round < rounds; round++) {
    const lists = ways.map(() => [[], []]);
    for (let count = 0; count < requests; count++) {
      for (let turn = 0; turn < ways.length; turn++) {
        const way = (round + 3 + count + turn) % ways.length;
        const started = performance.now();
        const promise = ways[way]();
        const called = performance.now();
        await (await promise).text();
        lists[way][0].push((called - started) * 1000);
        lists[way][1].push((performance.now() - started) * 1000);
      }
    }
    const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
    if (round >= 0) lists.forEach((both, way) => both.forEach((list, index) => times[way][index].push(middle(list))));
  }
  return times;
}

/** Before the agent of the second page: for one path a fetch that does nothing, and says of itself what the browser's says. */
function prepare() {
  const { fetch } = window;
  const { toString } = Function.prototype;
  const response = new Response('');
  window.nothing = () => Promise.resolve(response);
  const ours = (window.fetch = function (input) {
    return input === '/nothing' ? window.nothing() : Reflect.apply(fetch, this, arguments);
  });
  Function.prototype.toString = function () {
    return Reflect.apply(toString, this === ours ? fetch : this, []);
  };
}

/** Measures there: by hand, our wrapper, and all that the agent does of a request. */
async function measureOwn(rounds) {
  const own = [[], [], []];
  const hand = byHand(window.nothing, '/nothing');
  const watched = () => fetch('/nothing');
  const time = async (call, count) => {
    const started = performance.now();
    for (let done = 0; done < count; done++) await call();
    return (performance.now() - started) * 1000;
  };
  for (let round = -5; round < rounds; round++) {
    // The core is told at each fiftieth.
    const times = [(await time(hand, 100)) / 100, await time(watched, 40), await time(watched, 60)];
    if (round >= 0) [times[0], times[1] / 40, (times[1] + times[2]) / 100].forEach((value, index) => own[index].push(value));
  }
  return own;
}

const page = (first, then) => `<!doctype html><title>A page that fetches</title>
<script>window.native = fetch; ${first}</script><script async src="/vitrum.js" data-service="bench"></script>
<script type="module">
  while (!window.vitrum?.stop) await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const byHand = ${byHand};
  ${then}
</script>`;
const tellOf = (path, measured, ...given) => `await native('/${path}', { method: 'POST', body: JSON.stringify(await (${measured})(${given})) });`;
const PAGES = {
  '': page('', `${tellOf('times', measure, ROUNDS, REQUESTS, '`http://localhost:${location.port}/ok`')} location = '/alone';`),
  alone: page(`(${prepare})()`, tellOf('own', measureOwn, ROUNDS)),
};

const told = {};
let tell;
const measured = new Promise((resolve) => (tell = resolve));
const answer = async (request, response) => {
  const name = request.url.slice(1).split('?')[0];
  // A page that is isolated has a clock of 5 µs instead of 100.
  const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  if (name in PAGES) return response.writeHead(200, { 'content-type': 'text/html', ...isolated }).end(PAGES[name]);
  if (name === 'ok') return response.writeHead(200, { 'access-control-allow-origin': '*', 'timing-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }).end('fine');
  if (request.method === 'POST') {
    const body = Buffer.concat(await request.toArray());
    response.writeHead(204).end();
    if (name === 'times' || name === 'own') told[name] = JSON.parse(body);
    return told.own && tell(told);
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
const browser = spawn(CHROMIUM, [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`], { stdio: 'ignore' });
const ended = once(browser, 'exit');
try {
  const { times, own } = await Promise.race([measured, ended.then(() => Promise.reject(new Error('Chromium ended before the page had measured')))]);
  console.log(`fetch, ${ROUNDS} rounds of ${REQUESTS} requests each way, in turns, to this machine; medians`);
  for (const [index, what] of ['the call', 'until the body is read'].entries()) {
    const [alone, headers, watched, other, otherWatched] = times.map((lists) => lists[index]);
    const [a, b, c] = [alone, headers, watched].map((list) => at(list, 0.5));
    console.log(`  ${what}: ${a.toFixed(0)} µs alone, ${b.toFixed(0)} with the same headers and a listener, ${c.toFixed(0)} watched`);
    console.log(`    the wrapper adds ${more(watched, headers)} to that, ${more(watched, alone)} in all: ratios ${(c / b).toFixed(2)} and ${(c / a).toFixed(2)}`);
    const [calm, byHandCalm, watchedCalm] = [alone, headers, watched].map((list) => at(list, 0.1));
    console.log(`    to another origin, which is given no header, ${more(otherWatched, other)} more than alone: ratio ${(at(otherWatched, 0.5) / at(other, 0.5)).toFixed(2)}`);
    console.log(`    in the calmest tenth of the rounds: ${calm.toFixed(0)}, ${byHandCalm.toFixed(0)} and ${watchedCalm.toFixed(0)} µs`);
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
