// XMLHttpRequest: which events come, in which order, and what the object shows at each.

import { heard } from '../page/tools.mjs';

const TYPES = ['readystatechange', 'loadstart', 'progress', 'load', 'error', 'abort', 'timeout', 'loadend'];

/** A request whose events are noted, those of its upload too if that is wanted. */
function noted(t, { upload } = {}) {
  const request = new XMLHttpRequest();
  const told = t.record(request, TYPES, (event) => [request.readyState, request.status, event.loaded, event.total, event.lengthComputable]);
  if (upload) {
    for (const type of TYPES.slice(1)) {
      request.upload.addEventListener(type, (event) => {
        if (type !== 'progress' || told.at(-1)?.[0] !== 'upload progress') told.push([`upload ${type}`, request.readyState, type === 'progress' ? undefined : event.loaded]);
      });
    }
  }
  return { request, told };
}

/** Sends, and waits for the end. */
async function ended(request, body) {
  const end = heard(request, 'loadend');
  request.send(body);
  await end;
}

export const checks = {
  'of a request that succeeds': async (t) => {
    const { request, told } = noted(t);
    request.open('GET', t.own('ok'));
    await ended(request);
    return told;
  },
  'of a request without an answer’s body': async (t) => {
    const { request, told } = noted(t);
    request.open('GET', t.own('empty'));
    await ended(request);
    return told;
  },
  'of a request in parts': async (t) => {
    const request = new XMLHttpRequest();
    // How many parts there are is the network's affair.
    const told = t.record(request, TYPES.filter((type) => type !== 'progress'), () => [request.readyState, request.status]);
    request.open('GET', t.own('parts'));
    await ended(request);
    return told;
  },
  'of a request with an upload': async (t) => {
    const { request, told } = noted(t, { upload: true });
    request.open('POST', t.own('ok'));
    await ended(request, 'text');
    return told;
  },
  'of an upload without a body': async (t) => {
    const { request, told } = noted(t, { upload: true });
    request.open('POST', t.own('ok'));
    await ended(request);
    return told;
  },
  'of a network error': async (t) => {
    const { request, told } = noted(t, { upload: true });
    request.open('POST', t.own('gone'));
    await ended(request, 'text');
    return [told, request.status, request.readyState, request.responseText, request.getAllResponseHeaders()];
  },
  'of a body that breaks off': async (t) => {
    const { request, told } = noted(t);
    request.open('GET', t.own('cut'));
    await ended(request);
    return [told.filter(([type]) => type !== 'progress'), request.status, request.responseText];
  },
  'of a time-out': async (t) => {
    const { request, told } = noted(t, { upload: true });
    request.open('POST', t.own('never'));
    request.timeout = 30;
    await ended(request, 'text');
    return [told.filter(([type]) => type !== 'upload progress'), request.status, await t.until('closed')];
  },
  'of a time-out that is set while it waits': async (t) => {
    const { request, told } = noted(t);
    request.open('GET', t.own('never'));
    const end = heard(request, 'loadend');
    request.send();
    await t.until('taken');
    request.timeout = 1;
    await end;
    return [told, request.timeout];
  },
  'of an abort before it is sent': async (t) => {
    const { request, told } = noted(t);
    request.abort();
    request.open('GET', t.own('ok'));
    request.abort();
    return [told, request.readyState];
  },
  'of an abort in the turn it is sent': async (t) => {
    const { request, told } = noted(t, { upload: true });
    request.open('POST', t.own('never?chance'));
    request.send('text');
    request.abort();
    await t.turns(2);
    return [told, request.readyState, request.status];
  },
  'of an abort while it waits': async (t) => {
    const { request, told } = noted(t);
    request.open('GET', t.own('never'));
    request.send();
    await t.until('taken');
    request.abort();
    await t.turns(2);
    return [told, request.readyState, await t.until('closed')];
  },
  'of an abort in the middle of the body': async (t) => {
    const { request, told } = noted(t);
    request.open('GET', t.own('hang'));
    const part = heard(request, 'progress');
    request.send();
    await part;
    const text = request.responseText;
    request.abort();
    return [told, text, request.responseText, request.readyState, await t.until('closed')];
  },
  'of an abort after the end': async (t) => {
    const { request, told } = noted(t);
    request.open('GET', t.own('ok'));
    await ended(request);
    request.abort();
    return [told, request.readyState, request.status];
  },
  'of an abort within the events of an abort': async (t) => {
    const { request, told } = noted(t);
    request.addEventListener('abort', () => request.abort());
    request.open('GET', t.own('never?chance'));
    request.send();
    request.abort();
    return [told, request.readyState];
  },
  'of a synchronous request': (t) => {
    const { request, told } = noted(t, { upload: true });
    request.open('POST', t.own('ok'), false);
    request.send('text');
    return [told, request.readyState, request.responseText];
  },
  'of one object used three times': async (t) => {
    const { request, told } = noted(t);
    for (const kind of ['ok', 'missing', 'json']) {
      request.open('GET', t.own(kind));
      await ended(request);
      told.push([request.status, request.responseText, request.responseURL]);
    }
    return told;
  },
  'of one object opened again while it waits': async (t) => {
    const { request, told } = noted(t);
    request.open('GET', t.own('never'));
    request.send();
    await t.until('taken');
    request.open('GET', t.own('ok'));
    await ended(request);
    return [told, request.responseText, await t.until('closed')];
  },
  'of one object opened again in its own load event': async (t) => {
    const { request, told } = noted(t);
    let count = 0;
    const done = new Promise((resolve) => {
      request.onload = () => {
        if (count++ === 2) return resolve();
        request.open('GET', t.own(`ok?${count}`));
        request.send();
      };
    });
    request.open('GET', t.own('ok'));
    request.send();
    await done;
    return told;
  },
  'of one object opened twice before it is sent': async (t) => {
    const { request, told } = noted(t);
    request.open('GET', t.own('missing'));
    request.setRequestHeader('x-own', 'first');
    request.open('POST', t.own('ok'));
    await ended(request, 'text');
    return told;
  },
  'handlers and listeners are called in the order they were set': async (t) => {
    const told = [];
    const request = new XMLHttpRequest();
    request.addEventListener('load', () => told.push('first listener'));
    request.onload = () => told.push('handler');
    request.addEventListener('load', { handleEvent: () => told.push('object') });
    request.open('GET', t.own('ok'));
    request.addEventListener('load', () => told.push('after open'));
    const end = heard(request, 'loadend');
    request.send();
    request.addEventListener('load', () => told.push('after send'));
    await end;
    return told;
  },
  'an event shows what it is': async (t) => {
    const request = new XMLHttpRequest();
    request.open('GET', t.own('ok'));
    const end = heard(request, 'loadend');
    const load = new Promise((resolve) => {
      request.onload = function (event) {
        resolve([this === request, event.target === request, event.currentTarget === request, event.isTrusted, event.constructor === ProgressEvent, event.eventPhase, event.bubbles, event.cancelable, event.composedPath().length]);
      };
    });
    request.send();
    await end;
    return load;
  },
  'a listener that stops an event is obeyed': async (t) => {
    const told = [];
    const request = new XMLHttpRequest();
    request.open('GET', t.own('ok'));
    request.addEventListener('load', (event) => (event.stopImmediatePropagation(), told.push('stopped')));
    request.addEventListener('load', () => told.push('never'));
    await ended(request);
    return told;
  },
  'a listener that throws is told to the page': async (t) => {
    const told = [];
    const note = (event) => {
      event.preventDefault();
      told.push([event.message, event.filename, event.lineno, event.colno, event.error && t.error(event.error).stack]);
    };
    addEventListener('error', note);
    const request = new XMLHttpRequest();
    request.onreadystatechange = () => {
      throw new RangeError(`the page’s own ${request.readyState}`);
    };
    request.onload = () => {
      throw new RangeError('the page’s own load');
    };
    request.open('GET', t.own('ok'));
    await ended(request);
    removeEventListener('error', note);
    return told;
  },
  'stacks in listeners have no more frames': async (t) => {
    const told = [];
    const request = new XMLHttpRequest();
    for (const type of ['readystatechange', 'loadstart', 'load', 'abort', 'loadend']) {
      request.addEventListener(type, () => told.push([type, request.readyState, new Error('here').stack.split('\n')]));
    }
    request.open('GET', t.own('ok'));
    await ended(request);
    request.open('GET', t.own('never?chance'));
    request.send();
    request.abort();
    return told;
  },
  'nobody but the page listens': async (t) => {
    const told = [];
    for (const name of ['addEventListener', 'removeEventListener']) {
      const native = EventTarget.prototype[name];
      t.replace(EventTarget.prototype, name, {
        value(...args) {
          if (this instanceof XMLHttpRequest || this instanceof XMLHttpRequestUpload) told.push(`${name} ${args[0]}`);
          return native.apply(this, args);
        },
      });
    }
    const request = new XMLHttpRequest();
    request.open('GET', t.own('ok'));
    await new Promise((resolve) => (request.onloadend = resolve) && request.send());
    const handlers = ['onload', 'onerror', 'onabort', 'ontimeout', 'onloadend', 'onprogress', 'onreadystatechange', 'onloadstart'];
    return [told, handlers.filter((name) => request[name]), ['onload', 'onloadstart'].map((name) => request.upload[name])];
  },
  'an upload nobody listens to needs no preflight': async (t) => {
    const { request, told } = noted(t);
    request.open('POST', t.other('ok?cors=simple'));
    await ended(request, 'text');
    return [told, request.responseText];
  },
  'an upload that the page listens to needs one': async (t) => {
    const { request, told } = noted(t, { upload: true });
    request.open('POST', t.other('ok?cors=all'));
    await ended(request, 'text');
    return [told, request.responseText];
  },
  'big answers and big uploads': async (t) => {
    const { request, told } = noted(t, { upload: true });
    request.open('POST', t.own('big'));
    await ended(request, 'x'.repeat(100_000));
    return [told.filter(([type]) => !/progress|readystatechange/.test(type)), request.responseText.length];
  },
  'an object that is let go still answers': async (t) => {
    const answer = new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('GET', t.own('ok'));
      request.onload = ({ target }) => resolve(target.responseText);
      request.send();
    });
    return answer;
  },
};
