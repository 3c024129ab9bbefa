// A foreign receiver of OTLP, and behind it the sink that says what was passed on.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

const BIN = 'target/otlp/bin';
const DEADLINE_MS = 20_000;

/** A port that was free just now: the receiver must be given one, and does not say which it took. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class Receiver {
  logs = [];
  spans = [];
  said = '';

  static async start() {
    const receiver = new Receiver();
    receiver.sink = spawn(`${BIN}/python`, ['tests/otlp/sink.py'], { stdio: ['ignore', 'pipe', 'inherit'] });
    receiver.lines = createInterface(receiver.sink.stdout)[Symbol.asyncIterator]();
    const { port } = await receiver.line();
    const [http, grpc] = [await freePort(), await freePort()];
    receiver.origin = `http://127.0.0.1:${http}`;
    receiver.rotel = spawn(`${BIN}/python`, [
      ...['-c', 'import os, sys, rotel; agent = os.path.join(rotel.__path__[0], "rotel-agent"); os.execv(agent, [agent, *sys.argv[1:]])'],
      ...['start', '--otlp-http-endpoint', `127.0.0.1:${http}`, '--otlp-grpc-endpoint', `127.0.0.1:${grpc}`],
      ...['--exporter', 'otlp', '--otlp-exporter-protocol', 'http', '--otlp-exporter-endpoint', `http://127.0.0.1:${port}`],
      ...['--batch-timeout', '200ms'],
    ]);
    for (const stream of [receiver.rotel.stdout, receiver.rotel.stderr]) stream.on('data', (bytes) => (receiver.said += bytes));
    await receiver.listens();
    return receiver;
  }

  /** What the sink says next. */
  async line() {
    const late = AbortSignal.timeout(DEADLINE_MS);
    const aborted = once(late, 'abort').then(() => {
      throw new Error(`nothing was passed on within ${DEADLINE_MS} ms; the receiver said\n${this.said}`);
    });
    const { value, done } = await Promise.race([this.lines.next(), aborted]);
    if (done) throw new Error('the sink has ended');
    return JSON.parse(value);
  }

  /** It says so nowhere that can be relied on, so it is asked until it answers. */
  async listens() {
    const end = Date.now() + DEADLINE_MS;
    for (;;) {
      const answer = await fetch(this.origin).catch(() => {});
      if (answer) return;
      if (Date.now() > end || this.rotel.exitCode !== null) throw new Error(`the receiver does not listen; it said\n${this.said}`);
      await setTimeout(20);
    }
  }

  /** Sends a request as OTLP senders do. */
  async post(path, body) {
    const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' };
    const answer = await fetch(this.origin + path, { method: 'POST', headers, body: gzipSync(body) });
    return { status: answer.status, text: await answer.text() };
  }

  /** Waits until so many records were passed on. */
  async until(logs, spans) {
    while (this.logs.length < logs || this.spans.length < spans) {
      const line = await this.line();
      this.logs.push(...(line.logs ?? []));
      this.spans.push(...(line.spans ?? []));
    }
  }

  close() {
    this.rotel?.kill('SIGKILL');
    this.sink.kill('SIGKILL');
  }
}
