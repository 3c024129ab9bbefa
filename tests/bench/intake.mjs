// What stands between pages and the collector, and fails as a cell of the bench wants.

import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** So long the collector asks for with a 429. */
const RETRY_AFTER_S = 5;

export class Intake {
  /** `well`, `down`, `503`, `429` or `hangs`. */
  mode = 'well';
  /** The bodies that came whole, whatever was answered. */
  came = [];
  /** Those that the collector has taken. */
  taken = [];

  static async start(collector) {
    const intake = new Intake();
    intake.server = createServer((incoming, outgoing) => intake.#take(collector, incoming, outgoing));
    intake.server.on('connection', (socket) => intake.mode === 'down' && socket.destroy());
    await once(intake.server.listen(0, '127.0.0.1'), 'listening');
    intake.origin = `http://127.0.0.1:${intake.server.address().port}`;
    return intake;
  }

  async #take(collector, incoming, outgoing) {
    const { mode } = this;
    const parts = [];
    try {
      for await (const part of incoming) parts.push(part);
    } catch {
      // Its page went while it sent.
      return;
    }
    const body = Buffer.concat(parts);
    this.came.push(body);
    const cors = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };
    if (mode === '503') return outgoing.writeHead(503, cors).end('busy');
    if (mode === '429') return outgoing.writeHead(429, { ...cors, 'retry-after': RETRY_AFTER_S }).end('too much');
    if (mode === 'hangs') return;
    const handed = request(collector.origin + incoming.url, { method: incoming.method, headers: { ...incoming.headers, connection: 'close' }, agent: false });
    handed.on('error', () => outgoing.destroy());
    handed.on('response', (answer) => {
      if (answer.statusCode < 300) this.taken.push(body);
      answer.pipe(outgoing.writeHead(answer.statusCode, answer.headers));
    });
    handed.end(body);
  }

  /** Is so from now on. What is down has no connections. */
  turn(mode) {
    this.mode = mode;
    if (mode === 'down') this.server.closeAllConnections();
  }

  /** Is so for a while. */
  async be(mode, ms) {
    this.turn(mode);
    await pause(ms);
    this.turn('well');
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
