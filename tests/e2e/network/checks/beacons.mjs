// sendBeacon: what it returns, throws and sends.

import { UNLISTED } from '../page/tools.mjs';

/** A method's call with a `this` of its own. */
const beacon = (...args) => navigator.sendBeacon(...args);

const bodies = () => ['text é', new Blob(['blob'], { type: 'text/plain' }), new Blob(['blob']), new Uint8Array([1, 2, 255]), new URLSearchParams({ a: '1' }), 5, null, undefined];

export const checks = {
  'each kind of body': async (t) => {
    const told = bodies().map((body, index) => t.now(() => beacon(t.own(`ok?${index}`), body)));
    return [told, beacon(t.own('ok?none')), await t.until('taken', told.length + 1)];
  },
  'a form': async (t) => {
    const body = new FormData();
    body.append('a', '1');
    return [beacon(t.own('ok'), body), await t.until('taken')];
  },
  'to the other origin': async (t) => [
    beacon(t.other('ok'), 'text'),
    await t.until('taken', 1),
    beacon(t.other('ok?cors=credentials'), new Blob(['{}'], { type: 'text/plain' })),
    await t.until('taken', 2),
  ],
  'too much': (t) => beacon(t.own('ok'), 'x'.repeat(70_000)),
  'wrong arguments': (t) => [[], ['http://['], ['ftp://127.0.0.1/'], ['data:,x'], [Symbol('url')], [t.own('ok'), Symbol('body')], [t.own('ok'), new ReadableStream()]].map((args) => t.now(() => beacon(...args))),
  'a wrong argument deep in the stack': (t) => t.now(() => t.deep(20, () => beacon('http://['))),
  'an exception that nobody catches is told with the page’s place': (t) => t.uncaught(() => beacon('http://[')),
  'a complaint of the policy names the page’s place': (t) => t.complaint(() => beacon(`http://${UNLISTED}`)),
  'on another object': (t) => [t.now(() => navigator.sendBeacon.call({}, t.own('ok'))), t.now(() => (0, navigator.sendBeacon)(t.own('ok')))],
  'arguments are converted once': async (t) => {
    const told = [];
    const returned = beacon({ toString: () => told.push('url') && t.own('ok') }, { toString: () => told.push('body') && 'text' });
    return [returned, told, await t.until('taken')];
  },
  'an argument that throws': (t) => [
    t.now(() => beacon({ toString() { throw new RangeError('the page’s own'); } })),
    t.now(() => beacon(t.own('ok'), { toString() { throw new RangeError('the page’s own'); } })),
  ],
};
