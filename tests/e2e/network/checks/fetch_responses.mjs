// Responses of every type: redirected, opaque, foreign, and those that no server has sent.

export const checks = {
  'redirects are followed': async (t) => {
    const told = [];
    for (const status of [301, 302, 303, 307, 308]) {
      told.push(await t.outcome(() => fetch(t.own(`redirect?status=${status}`), { method: 'POST', body: 'text', headers: { 'x-own': '1' } }), t.response));
    }
    return told;
  },
  'redirects are errors, or the page’s': async (t) => [
    await t.outcome(() => fetch(t.own('redirect?1'), { redirect: 'error' })),
    await t.outcome(() => fetch(t.own('redirect?2'), { redirect: 'manual' }), t.response),
    await t.outcome(() => fetch(new Request(t.own('redirect?3'), { redirect: 'manual' })), t.response),
  ],
  'a redirect with a part keeps it': (t) => t.outcome(() => fetch(t.own('redirect#part')), t.response),
  'a redirect to the other origin': (t) => t.outcome(() => fetch(t.own(`redirect?to=${encodeURIComponent(t.other('ok?cors=simple'))}`)), t.response),
  'a redirect of the other origin to this one': (t) =>
    t.outcome(() => fetch(t.other(`redirect?cors=simple&to=${encodeURIComponent(t.own('ok?cors=simple'))}`)), t.response),
  'opaque': async (t) => {
    const response = await fetch(t.other('ok'), { mode: 'no-cors' });
    return [await t.response(response), response.body];
  },
  'foreign, with headers that are shown': (t) => t.outcome(() => fetch(t.other('headers?cors=all')), t.response),
  'without a body': async (t) => {
    const told = [];
    for (const [kind, init] of [['empty'], ['unchanged'], ['ok', { method: 'HEAD' }]]) {
      const response = await fetch(t.own(kind), init);
      told.push([response.body, await t.response(response)]);
    }
    return told;
  },
  'from the cache': async (t) => {
    const told = [];
    for (const cache of ['default', 'default', 'force-cache', 'only-if-cached', 'no-store']) {
      told.push(await t.outcome(() => fetch(t.own('cached'), { cache, mode: 'same-origin' }), t.response));
    }
    return told;
  },
  'of data, blobs and nothing': async (t) => {
    const blob = URL.createObjectURL(new Blob(['blob'], { type: 'text/plain' }));
    const told = [];
    for (const [url, init] of [
      ['data:text/plain,data'],
      ['data:text/plain,data', { method: 'POST', body: 'x', headers: { 'x-own': '1' } }],
      [blob],
      [blob, { headers: { range: 'bytes=1-2' } }],
      [new Request(blob)],
      ['about:blank'],
      ['blob:nothing'],
      ['javascript:1'],
      ['file:///etc/hosts'],
    ]) {
      told.push(await t.outcome(() => fetch(url, init), t.response));
    }
    URL.revokeObjectURL(blob);
    return told;
  },
  'a blob whose URL is revoked at once': async (t) => {
    const blob = URL.createObjectURL(new Blob(['blob']));
    const promise = fetch(blob);
    URL.revokeObjectURL(blob);
    return t.outcome(() => promise, t.response);
  },
  'an address with a part keeps it': async (t) => [(await fetch(t.own('ok#part'))).url, (await fetch(new Request(t.own('ok?a=1#part')))).url],
  'the browser’s own timing tells of it once': async (t) => {
    await (await fetch(t.own('ok?timed'))).text();
    const request = new XMLHttpRequest();
    request.open('GET', t.own('ok?timed-too'));
    await new Promise((resolve) => (request.onloadend = resolve) && request.send());
    await t.turns(5);
    return performance.getEntriesByType('resource').filter(({ name }) => name.includes('ok?timed')).map(({ name, initiatorType }) => [name, initiatorType]);
  },
};
