// How the suite's server answers a check, by the last part of the path.

import { createHash } from 'node:crypto';

/** `(func (export "f") (result i32) i32.const 7)` */
const WASM = Buffer.from('0061736d010000000105016000017f03020100070501016600000a0601040041070b', 'hex');
const BIG = Buffer.alloc(300_000, 'x');
/** A browser that has to guess the type would keep the first part back. */
const UNSNIFFED = { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' };
const WEBSOCKET = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const plain = (response, body = 'fine', headers = {}) => response.writeHead(200, { 'content-type': 'text/plain', ...headers }).end(body);

export const ANSWERS = {
  ok: (_, response) => plain(response),
  empty: (_, response) => response.writeHead(204).end(),
  unchanged: (_, response) => response.writeHead(304).end(),
  missing: (_, response) => response.writeHead(404, 'Nowhere At All', { 'content-type': 'text/plain' }).end('missing'),
  broken: (_, response) => response.writeHead(500, { 'content-type': 'text/plain' }).end('broken'),
  json: (_, response) => plain(response, '{"answer":42}', { 'content-type': 'application/json' }),
  xml: (_, response) => plain(response, '<a><b>text</b></a>', { 'content-type': 'text/xml' }),
  latin: (_, response) => plain(response, Buffer.from('caf\xe9', 'latin1'), { 'content-type': 'text/plain;charset=iso-8859-1' }),
  form: (_, response) => plain(response, 'a=1&b=2', { 'content-type': 'application/x-www-form-urlencoded' }),
  wasm: (_, response) => plain(response, WASM, { 'content-type': 'application/wasm' }),
  big: (_, response) => plain(response, BIG),
  script: (_, response) => plain(response, 'export default 1;', { 'content-type': 'text/javascript' }),
  headers: (_, response) => plain(response, 'fine', { 'X-One': '1', 'x-two': ['2', 'two'], 'x-Empty': '', 'x-hidden': 'h' }),
  cookie: (_, response, { path }) => plain(response, 'fine', { 'set-cookie': `tasted=yes; path=${path.replace(/[^/]*$/, '')}` }),
  cached: (_, response) => plain(response, 'kept', { 'cache-control': 'max-age=600' }),
  redirect(_, response, { query }) {
    response.writeHead(Number(query.get('status') ?? 302), { location: query.get('to') ?? 'ok' }).end('elsewhere');
  },
  // Headers that promise more than comes.
  cut(_, response) {
    response.writeHead(200, { ...UNSNIFFED, 'content-length': 1000 });
    response.write('a part');
    setTimeout(() => response.destroy(), 25);
  },
  // A network error that comes of one request only: to a port that browsers block.
  fail: (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  // Browsers may ask again, for the connection may have been an old one.
  gone: ({ socket }) => socket.destroy(),
  never: () => {},
  // Headers and a first part; the page has to give up.
  hang(_, response) {
    response.writeHead(200, UNSNIFFED);
    response.write('first');
  },
  // As above, and more comes for ever: Firefox sees that nobody reads when it has something to hand over.
  trickle(_, response) {
    response.writeHead(200, UNSNIFFED);
    response.write('first');
    const timer = setInterval(() => response.write('more'), 15);
    response.on('close', () => clearInterval(timer));
  },
  parts(_, response) {
    response.writeHead(200, UNSNIFFED);
    response.write('first');
    setTimeout(() => response.end('last'), 25);
  },
  slow: (_, response) => setTimeout(() => plain(response), 40),
  echo: (_, response, { body }) => plain(response, body.bytes),
  events(_, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 60000\nid: 1\ndata: one\n\nevent: other\ndata: two\ndata: lines\n\n');
  },
};

/** What `cors` in the query allows to pages of other origins. */
export function cors(query, { origin = '*' }) {
  switch (query.get('cors')) {
    case 'simple':
      return { 'access-control-allow-origin': '*' };
    case 'credentials':
      return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
    case 'all':
      return {
        'access-control-allow-origin': '*',
        'access-control-allow-headers': '*, traceparent, tracestate',
        'access-control-allow-methods': '*',
        'access-control-expose-headers': 'x-one, x-two',
      };
    default:
      return {};
  }
}

/** Takes a WebSocket: says hello, and sends back what comes as long as it fits into one small frame. */
export function shakeHands({ headers }, socket) {
  const protocol = headers['sec-websocket-protocol']?.split(/,\s*/)[0];
  const accept = createHash('sha1').update(headers['sec-websocket-key'] + WEBSOCKET).digest('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
  if (protocol) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
  socket.write(lines.join('\r\n') + '\r\n\r\n');
  const say = (opcode, payload) => socket.write(Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]));
  say(1, Buffer.from('hello'));
  let waiting = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (data) => {
    waiting = Buffer.concat([waiting, data]);
    while (waiting.length >= 6 && waiting.length >= 6 + (waiting[1] & 0x7f)) {
      const length = waiting[1] & 0x7f;
      const opcode = waiting[0] & 0x0f;
      const mask = waiting.subarray(2, 6);
      const payload = Buffer.from(waiting.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4]));
      waiting = waiting.subarray(6 + length);
      say(opcode, payload);
      if (opcode === 8) return socket.end();
    }
  });
}
