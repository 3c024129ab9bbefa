// Errors as agents tell them, for the stories of the dashboard: sent to the collector as OTLP in JSON.

import assert from 'node:assert/strict';

const value = (given) =>
  typeof given === 'number' ? { doubleValue: given } : typeof given === 'boolean' ? { boolValue: given } : { stringValue: given };
const attributes = (pairs) => Object.entries(pairs).map(([key, given]) => ({ key, value: value(given) }));

export const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';

let next = 0;

/** One record of a page: what it is called, when (milliseconds since 1970), in which session and view, and what else it says. */
export function record(eventName, at, { session, view, path = '/', page = view, ...more }) {
  const trace = session.padStart(32, '0').slice(-32);
  return {
    eventName,
    timeUnixNano: `${Math.round(at)}000000`,
    traceId: trace,
    spanId: view.padStart(16, '0').slice(-16),
    attributes: attributes({
      'log.record.uid': `${page}.${next++}`, 'session.id': session, 'vitrum.view.id': view, 'url.template': path, ...more,
    }),
  };
}

/** Sends records of one resource and sees that they are taken. */
export async function send(origin, resource, logRecords) {
  const body = JSON.stringify({ resourceLogs: [{ resource: { attributes: attributes({ 'service.name': 'shop', ...resource }) }, scopeLogs: [{ logRecords }] }] });
  const answer = await fetch(`${origin}/v1/logs`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), '{}', 'all of them are taken');
}

/** An error as the agent tells it. */
export const failure = (type, message, fingerprint, stack, more = {}) => ({
  'exception.type': type,
  'exception.message': message,
  'exception.stacktrace': `${type}: ${message}\n${stack}`,
  'vitrum.error.fingerprint': fingerprint,
  'vitrum.error.source': 'error',
  'vitrum.error.handled': false,
  ...more,
});
