// What the agent writes is OTLP to others too: real batches go through a foreign receiver and are read with the official
// messages for Python, and with those for Rust as they left the page; both must have read the same.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { message } from '../../target/inspect/vitrum_inspect.js';
import { tag } from '../e2e/forms.mjs';
import { Stage } from '../e2e/stage.mjs';
import { Receiver } from './receiver.mjs';

/** The fields of the message `Beacon` (WIRE.md) that are requests of OTLP, and where they are sent. */
const PATHS = new Map([[2, '/v1/logs'], [3, '/v1/traces']]);

/** The requests in a beacon: what stands in its fields, byte for byte. All of them have a length. */
function requestsOf(message) {
  const found = [];
  let at = 0;
  const varint = () => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = message[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
      shift += 7;
    }
  };
  while (at < message.length) {
    const field = varint() >> 3;
    const length = varint();
    const path = PATHS.get(field);
    if (path) found.push({ path, body: message.subarray(at, at + length) });
    at += length;
  }
  return found;
}

/** A visit with all kinds of records: bodies as they arrived, and batches. */
async function visit() {
  const stage = await Stage.build(tag);
  try {
    await stage.watch('plain.html');
    await stage.run(async () => {
      vitrum.event?.('bought', { price: 9.5, currency: '€', first: true, items: 3 });
      await fetch('/api/ok');
      await fetch('/api/gone').catch(() => {});
      setTimeout(() => {
        throw new TypeError('übel');
      });
      document.body.insertAdjacentHTML('beforeend', '<button id="pay">Pay</button>');
      document.querySelector('#pay').onclick = () => fetch('/api/ok');
    });
    await stage.page.click('#pay');
    await stage.run(() => history.pushState(null, '', '/account'));
    await stage.leave();
    await stage.until('the CLS', (records) => records.vital('cls'));
    return { bodies: stage.collector.captured(), batches: stage.collector.batches() };
  } finally {
    await stage.clear();
  }
}

const ordered = (records) => records.map((record) => JSON.stringify(sorted(record))).sort();
const sorted = (value) =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
    : value;

const receiver = await Receiver.start();
after(() => receiver.close());

test('a foreign receiver takes real batches and passes on the same records', { timeout: 90_000 }, async () => {
  const { bodies, batches } = await visit();
  const requests = bodies.flatMap((body) => requestsOf(message(body)));
  assert.deepEqual([...new Set(requests.map(({ path }) => path))].sort(), [...PATHS.values()]);
  for (const { path, body } of requests) {
    const { status, text } = await receiver.post(path, body);
    assert.equal(status, 200, `${path}: ${text}`);
  }
  const of = (kind) => batches.flatMap((batch) => batch[kind].map((record) => ({ ...record, resource: batch.resource })));
  const [logs, spans] = [of('logs'), of('spans')];
  await receiver.until(logs.length, spans.length);
  const ids = (records) => records.map(({ attributes }) => attributes['log.record.uid']).sort();
  assert.deepEqual(ids(receiver.logs), ids(logs));
  assert.deepEqual(ordered(receiver.logs), ordered(logs));
  assert.deepEqual(ordered(receiver.spans), ordered(spans));
  assert.ok(logs.length > 8 && spans.length > 3, `${logs.length} log records and ${spans.length} spans`);
});

test('it refuses what is not OTLP, so that what it takes means something', async () => {
  const { status } = await receiver.post('/v1/logs', Buffer.from('no protobuf at all'));
  assert.equal(Math.floor(status / 100), 4);
});
