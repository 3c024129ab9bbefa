// Requests that the page gives up: when, with which reason, and what its signal sees of it.

/** A signal's reason comes back as the very same value. */
async function given(t, reason, moment, kind) {
  const control = new AbortController();
  const promise = fetch(t.own(kind), { signal: control.signal });
  if (moment) await moment();
  control.abort(reason);
  return promise.then(
    () => 'resolved',
    (error) => ({ isSame: error === control.signal.reason && (reason === undefined || error === reason), ...t.error(error) }),
  );
}

export const checks = {
  'before the call': async (t) => {
    const control = new AbortController();
    control.abort();
    return t.outcome(() => fetch(t.own('ok'), { signal: control.signal }));
  },
  'before the call, with a reason': async (t) => {
    const told = [];
    for (const reason of ['text', 5, null, new RangeError('the page’s own'), { own: 1 }]) {
      const signal = AbortSignal.abort(reason);
      told.push(await fetch(t.own('ok'), { signal }).catch((error) => [error === reason, t.value(error)]));
    }
    return told;
  },
  'in the turn of the call': (t) => given(t, undefined, null, 'never?chance'),
  'in the turn of the call, with a reason': (t) => given(t, new RangeError('the page’s own'), null, 'never?chance'),
  'while it waits for headers': (t) => given(t, undefined, () => t.until('taken'), 'never'),
  'while it waits for headers, with a reason': async (t) => [
    await given(t, 'text', () => t.until('taken', 1), 'never'),
    await given(t, { own: 1 }, () => t.until('taken', 2), 'never'),
    await given(t, new Error('the page’s own'), () => t.until('taken', 3), 'never'),
  ],
  'the server sees the connection close': async (t) => {
    const control = new AbortController();
    const promise = fetch(t.own('never'), { signal: control.signal }).catch(({ name }) => name);
    await t.until('taken');
    control.abort();
    return [await promise, await t.until('closed')];
  },
  'in the middle of the body': async (t) => {
    const control = new AbortController();
    const response = await fetch(t.own('hang'), { signal: control.signal });
    const reader = response.body.getReader();
    const first = (await reader.read()).value.length;
    control.abort();
    return [response.status, first, await t.outcome(() => reader.read()), await t.outcome(() => reader.closed), await t.until('closed')];
  },
  'in the middle of the body, with a reason': async (t) => {
    const control = new AbortController();
    const response = await fetch(t.own('hang'), { signal: control.signal });
    const text = response.text();
    const reason = new RangeError('the page’s own');
    await t.turns(2);
    control.abort(reason);
    return [await text.catch((error) => [error === reason, t.error(error)]), response.bodyUsed, await t.until('closed')];
  },
  'between headers and the first look at the body': async (t) => {
    const control = new AbortController();
    const response = await fetch(t.own('hang'), { signal: control.signal });
    control.abort('text');
    return [await response.text().catch((error) => t.value(error)), response.bodyUsed, await t.until('closed')];
  },
  'of one request aborts its clone': async (t) => {
    const control = new AbortController();
    const response = await fetch(t.own('hang'), { signal: control.signal });
    const clone = response.clone();
    control.abort();
    const outcomes = await Promise.all([response.text(), clone.text()].map((text) => text.catch(({ name }) => name)));
    return [outcomes, await t.until('closed')];
  },
  'after the end changes nothing': async (t) => {
    const control = new AbortController();
    const response = await fetch(t.own('ok'), { signal: control.signal });
    const text = await response.text();
    control.abort();
    await t.turns(2);
    return [response.status, text];
  },
  'by a time-out': async (t) => {
    const outcome = await t.outcome(() => fetch(t.own('never'), { signal: AbortSignal.timeout(20) }));
    return [outcome, await t.until('closed')];
  },
  'by any of several': async (t) => {
    const control = new AbortController();
    const signal = AbortSignal.any([control.signal, AbortSignal.timeout(5_000)]);
    const promise = fetch(t.own('never'), { signal });
    await t.until('taken');
    control.abort('text');
    return promise.catch((error) => [error, signal.reason]);
  },
  'by the signal of a Request': async (t) => {
    const control = new AbortController();
    const request = new Request(t.own('never'), { signal: control.signal });
    const promise = fetch(request);
    await t.until('taken');
    control.abort(new RangeError('the page’s own'));
    return [await t.outcome(() => promise), request.signal.aborted, request.signal === control.signal];
  },
  'by the signal of an init beside a Request': async (t) => {
    const [first, second] = [new AbortController(), new AbortController()];
    const request = new Request(t.own('never'), { signal: first.signal });
    const promise = fetch(request, { signal: second.signal });
    await t.until('taken');
    first.abort('first');
    await t.turns(2);
    second.abort('second');
    return t.outcome(() => promise);
  },
  'by a signal of another realm': async (t) => {
    const control = new (t.frame().AbortController)();
    const promise = fetch(t.own('never'), { signal: control.signal });
    await t.until('taken');
    control.abort();
    return promise.catch((error) => [error.name, error === control.signal.reason]);
  },
  'is heard by the page’s listeners in the same order': async (t) => {
    const told = [];
    const control = new AbortController();
    control.signal.addEventListener('abort', () => told.push('before the call'));
    control.signal.onabort = () => told.push('onabort');
    const promise = fetch(t.own('never'), { signal: control.signal }).catch(() => told.push('rejected'));
    control.signal.addEventListener('abort', () => told.push('after the call'));
    await t.until('taken');
    control.abort();
    told.push('aborted');
    await promise;
    return told;
  },
  'a watched signal is asked as often': async (t) => {
    const told = [];
    const control = new AbortController();
    for (const name of ['aborted', 'reason', 'addEventListener', 'removeEventListener', 'throwIfAborted']) {
      const value = control.signal[name];
      Object.defineProperty(control.signal, name, { get: () => told.push(name) && (typeof value === 'function' ? value.bind(control.signal) : value) });
    }
    const promise = fetch(t.own('never'), { signal: control.signal }).catch(({ name }) => name);
    await t.until('taken');
    control.abort();
    return [await promise, told];
  },
  'a reason is not looked into': async (t) => {
    const told = [];
    const reason = new Proxy(new RangeError('the page’s own'), { get: (error, key) => told.push(`get ${String(key)}`) && error[key], set: (_, key) => told.push(`set ${String(key)}`) });
    const control = new AbortController();
    const promise = fetch(t.own('never'), { signal: control.signal }).catch((error) => error === reason);
    await t.until('taken');
    control.abort(reason);
    return [await promise, told];
  },
  'nobody hears of an abort that is caught': async (t) => {
    const events = await t.rejections(() => given(t, undefined, () => t.until('taken'), 'never'));
    return events.length;
  },
};
