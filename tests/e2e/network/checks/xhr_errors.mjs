// XMLHttpRequest: what throws, when, with which error and stack.

import { UNLISTED } from '../page/tools.mjs';

const opened = (t, kind = 'ok', ...rest) => {
  const request = new XMLHttpRequest();
  request.open('GET', t.own(kind), ...rest);
  return request;
};

const done = (request, body) => new Promise((resolve) => (request.onloadend = () => resolve(request.status)) && request.send(body));

export const checks = {
  'open with too few arguments': (t) => [t.now(() => new XMLHttpRequest().open()), t.now(() => new XMLHttpRequest().open('GET'))],
  'open with methods that are none or forbidden': (t) =>
    ['no such', '', 'CONNECT', 'trace', 'TRACK', Symbol('method')].map((method) => t.now(() => new XMLHttpRequest().open(method, t.own('ok')))),
  'open with URLs that are none': (t) => ['http://[', 'http://:0', Symbol('url')].map((url) => t.now(() => new XMLHttpRequest().open('GET', url))),
  'open with arguments that are converted': async (t) => {
    const told = [];
    const asked = (name, value) => ({ toString: () => told.push(name) && value });
    const request = new XMLHttpRequest();
    request.open(asked('method', 'post'), asked('url', t.own('ok')), asked('async', ''), asked('user', 'user'), asked('password', 'word'));
    return [told, await done(request)];
  },
  'open with arguments that throw when they are converted': (t) => {
    const wrong = { toString() { throw new RangeError('the page’s own'); } };
    return [t.now(() => new XMLHttpRequest().open(wrong, t.own('ok'))), t.now(() => new XMLHttpRequest().open('GET', wrong))];
  },
  'open tells two arguments from three': (t) => {
    const told = [];
    for (const more of [[undefined], [null], [0], [''], [false]]) {
      const request = new XMLHttpRequest();
      request.open('GET', t.own(`ok?${told.length}`), ...more);
      request.send();
      told.push([request.readyState, request.responseText]);
    }
    return told;
  },
  'open that fails leaves the object as it was': async (t) => {
    const request = opened(t);
    request.setRequestHeader('x-own', '1');
    const outcome = t.now(() => request.open('GET', 'http://['));
    return [outcome, request.readyState, t.now(() => request.setRequestHeader('x-two', '2')), t.now(() => request.send()), request.readyState];
  },
  'send before open': (t) => t.now(() => new XMLHttpRequest().send()),
  'send twice': async (t) => {
    const request = opened(t);
    const end = done(request);
    return [t.now(() => request.send()), t.now(() => request.setRequestHeader('x-own', '1')), await end, t.now(() => request.send()), request.readyState];
  },
  'send after an abort': (t) => {
    const request = opened(t, 'ok?chance');
    request.send();
    request.abort();
    return t.now(() => request.send());
  },
  'setRequestHeader before open': (t) => t.now(() => new XMLHttpRequest().setRequestHeader('x-own', '1')),
  'setRequestHeader with too few arguments': (t) => [t.now(() => opened(t).setRequestHeader()), t.now(() => opened(t).setRequestHeader('x-own'))],
  'setRequestHeader with what is none': (t) =>
    [['no name', '1'], ['', '1'], ['x-own', 'a\nb'], ['x-own', '\u0100'], [Symbol('name'), '1'], ['x-own', Symbol('value')]].map((pair) =>
      t.now(() => opened(t).setRequestHeader(...pair)),
    ),
  'setRequestHeader that fails leaves the rest': async (t) => {
    const request = opened(t);
    request.setRequestHeader('x-own', '1');
    const outcome = t.now(() => request.setRequestHeader('no name', '2'));
    return [outcome, await done(request)];
  },
  'setRequestHeader with what a page may not set': async (t) => {
    const request = opened(t);
    for (const name of ['host', 'cookie', 'referer', 'sec-own', 'proxy-own', 'origin', 'accept-charset']) request.setRequestHeader(name, 'own');
    return done(request);
  },
  'synchronous with what only asynchronous ones may have': (t) => {
    const early = new XMLHttpRequest();
    early.responseType = 'json';
    const late = opened(t, 'ok', false);
    const timed = new XMLHttpRequest();
    timed.timeout = 5;
    return [
      t.now(() => early.open('GET', t.own('ok'), false)),
      t.now(() => (late.responseType = 'json')),
      t.now(() => (late.timeout = 5)),
      t.now(() => timed.open('GET', t.own('ok'), false)),
    ];
  },
  'synchronous, a network error': (t) => {
    const request = opened(t, 'fail', false);
    return [t.now(() => request.send()), request.readyState, request.status, request.responseText, request.responseURL];
  },
  'synchronous, a network error deep in the stack': (t) => {
    const request = opened(t, 'fail', false);
    return t.now(() => t.deep(20, () => request.send()));
  },
  'synchronous, refused by the other origin': (t) => {
    const request = new XMLHttpRequest();
    request.open('GET', t.other('ok'), false);
    return [t.now(() => request.send()), request.readyState, request.status];
  },
  'send before open, deep in the stack': (t) => t.now(() => t.deep(20, () => new XMLHttpRequest().send())),
  'open with a wrong URL, deep in the stack': (t) => t.now(() => t.deep(20, () => new XMLHttpRequest().open('GET', 'http://['))),
  'the limit of a stack is the page’s': (t) => {
    const told = [];
    for (const limit of [0, 1, 2]) {
      const undo = t.limit(limit);
      told.push(t.now(() => new XMLHttpRequest().send()), t.now(() => new XMLHttpRequest().open('GET', 'http://[')));
      undo();
    }
    return told;
  },
  'properties set at the wrong time': async (t) => {
    const request = opened(t, 'parts');
    const end = done(request);
    const sent = [t.now(() => (request.withCredentials = true)), t.now(() => (request.responseType = 'json'))];
    await end;
    return [sent, t.now(() => (request.responseType = 'text')), t.now(() => request.overrideMimeType('text/plain')), t.now(() => request.responseXML)];
  },
  'a response of another type is not text': async (t) => {
    const request = opened(t);
    request.responseType = 'arraybuffer';
    await done(request);
    return [t.now(() => request.responseText), t.now(() => request.responseXML), request.response.byteLength];
  },
  'a responseType that is none is passed over': (t) => {
    const request = new XMLHttpRequest();
    request.responseType = 'wrong';
    return request.responseType;
  },
  'methods of another object': (t) => {
    const other = { open() {}, readyState: 1 };
    return ['open', 'send', 'abort', 'setRequestHeader', 'getResponseHeader', 'getAllResponseHeaders', 'overrideMimeType'].map((name) => t.now(() => XMLHttpRequest.prototype[name].call(other, 'a', 'b')));
  },
  'a body that throws when it is converted': (t) => {
    const request = new XMLHttpRequest();
    request.open('POST', t.own('ok'));
    return [t.now(() => request.send({ toString() { throw new RangeError('the page’s own'); } })), request.readyState];
  },
  'a stream is no body': async (t) => {
    const request = new XMLHttpRequest();
    request.open('POST', t.own('echo'));
    return [t.now(() => request.send(new ReadableStream())), await new Promise((resolve) => (request.onloadend = () => resolve(request.responseText)))];
  },
  'an exception that nobody catches is told with the page’s place': async (t) => [
    await t.uncaught(() => new XMLHttpRequest().send()),
    await t.uncaught(() => new XMLHttpRequest().open('GET', 'http://[')),
    await t.uncaught(() => new XMLHttpRequest().setRequestHeader('x-own', '1')),
    await t.uncaught(() => opened(t, 'fail', false).send()),
    await t.uncaught(() => XMLHttpRequest.prototype.open.call({}, 'GET', '/')),
  ],
  'what an error is made of': (t) => {
    const calls = [() => new XMLHttpRequest().send(), () => new XMLHttpRequest().open('GET', 'http://['), () => opened(t, 'fail', false).send(), () => XMLHttpRequest.prototype.open.call({}, 'GET', '/')];
    return calls.map((call) => {
      try {
        call();
      } catch (error) {
        return t.anatomy(error);
      }
    });
  },
  'an error of the page goes through untouched': (t) => {
    const told = [];
    const watched = new Proxy(new RangeError('watched'), { get: (error, key) => told.push(`get ${String(key)}`) && error[key], set: (_, key) => told.push(`set ${String(key)}`) });
    const same = [];
    for (const thrown of [watched, Object.freeze(new RangeError('frozen')), 'text', null, undefined]) {
      try {
        new XMLHttpRequest().open('GET', { toString() { throw thrown; } });
      } catch (error) {
        same.push(error === thrown);
      }
    }
    return [same, told];
  },
  'the limit of a stack that listeners and conversions see': (t) => {
    const told = [];
    const request = new XMLHttpRequest();
    request.onreadystatechange = () => told.push(Error.stackTraceLimit);
    request.onloadstart = () => told.push(Error.stackTraceLimit);
    request.open('GET', { toString: () => told.push(Error.stackTraceLimit) && t.own('ok?chance') });
    request.send();
    request.abort();
    return [told, Error.stackTraceLimit];
  },
  'a complaint of the policy names the page’s place': async (t) => {
    const request = new XMLHttpRequest();
    request.open('GET', `http://${UNLISTED}`);
    const later = new XMLHttpRequest();
    later.open('GET', `http://${UNLISTED}`, false);
    return [await t.complaint(() => request.send()), await t.complaint(() => later.send())];
  },
  'the stack that a conversion sees': (t) => {
    let stack;
    const url = { toString: () => (stack = new Error('here').stack.split('\n')) && t.own('ok') };
    new XMLHttpRequest().open('GET', url);
    return stack;
  },
};
