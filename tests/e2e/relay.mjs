// What stands between the page and the collector: notes each request as the browser sent it, and hands it on.

import { EventEmitter, once } from 'node:events';
import { createServer, request } from 'node:http';

/**
 * Hands requests on one after the other, so that whenever it tells of an answer the collector has written down all it
 * has taken, and nothing half.
 */
export class Relay extends EventEmitter {
  /** What came: method, path, headers, and the status it was answered with. */
  requests = [];
  /** What the page is told to be the collector's wish. */
  wish = '';
  #last = Promise.resolve();
  #isClosing = false;

  static async start(collector) {
    const relay = new Relay();
    relay.server = createServer((incoming, outgoing) => relay.#take(collector, incoming, outgoing));
    relay.server.listen(0, '127.0.0.1');
    await once(relay.server, 'listening');
    relay.origin = `http://127.0.0.1:${relay.server.address().port}`;
    return relay;
  }

  #take(collector, incoming, outgoing) {
    if (this.#isClosing) return incoming.destroy();
    const { method, url, headers } = incoming;
    const noted = { method, path: url, headers };
    this.requests.push(noted);
    // A page may go while it sends; what it cut off is nobody's any more.
    const arriving = gather(incoming).catch(() => undefined);
    this.#last = this.#last.then(async () => {
      const body = await arriving;
      if (!body) return;
      const answer = await hand(collector, method, url, headers, body);
      noted.status = answer.statusCode;
      const { connection, ...told } = answer.headers;
      const said = await gather(answer);
      if (this.wish && answer.statusCode === 204) outgoing.writeHead(200, told).end(this.wish);
      else outgoing.writeHead(answer.statusCode, told).end(said);
      this.emit('answered');
    });
  }

  /** Waits until nothing is handed on: then what the collector has written down is whole. */
  async rest() {
    for (let last; last !== this.#last; ) await (last = this.#last);
  }

  /** What has come by now is handed on still. */
  async close() {
    this.#isClosing = true;
    this.server.close();
    await this.#last;
    this.server.closeAllConnections();
  }
}

/** Each on a connection of its own: the collector ends idle ones, and may do so just when one is used again. */
async function hand(collector, method, path, headers, body) {
  const outgoing = request(collector.origin + path, { method, headers: { ...headers, connection: 'close' }, agent: false });
  outgoing.end(body);
  const [answer] = await once(outgoing, 'response');
  return answer;
}

async function gather(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
