// The small language of `?pipe=` and `{{...}}`, as the suite's documentation has it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePipe, substitute, throughPipe, trickle, unknownPipes } from './pipes.mjs';

const about = {
  root: 'tests/wpt/example',
  settings: { browser_host: 'a.test', ports: { http: [80, 81] }, domains: { '': { www: 'www.a.test' }, alt: { '': 'b.test' } } },
  headers: { accept: '<any>' },
  url: new URL('http://a.test:80/looks/page.sub.html?word=x%26y'),
  file: 'looks/page.sub.html',
};
about.settings.all_domains = about.settings.domains;
const answer = { status: 200, headers: [['Content-Type', 'text/plain']], body: Buffer.from('0123456789') };
const through = (pipe) => throughPipe(answer, pipe, about);

test('a pipe is functions with arguments', () => {
  assert.deepEqual(parsePipe('sub|header(A,b\\,c)|status(404)|gzip()'), [['sub', []], ['header', ['A', 'b,c']], ['status', ['404']], ['gzip', []]]);
  assert.deepEqual(parsePipe('header(A,)'), [['header', ['A', '']]]);
  assert.deepEqual(parsePipe(''), []);
  assert.deepEqual(unknownPipes('sub|paint(red)'), ['paint']);
});

test('status, headers and parts of the body are changed', () => {
  assert.equal(through('status(404)').status, 404);
  assert.deepEqual(through('header(content-type,a/b)').headers, [['content-type', 'a/b']]);
  assert.deepEqual(through('header(Content-Type,a/b,True)').headers, [['Content-Type', 'text/plain'], ['Content-Type', 'a/b']]);
  assert.equal(String(through('slice(2,4)').body), '23');
  assert.equal(String(through('slice(null,4)').body), '0123');
  assert.equal(String(through('slice(-2)').body), '89');
});

test('a body trickles', async () => {
  const parts = async (delays) => {
    const found = [];
    for await (const part of trickle(answer.body, delays.split(':'))) found.push(String(part));
    return found;
  };
  assert.deepEqual(await parts('3:d0.001:2'), ['012', '34', '56789']);
  assert.deepEqual(await parts('4:d0.001:r2'), ['0123', '4567', '89']);
});

test('templates know the hosts, the ports and the request', () => {
  const filled = (text, escapes = true) => String(substitute(Buffer.from(text), about, escapes));
  assert.equal(filled('{{host}} {{ports[http][1]}} {{domains[www]}} {{hosts[alt][]}}'), 'a.test 81 www.a.test b.test');
  assert.equal(filled('{{GET[word]}} {{GET[none]}}.'), 'x&amp;y .');
  assert.equal(filled('{{headers[accept]}}', false), '<any>');
  assert.equal(filled('{{header_or_default(x-none, nothing)}}'), 'nothing');
  assert.equal(filled('{{location[server]}}{{location[path]}}'), 'http://a.test/looks/page.sub.html');
  assert.match(filled('{{$id:uuid()}} {{$id}}'), /^([0-9a-f-]{36}) \1$/);
  assert.match(filled('{{file_hash(sha256, resources/testharnessreport.js)}}'), /^[\w+/]{43}=$/);
  assert.throws(() => filled('{{nobody}}'), /nobody/);
  assert.equal(filled('{ {host} } ä'), '{ {host} } ä');
});
