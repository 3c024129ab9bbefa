// Which requests tell the trace. What a request is to have is in its query, as `expect`: judged by ../trace.mjs.

import { heard } from '../page/tools.mjs';

const OWN = '00-11111111111111111111111111111111-2222222222222222-01';
const quiet = (promise) => promise.then(({ status }) => status, ({ name }) => name);

/** Sends a request by XMLHttpRequest, and waits for its end. */
function asked(method, url, { prepare = () => {}, body, request = new XMLHttpRequest(), isAsync = true } = {}) {
  request.open(method, url, isAsync);
  prepare(request);
  if (!isAsync) return request.send(body) ?? request.status;
  const end = heard(request, 'loadend');
  request.send(body);
  return end.then(() => request.status);
}

/** Calls one after the other. */
async function each(...calls) {
  const told = [];
  for (const call of calls) told.push(await call());
  return told;
}

export const checks = {
  'fetch to the own origin': (t) =>
    each(
      () => quiet(fetch(t.path('ok?expect=yes&1'))),
      () => quiet(fetch(t.own('ok?expect=yes&2'))),
      () => quiet(fetch(new URL(t.own('ok?expect=yes&3')))),
      () => quiet(fetch(new Request(t.own('ok?expect=yes&4')))),
      () => quiet(fetch(new Request(t.own('ok?expect=yes&5'), { method: 'POST', body: 'text' }))),
      () => quiet(fetch(t.own('ok?expect=yes&6'), { method: 'POST', body: 'text' })),
      () => quiet(fetch(t.own('ok?expect=yes&7'), {})),
      () => quiet(fetch(t.own('ok?expect=yes&8'), undefined)),
    ),
  'fetch with headers of the page': (t) =>
    each(
      () => quiet(fetch(t.own('ok?expect=yes&1'), { headers: { 'x-own': '1' } })),
      () => quiet(fetch(t.own('ok?expect=yes&2'), { headers: new Headers({ 'x-own': '1' }) })),
      () => quiet(fetch(t.own('ok?expect=yes&3'), { headers: [['x-own', '1']] })),
      () => quiet(fetch(new Request(t.own('ok?expect=yes&4'), { headers: { 'x-own': '1' } }))),
      () => quiet(fetch(new Request(t.own('ok?expect=yes&5'), { headers: { 'x-own': '1' } }), { headers: { 'x-two': '2' } })),
      () => quiet(fetch(t.own('ok?expect=may&6'), { headers: new Map([['x-own', '1']]) })),
    ),
  'fetch of each mode': (t) =>
    each(
      () => quiet(fetch(t.own('ok?expect=yes&1'), { mode: 'same-origin' })),
      () => quiet(fetch(t.own('ok?expect=yes&2'), { mode: 'cors', credentials: 'omit' })),
      () => quiet(fetch(t.own('ok?expect=yes&3'), { method: 'POST', body: 'x', keepalive: true })),
      () => quiet(fetch(t.own('ok?expect=no&4'), { mode: 'no-cors' })),
      () => quiet(fetch(new Request(t.own('ok?expect=no&5'), { mode: 'no-cors' }))),
      () => quiet(fetch(t.other('ok?expect=no&6'), { mode: 'no-cors' })),
    ),
  'an init that is used again': async (t) => {
    for (const headers of [{ 'x-own': '1' }, new Headers({ 'x-own': '1' }), [['x-own', '1']]]) {
      const init = { headers };
      for (let count = 0; count < 3; count++) await quiet(fetch(t.own('ok?expect=yes'), init));
    }
    const request = new Request(t.own('ok?expect=yes'));
    for (let count = 0; count < 3; count++) await quiet(fetch(request));
  },
  'fetch with a traceparent of the page': (t) =>
    each(
      () => quiet(fetch(t.own('ok?expect=own&1'), { headers: { traceparent: OWN } })),
      () => quiet(fetch(t.own('ok?expect=own&2'), { headers: { TraceParent: OWN } })),
      () => quiet(fetch(t.own('ok?expect=own&3'), { headers: new Headers({ traceparent: OWN }) })),
      () => quiet(fetch(t.own('ok?expect=own&4'), { headers: [['TRACEPARENT', OWN]] })),
      () => quiet(fetch(new Request(t.own('ok?expect=own&5'), { headers: { traceparent: OWN } }))),
      () => quiet(fetch(new Request(t.own('ok?expect=own&6')), { headers: { traceparent: OWN } })),
      () => quiet(fetch(t.own('ok?expect=own&7'), { headers: new Map([['traceparent', OWN]]) })),
      () => quiet(fetch(t.own('ok?expect=own&8'), { headers: [['traceparent', OWN]].values() })),
      () => quiet(fetch(t.own('ok?expect=own&9'), { headers: Object.assign(Object.create(null), { traceparent: OWN }) })),
      () => quiet(fetch(t.own('ok?expect=own&10'), Object.create({ headers: { traceparent: OWN } }))),
    ),
  'fetch to the other origin': (t) =>
    each(
      () => quiet(fetch(t.other('ok?expect=no&cors=simple&1'))),
      () => quiet(fetch(new Request(t.other('ok?expect=no&cors=simple&2')))),
      () => quiet(fetch(t.other('ok?expect=no&cors=simple&3'), { method: 'POST', body: 'text' })),
      () => quiet(fetch(t.other('ok?expect=no&cors=all&4'), { headers: { 'x-own': '1' } })),
      () => quiet(fetch(t.other('ok?expect=no&5'))),
    ),
  'fetch to an origin of the list': (t) =>
    each(
      () => quiet(fetch(t.listed('ok?expect=yes&cors=all&1'))),
      () => quiet(fetch(new Request(t.listed('ok?expect=yes&cors=all&2')))),
      () => quiet(fetch(t.listed('ok?expect=no&cors=all&3'), { mode: 'no-cors' })),
    ),
  'a redirect within the own origin': (t) => quiet(fetch(t.own('redirect?expect=yes&to=ok%3Fexpect=yes%26again'))),
  'data and blobs': async (t) => {
    const blob = URL.createObjectURL(new Blob(['blob']));
    const told = await each(() => quiet(fetch('data:,text')), () => quiet(fetch(blob)), () => asked('GET', blob), () => asked('GET', 'data:,text'));
    URL.revokeObjectURL(blob);
    return [told, await quiet(fetch(t.own('ok?expect=yes')))];
  },
  'XMLHttpRequest to the own origin': (t) =>
    each(
      () => asked('GET', t.path('ok?expect=yes&1')),
      () => asked('POST', t.own('ok?expect=yes&2'), { body: 'text' }),
      () => asked('GET', new URL(t.own('ok?expect=yes&3'))),
      () => asked('GET', t.own('ok?expect=yes&4'), { prepare: (request) => request.setRequestHeader('x-own', '1') }),
      () => asked('GET', t.own('ok?expect=yes&5'), { isAsync: false }),
      () => asked('POST', t.own('ok?expect=yes&6'), { isAsync: false, body: 'text' }),
    ),
  'one XMLHttpRequest used again': async (t) => {
    const request = new XMLHttpRequest();
    for (let count = 0; count < 3; count++) await asked('GET', t.own(`ok?expect=yes&${count}`), { request });
    request.open('GET', t.own('ok?expect=never'));
    request.open('GET', t.own('missing?expect=never'));
    return asked('GET', t.own('ok?expect=yes&3'), { request });
  },
  'XMLHttpRequest with a traceparent of the page': (t) =>
    each(
      () => asked('GET', t.own('ok?expect=own&1'), { prepare: (request) => request.setRequestHeader('traceparent', OWN) }),
      () => asked('GET', t.own('ok?expect=own&2'), { prepare: (request) => request.setRequestHeader('TraceParent', OWN) }),
      () => asked('POST', t.own('ok?expect=own&3'), { prepare: (request) => request.setRequestHeader({ toString: () => 'traceparent' }, OWN), isAsync: false }),
    ),
  'one XMLHttpRequest, with a traceparent of the page only once': async (t) => {
    const request = new XMLHttpRequest();
    await asked('GET', t.own('ok?expect=own&1'), { request, prepare: () => request.setRequestHeader('traceparent', OWN) });
    return asked('GET', t.own('ok?expect=yes&2'), { request });
  },
  'XMLHttpRequest to the other origin': (t) =>
    each(
      () => asked('GET', t.other('ok?expect=no&cors=simple&1')),
      () => asked('POST', t.other('ok?expect=no&cors=simple&2'), { body: 'text' }),
      () => asked('GET', t.other('ok?expect=no&3')),
      () => asked('GET', t.listed('ok?expect=yes&cors=all&4')),
    ),
  'what can have no headers': async (t) => {
    navigator.sendBeacon(t.own('ok?expect=no&1'), 'text');
    const source = new EventSource(t.own('events?expect=no&2'));
    await heard(source, 'open');
    source.close();
    const socket = new WebSocket(t.socket('ws?expect=no&3'));
    await heard(socket, 'open');
    socket.close();
    new Image().src = t.own('ok?expect=no&4');
    await import(t.own('script?expect=no&5'));
    return t.until('taken', 5);
  },
};
