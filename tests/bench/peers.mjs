// What a visit of the demo shop costs on the wire with Vitrum and with its peers, and what each tells of it: everything is
// reported, without replay, in the best compression that each documents. `./build.sh bench peers [--markdown] [--visits N]
// [--keep FOLDER] [NAME…]`; with `--keep` there is what each sent, decompressed, in a file of that folder.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { constants, gunzipSync, inflateSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { message } from '../../target/inspect/vitrum_inspect.js';
import '../e2e/collector.mjs';
import { isFrame } from '../e2e/frame.mjs';
import { AGENTS, KINDS, SAME, told } from './peers/agents.mjs';
import { CHROMIUM, FLAGS } from '../e2e/launch.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { markdown: { type: 'boolean', default: false }, visits: { type: 'string', default: '5' }, keep: { type: 'string' } },
});
const agents = AGENTS.filter(({ name }) => !positionals.length || positionals.some((part) => name.toLowerCase().includes(part.toLowerCase())));

/** Where build.sh puts the peers. */
const MODULES = resolve('target/peers/node_modules');
/** Where the shop has Vitrum's tag; a peer's is not async, so that it sees the same requests. */
const TAG = /<script async src="\/vitrum\.js"([^>]*)><\/script>/;
/** What a visitor clicks, and the milliseconds until the next. */
const CLICKS = { sort: 700, banner: 1200, recommend: 1000, broken: 500, offline: 500, error: 500, reject: 500, 'open-product': 1200 };

const folder = mkdtempSync(join(tmpdir(), 'vitrum-peers-'));
const place = (agent, ...parts) => join(folder, String(AGENTS.indexOf(agent)), ...parts);

/** Copies the shop, with the agent in the place of Vitrum. */
async function prepare(agent) {
  cpSync('www/shop', place(agent, 'shop'), { recursive: true });
  mkdirSync(place(agent, 'dist'));
  const page = place(agent, 'shop', 'index.html');
  const tag = agent.script ? '<script src="/vitrum.js" data-endpoint="%ENDPOINT%"></script>' : `<script async src="/vitrum.js"$1 ${agent.tag ?? ''}></script>`;
  const text = readFileSync(page, 'utf8');
  if (!TAG.test(text)) throw new Error('the shop has no tag of Vitrum');
  writeFileSync(page, text.replace(TAG, tag));
  if (!agent.script) {
    for (const file of ['vitrum.js', 'agent.js', 'vitrum.wasm']) cpSync(join('dist', file), place(agent, 'dist', file));
    return;
  }
  await build({
    entryPoints: [`tests/bench/peers/${agent.script}.js`], outfile: place(agent, 'dist', 'vitrum.js'), nodePaths: [MODULES],
    bundle: true, minify: true, format: 'iife', target: 'es2020', define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'error',
  });
}

/** What a body says, whatever it is compressed by. */
function plain(body) {
  if (isFrame(body)) return message(body);
  if (body[0] === 0x1f && body[1] === 0x8b) return gunzipSync(body);
  if (body[0] === 0x78 && (body[0] * 256 + body[1]) % 31 === 0) return inflateSync(body, { finishFlush: constants.Z_SYNC_FLUSH });
  return body;
}

/** The back end of an agent: it keeps what comes, and answers as the real one. */
async function listen({ answer: [status, type, text] }) {
  const sent = [];
  let preflights = 0;
  const server = createServer(async (request, response) => {
    const { origin = '*', 'access-control-request-headers': headers = '*' } = request.headers;
    const allowed = { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', 'access-control-allow-headers': headers, 'access-control-allow-methods': 'GET, POST' };
    const body = Buffer.concat(await request.toArray());
    if (request.method === 'OPTIONS') {
      preflights++;
      return void response.writeHead(204, allowed).end();
    }
    sent.push({ url: request.url, body });
    response.writeHead(status, { ...allowed, ...(type && { 'content-type': type }) }).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { endpoint: `http://127.0.0.1:${server.address().port}`, sent, preflights: () => preflights, close };
}

/** Plays the visit once, and gives what left. */
async function visit(browser, agent) {
  const backend = await listen(agent);
  const shop = spawn('node', [place(agent, 'shop', 'server.mjs'), '--endpoint', backend.endpoint, '--dist', place(agent, 'dist')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const origin = /http:\S+/.exec(String((await once(shop.stdout, 'data'))[0]))[0];
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const headers = [];
  const strangers = new Set();
  try {
    const page = await context.newPage();
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && url.hostname !== '127.0.0.1') strangers.add(url.hostname);
      if (url.origin === origin && url.pathname.startsWith('/api/')) headers.push(request.headers().traceparent);
    });
    await page.goto(`${origin}/?utm_source=demo`, { waitUntil: 'load' });
    await pause(1500);
    for (const [name, ms] of Object.entries(CLICKS)) {
      await page.getByTestId(name).first().click();
      await pause(ms);
    }
    await page.goto('about:blank');
    await pause(1500);
  } finally {
    await context.close();
    shop.kill();
    backend.close();
  }
  if (headers.length !== 4) throw new Error(`with ${agent.name} the visit had ${headers.length} requests, not 4`);
  const texts = backend.sent.map(({ url, body }) => Buffer.concat([Buffer.from(`${url}\n`), plain(body)]).toString('latin1'));
  if (values.keep) writeFileSync(join(values.keep, `${agent.script ?? agent.name}.txt`), texts.join('\n\n'), 'latin1');
  // Data may be in the query of a request without a body; where there is a body, the query has keys and names.
  const bytes = backend.sent.reduce((sum, { url, body }) => sum + (body.length || url.split('?').slice(1).join('?').length), 0);
  const raw = backend.sent.reduce((sum, { body }) => sum + plain(body).length, 0);
  return { bytes, raw, requests: backend.sent.length, preflights: backend.preflights(), told: told(agent, texts.join('\n'), headers), strangers };
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;

function summary(agent, visits) {
  const bytes = visits.map((visit) => visit.bytes);
  const shares = Object.fromEntries(KINDS.map((kind) => [kind, mean(visits.map((visit) => visit.told[kind]))]));
  const untold = KINDS.filter((kind) => shares[kind] < 1).map((kind) => (shares[kind] ? `${kind} (${Math.round(shares[kind] * 100)} % told)` : kind));
  const version = agent.package && JSON.parse(readFileSync(join(MODULES, agent.package, 'package.json'), 'utf8')).version;
  return {
    agent,
    name: version ? `${agent.name} ${version}` : agent.name,
    bytes: median(bytes),
    range: `${Math.min(...bytes)}–${Math.max(...bytes)}`,
    raw: median(visits.map((visit) => visit.raw)),
    requests: median(visits.map((visit) => visit.requests)),
    preflights: median(visits.map((visit) => visit.preflights)),
    isSame: SAME.every((kind) => shares[kind] > 0.75),
    untold: untold.join(', ') || 'nothing',
    strangers: [...new Set(visits.flatMap((visit) => [...visit.strangers]))],
  };
}

function print(rows) {
  const columns = ['agent', 'bytes', 'least–most', 'uncompressed', 'requests', 'preflights', 'tells the same', 'does not tell'];
  const cells = rows.map((row) => [row.name, row.bytes, row.range, row.raw, row.requests, row.preflights, row.isSame ? 'yes' : 'no', row.untold].map(String));
  const line = (list) => `| ${list.join(' | ')} |`;
  const widths = columns.map((column, at) => Math.max(column.length, ...cells.map((row) => row[at].length)));
  const padded = (list) => list.map((text, at) => (at > 0 && at < 6 ? text.padStart(widths[at]) : text.padEnd(widths[at]))).join('  ').trimEnd();
  if (values.markdown) console.log([line(columns), '|---|---:|---:|---:|---:|---:|---|---|', ...cells.map(line)].join('\n'));
  else console.log([columns, ...cells].map(padded).join('\n'));
}

/** Says whether ours is at most a third of the smallest that tells the same, and who is smaller than ours. */
function judge(rows) {
  const ours = rows.find(({ agent }) => agent === AGENTS[0]);
  const peers = rows.filter(({ agent }) => agent.script).sort((a, b) => a.bytes - b.bytes);
  const [smallest] = peers.filter(({ isSame }) => isSame);
  if (!ours || !smallest) return;
  const share = ours.bytes / smallest.bytes;
  const verdict = share <= 1 / 3 ? 'at most a third' : 'more than a third';
  console.log(`\nThe smallest peer that tells the same (${SAME.join(', ')}) is ${smallest.name}: ${smallest.bytes} bytes. Vitrum costs ${(share * 100).toFixed(0)} % of it, ${verdict}.`);
  for (const { name, bytes, untold } of peers.filter(({ bytes }) => bytes < ours.bytes * 3 && bytes < smallest.bytes)) {
    console.log(`${name} costs ${bytes} bytes, of which Vitrum's are ${((ours.bytes / bytes) * 100).toFixed(0)} %; it does not tell: ${untold}.`);
  }
}

// No name leads anywhere: to intercept requests instead would change their times, and what is sent by a page that goes.
const flags = [...FLAGS, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: flags });
try {
  if (values.keep) mkdirSync(values.keep, { recursive: true });
  for (const agent of agents) await prepare(agent);
  const visits = new Map(agents.map((agent) => [agent, []]));
  for (let round = 0; round < Number(values.visits); round++) {
    for (const agent of agents) visits.get(agent).push(await visit(browser, agent));
  }
  const rows = agents.map((agent) => summary(agent, visits.get(agent)));
  print(rows);
  judge(rows);
  for (const { name, strangers } of rows.filter((row) => row.strangers.length)) console.log(`${name} wanted to go to ${strangers.join(', ')}, and could not.`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
