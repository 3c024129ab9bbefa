// Requests: what the server receives of them, and what the page still has of them afterwards.

/** What a Request shows. */
const shown = (request) => {
  const { method, url, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, destination, bodyUsed, duplex } = request;
  return { method, url, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, destination, bodyUsed, duplex, headers: [...request.headers] };
};

/** Sends a Request, and tells what it shows before and after. */
async function sent(t, request, init) {
  const before = shown(request);
  const outcome = await t.outcome(() => (init ? fetch(request, init) : fetch(request)));
  return { outcome, before, after: shown(request), own: Reflect.ownKeys(request) };
}

const DIGEST = 'sha256-y4xdSN5lLkcfywTilNpz0OsIKgXJcQsi+mkWJk0jiIM=';

const bodies = () => ({
  text: 'text é',
  blob: new Blob(['blob'], { type: 'text/x-own' }),
  blobWithoutType: new Blob(['blob']),
  buffer: new Uint8Array([1, 2, 255]).buffer,
  view: new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2),
  search: new URLSearchParams({ a: '1', b: 'é' }),
  number: 5,
  object: { toString: () => 'by toString' },
  none: null,
});

export const checks = {
  'each kind of body': async (t) => {
    const told = [];
    for (const [name, body] of Object.entries(bodies())) told.push(await t.outcome(() => fetch(t.own(`echo?${name}`), { method: 'POST', body }), t.response));
    return told;
  },
  'a form with a file': async (t) => {
    const body = new FormData();
    body.append('a', '1');
    body.append('file', new File(['content'], 'name.txt', { type: 'text/plain' }));
    return t.outcome(() => fetch(t.own('ok'), { method: 'POST', body }));
  },
  'each kind of body in a Request': async (t) => {
    const told = [];
    for (const [name, body] of Object.entries(bodies())) {
      const request = new Request(t.own(`ok?${name}`), { method: 'POST', body });
      told.push(await t.outcome(() => fetch(request)), request.bodyUsed, await t.outcome(() => fetch(request)));
    }
    return told;
  },
  'a Request shows the same before and after': (t) => sent(t, new Request(t.own('ok'), { method: 'PUT', body: 'text', headers: { 'x-own': '1' } })),
  'a Request keeps its referrer': async (t) => [
    await sent(t, new Request(t.own('ok?1'), { referrer: t.path('elsewhere') })),
    await sent(t, new Request(t.own('ok?2'), { referrer: '' })),
    await sent(t, new Request(t.own('ok?3'), { referrer: t.path('elsewhere'), referrerPolicy: 'origin' })),
    await sent(t, new Request(t.own('ok?4'), { referrerPolicy: 'no-referrer' })),
    await sent(t, new Request(t.own('ok?5'), { referrer: t.path('elsewhere'), headers: { 'x-own': '1' } })),
  ],
  'an init has a referrer': async (t) => {
    const told = [];
    for (const referrer of [t.path('elsewhere'), t.own('elsewhere?a=1#part'), '', 'about:client']) told.push(await t.outcome(() => fetch(t.own(`ok?${told.length}`), { referrer })));
    for (const referrerPolicy of ['no-referrer', 'origin', 'unsafe-url', 'strict-origin']) told.push(await t.outcome(() => fetch(t.own(`ok?${referrerPolicy}`), { referrerPolicy })));
    return told;
  },
  'a Request keeps mode, credentials, cache and redirect': async (t) => {
    const told = [];
    const all = [{ mode: 'same-origin' }, { mode: 'no-cors' }, { credentials: 'omit' }, { credentials: 'include' }, { cache: 'reload' }, { cache: 'no-cache' }];
    for (const init of [...all, { redirect: 'error' }, { redirect: 'manual' }, { integrity: DIGEST }, { priority: 'high' }]) {
      told.push(await sent(t, new Request(t.own(`ok?${told.length}`), init)));
    }
    return told;
  },
  'an init beside a Request replaces what it has': async (t) => {
    const request = () => new Request(t.own('ok'), { method: 'POST', body: 'text', headers: { 'x-own': '1' }, referrer: t.path('elsewhere'), cache: 'reload' });
    return [
      await sent(t, request(), { method: 'PUT' }),
      await sent(t, request(), { headers: { 'x-two': '2' } }),
      await sent(t, request(), { headers: {} }),
      await sent(t, request(), { body: 'other' }),
      await sent(t, request(), {}),
      await sent(t, request(), { credentials: 'omit', cache: 'default' }),
      await sent(t, request(), undefined),
    ];
  },
  'a Request that is used already': async (t) => {
    const request = new Request(t.own('ok'), { method: 'POST', body: 'text' });
    await request.text();
    return [await t.outcome(() => fetch(request)), await t.outcome(() => fetch(request, { body: 'other' }))];
  },
  'a Request that is read while it is sent': async (t) => {
    const request = new Request(t.own('ok'), { method: 'POST', body: 'text' });
    const promise = fetch(request);
    const used = request.bodyUsed;
    return [used, await t.outcome(() => request.text()), t.now(() => request.clone()), await t.outcome(() => promise)];
  },
  'a clone of a Request, before and after': async (t) => {
    const request = new Request(t.own('ok'), { method: 'POST', body: 'text' });
    const clone = request.clone();
    return [await sent(t, request), await sent(t, clone), t.now(() => request.clone())];
  },
  'a Request without body, many times': async (t) => {
    const request = new Request(t.own('ok'), { headers: { 'x-own': '1' } });
    const told = [];
    for (let count = 0; count < 3; count++) told.push(await sent(t, request));
    return told;
  },
  'a Request of another realm': async (t) => {
    const other = t.frame();
    const request = new other.Request(t.own('ok?1'), { method: 'PUT', headers: { 'x-own': '1' }, body: 'text' });
    const headers = new other.Headers({ 'x-own': '2' });
    return [await sent(t, request), await t.outcome(() => fetch(t.own('ok?2'), { headers })), await t.outcome(() => fetch(new other.URL(t.own('ok?3'))))];
  },
  'the function of another realm, and this one for another': async (t) => {
    const other = t.frame();
    const told = [];
    for (const call of [() => other.fetch(t.own('ok')), () => fetch.call(other, t.own('ok')), () => other.fetch.call(window, t.own('ok'))]) {
      const promise = call();
      const isOf = [promise instanceof Promise, promise instanceof other.Promise];
      const response = await promise;
      told.push([isOf, response instanceof Response, response instanceof other.Response, response.status]);
    }
    return told;
  },
  'a class that extends Request': async (t) => {
    const told = [];
    class Mine extends Request {
      get url() {
        told.push('url');
        return 'http://elsewhere/';
      }
      get headers() {
        told.push('headers');
        return super.headers;
      }
      get method() {
        told.push('method');
        return 'LIE';
      }
    }
    return [await t.outcome(() => fetch(new Mine(t.own('ok'), { method: 'PUT' }))), told];
  },
  'a Request with properties of the page': async (t) => {
    const told = [];
    const request = new Request(t.own('ok'));
    for (const name of ['url', 'method', 'headers', 'signal', 'mode']) Object.defineProperty(request, name, { get: () => told.push(name) });
    return [await t.outcome(() => fetch(request)), told];
  },
  'what pretends to be a Request': (t) => t.outcome(() => fetch(Object.create(Request.prototype))),
  'a Request with traceparent of the page': (t) => sent(t, new Request(t.own('ok'), { headers: { traceparent: '00-11111111111111111111111111111111-2222222222222222-01' } })),
  'kept alive': async (t) => [
    await t.outcome(() => fetch(t.own('ok?1'), { method: 'POST', body: 'text', keepalive: true })),
    await sent(t, new Request(t.own('ok?2'), { method: 'POST', body: 'text', keepalive: true })),
    await t.outcome(() => fetch(t.own('ok?3'), { method: 'POST', body: 'x'.repeat(70_000), keepalive: true })),
  ],
  'with cookies and without': async (t) => {
    await fetch(t.own('cookie'));
    const told = [];
    for (const credentials of ['omit', 'same-origin', 'include']) told.push(await t.outcome(() => fetch(t.own(`ok?${credentials}`), { credentials })));
    return told;
  },
  'a name with letters of both cases': (t) => t.outcome(() => fetch(t.own('ok'), { headers: { 'X-OWN': '1', 'Content-Type': 'text/x-own', ACCEPT: 'text/x-own' } })),
  'to the other origin, simple': async (t) => {
    const told = [];
    const all = [{}, { method: 'POST', body: 'text' }, { headers: { accept: 'text/x-own' } }, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }];
    for (const init of all) told.push(await t.outcome(() => fetch(t.other('ok?cors=simple'), init)));
    told.push(await t.outcome(() => fetch(t.other('ok?cors=credentials'), { credentials: 'include' })));
    told.push(await t.outcome(() => fetch(new Request(t.other('ok?cors=simple')))));
    return told;
  },
  'to the other origin, with a preflight': async (t) => [
    await t.outcome(() => fetch(t.other('ok?cors=all&1'), { headers: { 'x-own': '1' } })),
    await t.outcome(() => fetch(t.other('ok?cors=all&2'), { method: 'PUT' })),
  ],
  'to the other origin, without looking': async (t) => [
    await t.outcome(() => fetch(t.other('ok?1'), { mode: 'no-cors' })),
    await t.outcome(() => fetch(t.other('ok?2'), { mode: 'no-cors', method: 'POST', body: 'text' })),
    await t.outcome(() => fetch(t.own('ok?3'), { mode: 'no-cors' })),
    await t.outcome(() => fetch(new Request(t.own('ok?4'), { mode: 'no-cors' }))),
  ],
  'a path that a later base changes': async (t) => {
    const base = document.createElement('base');
    base.href = t.own('folder/');
    document.head.append(base);
    const outcome = await t.outcome(() => fetch('../ok'), t.response);
    base.remove();
    return outcome;
  },
};
