// The proxy, spoken to as browsers do, with a server behind it that writes what it likes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Gate } from './gate.mjs';

const DOCUMENT = '<!doctype html><p>A page.';
const NAVIGATION = 'Upgrade-Insecure-Requests: 1\r\nAccept: text/html,*/*\r\n';

/** What the server has been sent, and what it writes for each path; whoever is told to go goes. */
let sent = '';
const ANSWERS = {
  '/odd': 'HTTP/1.1 200 F\xEFne\r\nX-Odd: a\x01\xFF\r\nContent-Length: 2\r\n\r\nok',
  '/cut': 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
  '/page': `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Own: 1\r\nContent-Length: ${DOCUMENT.length}\r\n\r\n${DOCUMENT}`,
  '/text': 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n<html',
};
const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    sent += chunk.toString('latin1');
    const [, path] = /^\w+ (\S+)/.exec(chunk.toString('latin1')) ?? [];
    if (ANSWERS[path]) socket.write(Buffer.from(ANSWERS[path], 'latin1'));
    if (path === '/cut' || path === '/gone') socket.end();
  });
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const { port } = server.address();

const site = { target: (host, asked) => (host === 'a.test' && asked === 80 ? { port } : undefined), isSecure: () => false };
const inserted = {
  markup: (form, origin, hasPolicy) => `[${form} ${origin} ${hasPolicy}]`,
  file: (path) => (path === 'v1/beacon' ? { status: 204 } : path === 'a.js' ? { status: 200, type: 'text/javascript', body: Buffer.from('a') } : { status: 404 }),
  reporter: () => ({ status: 200, type: 'text/javascript', body: Buffer.from('report') }),
};
const gate = await Gate.start(site, inserted);

after(() => {
  gate.close();
  server.close();
});

/** Nothing has come for so long: an answer is whole. And so long one is waited for, on a busy machine. */
const QUIET_MS = 150;
const PATIENCE_MS = 2000;

/** Says this to the proxy, one after the other, each when the one before has its answer, and returns all that came. */
async function say(...requests) {
  const socket = connect(gate.port, '127.0.0.1');
  let heard = '';
  const ended = once(socket, 'close');
  socket.on('error', () => {});
  socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
  const quiet = async (before) => {
    const until = Date.now() + PATIENCE_MS;
    while (heard === before && Date.now() < until) await pause(10);
    for (let last; heard !== last; await pause(QUIET_MS)) last = heard;
  };
  for (const text of requests) {
    socket.write(Buffer.from(text, 'latin1'));
    await Promise.race([quiet(heard), ended]);
  }
  const isOpen = !socket.readableEnded && !socket.destroyed;
  socket.destroy();
  return { heard, isOpen };
}

const head = (path, more = '', method = 'GET') => `${method} http://a.test${path} HTTP/1.1\r\nHost: a.test\r\nProxy-Connection: keep-alive\r\n${more}\r\n`;

test('bytes pass as they are, and connections stay open', async () => {
  sent = '';
  const { heard, isOpen } = await say(head('/odd', 'X-Word: \xE4\r\n'), head('/text'));
  assert.equal(heard, ANSWERS['/odd'] + ANSWERS['/text']);
  assert.ok(isOpen);
  assert.ok(sent.startsWith('GET /odd HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive\r\nX-Word: \xE4\r\n\r\nGET /text '));
});

test('a body goes along, in however many pieces it comes', async () => {
  sent = '';
  await say(head('/odd', 'Content-Length: 6\r\n', 'POST') + 'abc', 'def', head('/text'));
  assert.match(sent, /^POST \/odd [^]*\r\n\r\nabcdefGET \/text /);
});

test('an answer that breaks off breaks off, and no answer is none', async () => {
  assert.deepEqual(await say(head('/cut')), { heard: ANSWERS['/cut'], isOpen: false });
  assert.deepEqual(await say(head('/gone')), { heard: '', isOpen: false });
  assert.deepEqual(await say('GET http://nobody.test/ HTTP/1.1\r\nHost: nobody.test\r\n\r\n'), { heard: '', isOpen: false });
  assert.deepEqual(await say('CONNECT nobody.test:443 HTTP/1.1\r\n\r\n'), { heard: '', isOpen: false });
});

test('documents have the agent in them, and requests for their text have not', async () => {
  gate.form = 'ready';
  const { heard } = await say(head('/page', NAVIGATION));
  assert.match(heard, /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/html\r\nX-Own: 1\r\nConnection: close\r\n\r\n/);
  assert.ok(heard.endsWith('\r\n\r\n<!doctype html>[ready http://a.test false]<p>A page.'), heard);
  assert.equal((await say(head('/page'))).heard, ANSWERS['/page']);
  assert.ok((await say(head('/text', NAVIGATION))).heard.endsWith('\r\n\r\n<html'));
});

test('the tag is in the page that is the test, and in no other', async () => {
  Object.assign(gate, { form: 'early', page: '/page' });
  assert.match((await say(head('/page', NAVIGATION))).heard, /\[early http:\/\/a\.test false\]/);
  gate.page = '/other';
  assert.match((await say(head('/page', NAVIGATION))).heard, /\[none http:\/\/a\.test false\]/);
});

test('some paths are answered here, and are not noted as asked for', async () => {
  gate.asked = new Set();
  sent = '';
  const { heard, isOpen } = await say(head('/.vitrum/v1/beacon', 'Content-Length: 3\r\n', 'POST'), 'abc', head('/.vitrum/a.js'), head('/resources/testharnessreport.js'));
  const [beacon, script, reporter] = heard.split(/(?=HTTP\/1\.1)/);
  assert.match(beacon, /^HTTP\/1\.1 204 /);
  assert.match(script, /\r\nContent-Type: text\/javascript\r\n[^]*\r\n\r\na$/);
  assert.match(reporter, /\r\n\r\nreport$/);
  assert.ok(isOpen);
  assert.equal(sent, '');
  await say(head('/text'), head('/.vitrum/none'));
  assert.deepEqual([...gate.asked], ['http://a.test:80/text']);
});
