// The proxy through which a browser sees the tests. Bytes pass as they are, in both directions, whatever a server of this
// suite makes of HTTP; but into documents the agent is inserted, and some paths are answered here.

import { once } from 'node:events';
import { request as ask } from 'node:http';
import { request as askSecurely } from 'node:https';
import { connect, createServer } from 'node:net';
import { connect as connectSecurely, TLSSocket } from 'node:tls';
import { place, takes } from './insertion.mjs';

/** Below this path of every host is what belongs to the run and not to the suite. */
export const OURS = '/.vitrum/';
const REPORT = '/resources/testharnessreport.js';
/** If no place shows within so many bytes, it is no document that it goes into. */
const MOST_BEFORE_PLACE = 65_536;

export class Gate {
  /** What documents have from now on, and the path of the page that is the test. */
  form = 'none';
  page = '';
  /** What was asked for, until someone forgets it. */
  asked = new Set();

  /** `site` is where the tests are served, `inserted` what is inserted and answered. */
  static async start(site, inserted) {
    const gate = Object.assign(new Gate(), { site, inserted, sockets: new Set() });
    gate.server = createServer((socket) => new Conversation(gate, socket));
    gate.server.listen(0, '127.0.0.1');
    await once(gate.server, 'listening');
    gate.port = gate.server.address().port;
    return gate;
  }

  /** What a document has. */
  markup(path, origin, headers) {
    const form = this.form === 'early' && path !== this.page ? 'none' : this.form;
    return this.inserted.markup(form, origin, 'content-security-policy' in headers);
  }

  close() {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

/** What a browser says on one connection, request after request. */
class Conversation {
  #rest = Buffer.alloc(0);
  /** Bytes of the request's body that are still to come, and what takes them. */
  #left = 0;
  #sink;
  /** The server that was spoken to last, and whether it still is the one that speaks. */
  #server;
  #speaks = false;

  constructor(gate, socket, tunnel) {
    Object.assign(this, { gate, socket, tunnel });
    gate.sockets.add(socket);
    this.listener = (chunk) => this.#take(chunk);
    socket.on('data', this.listener);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      gate.sockets.delete(socket);
      this.#server?.socket.destroy();
    });
  }

  #take(chunk) {
    this.#rest = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      if (!this.#sink) {
        const end = this.#rest.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = this.#rest.subarray(0, end).toString('latin1');
        this.#rest = this.#rest.subarray(end + 4);
        this.#begin(head);
        if (!this.#sink) return;
      }
      const part = this.#rest.subarray(0, this.#left);
      this.#rest = this.#rest.subarray(part.length);
      this.#left -= part.length;
      if (part.length) this.#sink.write(part);
      if (this.#left > 0) return;
      const sink = this.#sink;
      this.#sink = undefined;
      sink.end();
    }
  }

  /** A request begins: sets what takes its body, unless the connection is given to someone else. */
  #begin(head) {
    const [line, ...lines] = head.split('\r\n');
    const [method, target] = line.split(' ');
    const pairs = lines.map((text) => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1).trim()]);
    const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
    if (method === 'CONNECT') return this.#tunnel(target);
    const { isSecure, host, port, path } = this.tunnel ? { ...this.tunnel, path: target } : absolute(target);
    const scheme = isSecure ? 'https' : 'http';
    const [name] = path.split('?');
    this.#left = Number(headers['content-length'] ?? 0);
    this.#speaks = false;
    if (name === REPORT) this.#sink = this.#answer(this.gate.inserted.reporter());
    else if (name.startsWith(OURS)) this.#sink = this.#answer(this.gate.inserted.file(name.slice(OURS.length)));
    else {
      this.gate.asked.add(`${scheme}://${host}:${port}${path}`);
      const to = this.gate.site.target(host, port, path);
      if (!to) this.socket.destroy();
      else if (isNavigation(headers)) this.#sink = this.#document({ ...to, isSecure }, method, path, pairs, `${scheme}://${headers.host}`);
      else this.#sink = this.#pass({ ...to, isSecure }, method, path, pairs);
    }
  }

  /** Passes a request on, and whatever comes back. */
  #pass(to, method, path, pairs) {
    const key = `${to.isSecure} ${to.port}`;
    if (this.#server?.key !== key || this.#server.socket.destroyed || this.#server.socket.readyState !== 'open') {
      this.#server?.socket.destroy();
      this.#server = { key, socket: this.#connect(to) };
    }
    this.#speaks = true;
    const server = this.#server.socket;
    const head = [`${method} ${path} HTTP/1.1`, ...pairs.map(direct).filter(Boolean).map((pair) => pair.join(': '))];
    server.write(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
    return { write: (part) => server.write(part), end() {} };
  }

  #connect(to) {
    const address = { host: '127.0.0.1', port: to.port };
    const server = to.isSecure ? connectSecurely({ ...address, rejectUnauthorized: false }) : connect(address);
    server.setNoDelay();
    const isCurrent = () => this.#server?.socket === server;
    server.on('data', (chunk) => {
      if (this.socket.write(chunk)) return;
      server.pause();
      this.socket.once('drain', () => server.resume());
    });
    server.on('error', () => isCurrent() && this.#speaks && this.socket.destroy());
    server.on('end', () => isCurrent() && this.#speaks && this.socket.end());
    server.on('close', () => isCurrent() && (this.#server = undefined));
    return server;
  }

  /** Fetches what may be a document, and inserts the agent if it is one. The connection ends with it. */
  #document(to, method, path, pairs, origin) {
    const headers = pairs.map(direct).filter((pair) => pair && !/^(accept-encoding|connection)$/i.test(pair[0])).flat();
    const options = { host: '127.0.0.1', port: to.port, method, path, headers, agent: false, setHost: false };
    const outgoing = (to.isSecure ? askSecurely : ask)({ ...options, insecureHTTPParser: true, rejectUnauthorized: false });
    outgoing.on('error', () => this.socket.destroy());
    this.socket.on('close', () => outgoing.destroy());
    outgoing.on('response', (answer) => {
      const kept = [];
      for (let at = 0; at < answer.rawHeaders.length; at += 2) {
        const [name, value] = answer.rawHeaders.slice(at, at + 2);
        if (!/^(content-length|transfer-encoding|connection|keep-alive)$/i.test(name)) kept.push(`${name}: ${value}`);
      }
      const head = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`, ...kept, 'Connection: close'];
      this.socket.write(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
      const markup = takes(answer.statusCode, answer.headers) ? this.gate.markup(path, origin, answer.headers) : '';
      const insertion = new Insertion(markup, (bytes) => this.socket.write(bytes));
      answer.on('data', (chunk) => insertion.take(chunk));
      answer.on('end', () => {
        insertion.end();
        this.socket.end();
      });
      answer.on('error', () => this.socket.destroy());
    });
    return outgoing;
  }

  /** Answers here, when the whole request has come. */
  #answer({ status, type, body }) {
    const head = [
      `HTTP/1.1 ${status} ${status === 200 ? 'OK' : status === 204 ? 'No Content' : 'Not Found'}`,
      ...(status === 200 ? [`Content-Type: ${type}`, `Content-Length: ${body.length}`] : status === 204 ? [] : ['Content-Length: 0']),
      'Access-Control-Allow-Origin: *',
      'Cache-Control: no-store',
    ];
    const text = `${head.join('\r\n')}\r\n\r\n`;
    return { write() {}, end: () => this.socket.write(Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(body ?? '')])) };
  }

  /** A connection through us: https is opened, for documents to be seen; anything else passes. */
  #tunnel(target) {
    const { hostname: host, port } = new URL(`http://${target}`);
    const { site } = this.gate;
    const to = site.target(host, Number(port));
    this.gate.asked.add(`https://${host}:${port}/`);
    if (!to) return void this.socket.destroy();
    this.socket.removeListener('data', this.listener);
    this.socket.write('HTTP/1.1 200 Connected\r\n\r\n');
    if (site.isSecure(to.port)) {
      const open = new TLSSocket(this.socket, { isServer: true, key: site.key, cert: site.certificate });
      new Conversation(this.gate, open, { isSecure: true, host, port: Number(port) });
      return;
    }
    const server = connect({ host: '127.0.0.1', port: to.port });
    server.on('error', () => this.socket.destroy());
    this.socket.on('close', () => server.destroy());
    this.socket.pipe(server).pipe(this.socket);
  }
}

/** A document on its way: the agent goes in as soon as its place shows. */
class Insertion {
  #held = '';

  constructor(markup, write) {
    this.isDone = !markup;
    Object.assign(this, { markup, write });
  }

  take(chunk) {
    if (this.isDone) this.write(chunk);
    else {
      this.#held += chunk.toString('latin1');
      this.#insert(this.#held.length > MOST_BEFORE_PLACE);
    }
  }

  end() {
    if (!this.isDone && this.#held) this.#insert(true);
  }

  #insert(isWhole) {
    const at = place(this.#held, isWhole);
    if (at === undefined) return;
    this.isDone = true;
    this.write(Buffer.from(this.#held.slice(0, at) + this.markup + this.#held.slice(at), 'latin1'));
    this.#held = '';
  }
}

/** Documents and frames are asked for like this, and nothing else is. */
const isNavigation = (headers) => headers['upgrade-insecure-requests'] === '1' && /text\/html/.test(headers.accept ?? '');

/** A header as it would be without a proxy. */
const direct = ([name, value]) => (/^proxy-/i.test(name) ? /^proxy-connection$/i.test(name) && ['Connection', value] : [name, value]);

function absolute(target) {
  const [, host, port, path] = /^http:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/:?#]*)(?::(\d+))?(.*)$/i.exec(target) ?? [];
  return { isSecure: false, host, port: Number(port ?? 80), path: !path || path[0] !== '/' ? `/${path ?? ''}` : path };
}
