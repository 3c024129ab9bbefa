// XMLHttpRequest: what the server receives, what comes back, and objects that are used or made in unusual ways.

const OWN = '00-11111111111111111111111111111111-2222222222222222-01';

/** Does something to a new request, sends it, and tells what has come. */
function asked(t, method, url, { prepare = () => {}, body, own = new XMLHttpRequest(), rest = [] } = {}) {
  own.open(method, url, ...rest);
  prepare(own);
  return new Promise((resolve) => {
    own.onloadend = () => {
      const { status, statusText, responseURL, responseType, readyState } = own;
      const headers = own.getAllResponseHeaders().split('\r\n').filter((line) => !/^(date|keep-alive|connection):/.test(line));
      const text = responseType === '' || responseType === 'text' ? own.responseText.slice(0, 100) : undefined;
      resolve({ status, statusText, responseURL, readyState, headers, text });
    };
    own.send(body);
  });
}

const bodies = () => ({
  text: 'text é',
  blob: new Blob(['blob'], { type: 'text/x-own' }),
  buffer: new Uint8Array([1, 2, 255]).buffer,
  view: new Uint8Array([1, 2, 255]),
  search: new URLSearchParams({ a: '1', b: 'é' }),
  document: new DOMParser().parseFromString('<p>é</p>', 'text/html'),
  xml: new DOMParser().parseFromString('<a>é</a>', 'text/xml'),
  number: 5,
  none: null,
  missing: undefined,
});

export const checks = {
  'each method': async (t) => {
    const told = [];
    for (const method of ['get', 'POST', 'Put', 'delete', 'patch', 'HEAD', 'options', 'mine']) told.push(await asked(t, method, t.own(`ok?${method}`)));
    return told;
  },
  'each kind of body': async (t) => {
    const told = [];
    for (const [name, body] of Object.entries(bodies())) told.push(await asked(t, 'POST', t.own(`echo?${name}`), { body }));
    return told;
  },
  'a body of its own type': (t) => asked(t, 'POST', t.own('echo'), { body: 'text', prepare: (own) => own.setRequestHeader('Content-Type', 'text/x-own; charset=latin1') }),
  'a body that is not sent with GET': (t) => asked(t, 'GET', t.own('echo'), { body: 'text' }),
  'headers are joined': (t) =>
    asked(t, 'GET', t.own('ok'), {
      prepare(own) {
        for (const [name, value] of [['X-Own', '1'], ['x-own', '2'], ['Accept', 'text/x-own'], ['x-empty', ''], ['x-space', '  a  ']]) own.setRequestHeader(name, value);
      },
    }),
  'traceparent that the page has set itself': async (t) => [
    await asked(t, 'GET', t.own('ok?1'), { prepare: (own) => own.setRequestHeader('traceparent', OWN) }),
    await asked(t, 'GET', t.own('ok?2'), { prepare: (own) => (own.setRequestHeader('TraceParent', OWN), own.setRequestHeader('tracestate', 'a=b')) }),
  ],
  'each answer': async (t) => {
    const told = [];
    for (const kind of ['ok', 'empty', 'missing', 'broken', 'headers', 'redirect', 'latin', 'unchanged']) told.push(await asked(t, 'GET', t.own(kind)));
    return told;
  },
  'headers one by one': async (t) => {
    const own = new XMLHttpRequest();
    const early = [own.getAllResponseHeaders(), own.getResponseHeader('x-one')];
    await asked(t, 'GET', t.own('headers'), { own });
    return [early, ['x-one', 'X-TWO', 'x-empty', 'no-such', 'content-type'].map((name) => own.getResponseHeader(name))];
  },
  'each type of response': async (t) => {
    const told = [];
    for (const [kind, responseType] of [['json', 'json'], ['ok', 'json'], ['xml', 'document'], ['ok', 'blob'], ['ok', 'arraybuffer'], ['ok', 'text'], ['ok', '']]) {
      const own = new XMLHttpRequest();
      await asked(t, 'GET', t.own(kind), { own, prepare: () => (own.responseType = responseType) });
      const { response } = own;
      told.push([kind, responseType, t.value(response), response === own.response, response?.byteLength, response?.size, response?.answer, response?.documentElement?.outerHTML]);
    }
    return told;
  },
  'a response as XML': async (t) => {
    const own = new XMLHttpRequest();
    await asked(t, 'GET', t.own('xml'), { own });
    return [own.responseXML.documentElement.outerHTML, own.responseText];
  },
  'a response by another type': async (t) => {
    const own = new XMLHttpRequest();
    own.overrideMimeType?.('text/xml');
    return [await asked(t, 'GET', t.own('latin'), { own, prepare: () => own.overrideMimeType('text/plain; charset=utf-8') }), own.responseText.charCodeAt(3)];
  },
  'text is there while it comes': async (t) => {
    const own = new XMLHttpRequest();
    own.open('GET', t.own('hang'));
    const text = await new Promise((resolve) => (own.onprogress = () => resolve(own.responseText)) && own.send());
    own.abort();
    return [text, await t.until('closed')];
  },
  'with a user and a password': async (t) => [await asked(t, 'GET', t.own('ok'), { rest: [true, 'user', 'word'] }), await asked(t, 'GET', t.own('ok'), { rest: [true, null, null] })],
  'with credentials and without': async (t) => [
    await asked(t, 'GET', t.own('cookie')),
    await asked(t, 'GET', t.own('ok'), { prepare: (own) => (own.withCredentials = true) }),
    await asked(t, 'GET', t.other('ok?cors=credentials'), { prepare: (own) => (own.withCredentials = true) }),
    await asked(t, 'GET', t.other('ok?cors=simple')),
  ],
  'to the other origin': async (t) => [
    await asked(t, 'GET', t.other('headers?cors=all')),
    await asked(t, 'GET', t.other('ok')),
    await asked(t, 'POST', t.other('ok?cors=simple'), { body: 'text' }),
    await asked(t, 'PUT', t.other('ok?cors=all'), { body: 'text' }),
    await asked(t, 'GET', t.other('ok?cors=all'), { prepare: (own) => own.setRequestHeader('x-own', '1') }),
  ],
  'a redirect to the other origin': (t) => asked(t, 'GET', t.own(`redirect?to=${encodeURIComponent(t.other('ok?cors=simple'))}`)),
  'data, blobs, and relative addresses': async (t) => {
    const blob = URL.createObjectURL(new Blob(['blob'], { type: 'text/plain' }));
    const told = [];
    for (const url of ['data:text/plain,data', blob, t.path('ok'), new URL(t.own('ok')), `${t.own('ok')}#part`, '?empty']) told.push(await asked(t, 'GET', url));
    URL.revokeObjectURL(blob);
    return told;
  },
  'synchronous': (t) => {
    const told = [];
    for (const [method, body] of [['GET'], ['POST', 'text']]) {
      const own = new XMLHttpRequest();
      own.open(method, t.own(`echo?${method}`), false);
      own.setRequestHeader('x-own', '1');
      own.send(body);
      told.push([own.status, own.responseText, own.responseURL]);
    }
    return told;
  },
  'one object many times gathers no headers': async (t) => {
    const own = new XMLHttpRequest();
    for (let count = 0; count < 4; count++) await asked(t, 'GET', t.own(`ok?${count}`), { own, prepare: () => own.setRequestHeader('x-own', String(count)) });
  },
  'a class that extends it': async (t) => {
    const told = [];
    class Mine extends XMLHttpRequest {
      #mark = 'private';
      open(...args) {
        told.push(['open', args.length, this.#mark]);
        return super.open(...args);
      }
      send(...args) {
        told.push(['send', args.length]);
        return super.send(...args);
      }
      setRequestHeader(...args) {
        told.push(['header', ...args]);
        return super.setRequestHeader(...args);
      }
    }
    const own = new Mine();
    const answer = await asked(t, 'POST', t.own('ok'), { own, body: 'text', prepare: () => own.setRequestHeader('x-own', '1') });
    return { answer, told, is: [own instanceof Mine, own instanceof XMLHttpRequest, own.constructor === Mine, Object.getPrototypeOf(Mine) === XMLHttpRequest] };
  },
  'methods that an object has of its own': async (t) => {
    const told = [];
    const own = new XMLHttpRequest();
    for (const name of ['open', 'send', 'setRequestHeader', 'addEventListener', 'getResponseHeader']) {
      own[name] = function (...args) {
        told.push([name, args.length]);
        return XMLHttpRequest.prototype[name].apply(this, args);
      };
    }
    await asked(t, 'GET', t.own('ok'), { own });
    return told;
  },
  'made by Reflect.construct, for another class': (t) => {
    class Other {}
    const own = Reflect.construct(XMLHttpRequest, [], Other);
    const bound = new (XMLHttpRequest.bind(null))();
    return [Object.getPrototypeOf(own) === Other.prototype, own instanceof XMLHttpRequest, typeof own.open, t.now(() => XMLHttpRequest.prototype.open.call(own, 'GET', t.own('ok'))), bound.constructor === XMLHttpRequest];
  },
  'made in the way of old classes': (t) => {
    function Old() {}
    Old.prototype = Object.create(XMLHttpRequest.prototype);
    return [t.now(() => new Old().readyState), t.now(() => new Old().open('GET', t.own('ok'))), t.now(() => XMLHttpRequest.call(new Old()))];
  },
  'of another realm': async (t) => {
    const other = t.frame();
    const own = new other.XMLHttpRequest();
    XMLHttpRequest.prototype.open.call(own, 'POST', t.own('ok?1'));
    XMLHttpRequest.prototype.setRequestHeader.call(own, 'x-own', '1');
    const first = await new Promise((resolve) => (own.onloadend = () => resolve(own.status)) && XMLHttpRequest.prototype.send.call(own, 'text'));
    const mine = await asked(t, 'GET', t.own('ok?2'), { own: new other.XMLHttpRequest() });
    return [first, mine, own instanceof XMLHttpRequest, own instanceof other.XMLHttpRequest];
  },
  'properties of the page stay on the object': (t) => {
    const own = new XMLHttpRequest();
    own.mark = 'the page’s';
    own.open('GET', t.own('ok'));
    const keys = Reflect.ownKeys(own).map(String);
    own.abort();
    return [keys, Object.isExtensible(own), t.now(() => Object.freeze(own)) && t.now(() => own.open('GET', t.own('ok')))];
  },
  'a method returns nothing': (t) => {
    const own = new XMLHttpRequest();
    return [own.open('GET', t.own('ok?chance')), own.setRequestHeader('x-own', '1'), own.send(), own.abort(), own.overrideMimeType?.('text/plain')];
  },
};
