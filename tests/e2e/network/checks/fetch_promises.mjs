// The promise: of which kind it is, who has hung something on it, and who hears when nobody catches.

const told = (events, promise) => events.map((event) => [event.type, event.promise === promise, event.reason?.name, event.cancelable]);

export const checks = {
  'is a promise of the browser, with nothing of its own': async (t) => {
    const promise = fetch(t.own('ok'));
    return [Object.getPrototypeOf(promise) === Promise.prototype, promise.constructor === Promise, Reflect.ownKeys(promise), Object.isExtensible(promise), (await promise).status];
  },
  'is another one at each call': async (t) => {
    const [one, two] = [fetch(t.own('ok')), fetch(t.own('ok'))];
    return [one === two, (await one) === (await two), (await one) === (await one)];
  },
  'nobody but the page calls its then': async (t) => {
    const noted = [];
    let fetched;
    const undo = ['then', 'catch', 'finally'].map((name) => {
      const native = Promise.prototype[name];
      return t.replace(Promise.prototype, name, {
        value(...args) {
          if (this === fetched) noted.push(`${name} ${args.length}`);
          else if (!fetched) noted.push(`${name} before it is there`);
          return native.apply(this, args);
        },
      });
    });
    fetched = fetch(t.own('ok'));
    await t.noticed();
    undo.forEach((put) => put());
    return [noted, (await fetched).status];
  },
  'nobody looks for its constructor': async (t) => {
    const noted = [];
    const { constructor } = Promise.prototype;
    let looked = 0;
    const undo = [
      t.replace(Promise.prototype, 'constructor', { get: () => (looked++, constructor) }),
      t.replace(Promise, Symbol.species, { get: () => (looked++, constructor) }),
    ];
    const promise = fetch(t.own('ok'));
    noted.push(looked);
    undo.forEach((put) => put());
    return [noted, (await promise).status];
  },
  'that nobody catches is told once, with the same promise': async (t) => {
    let promise;
    const events = await t.rejections(async () => {
      promise = fetch(t.own('fail'));
      await t.until('answered');
      await new Promise((resolve) => setTimeout(resolve, 30));
    });
    return told(events, promise);
  },
  'that nobody catches, refused at once': async (t) => {
    let promise;
    const events = await t.rejections(() => {
      promise = fetch('http://[');
    });
    return told(events, promise);
  },
  'that nobody catches, aborted': async (t) => {
    let promise;
    const events = await t.rejections(() => {
      promise = fetch(t.own('ok'), { signal: AbortSignal.abort('text') });
    });
    return [told(events, promise), events[0]?.reason];
  },
  'that is caught is not told': async (t) => {
    const events = await t.rejections(async () => {
      await fetch(t.own('fail')).catch(() => {});
      await fetch('http://[').catch(() => {});
      await fetch(t.own('fail')).then(undefined, () => {});
      await Promise.allSettled([fetch(t.own('fail')), fetch('http://[')]);
    });
    return events.length;
  },
  'of which only a branch is caught is told of the other': async (t) => {
    let promise;
    let branch;
    const events = await t.rejections(async () => {
      promise = fetch('http://[');
      branch = promise.then(() => {});
      promise.catch(() => {});
      await t.turns(2);
    });
    return [told(events, branch), told(events, promise)];
  },
  'that is caught late is told as handled': async (t) => {
    let promise;
    const events = await t.rejections(async () => {
      promise = fetch('http://[');
      await t.noticed();
      promise.catch(() => {});
    });
    return told(events, promise);
  },
  'that nobody catches, but whose response is thrown away': async (t) => {
    const events = await t.rejections(async () => {
      fetch(t.own('ok'));
      await t.until('answered');
    });
    return events.length;
  },
  'resolves in the same order as others of the page': async (t) => {
    const noted = [];
    const rejects = fetch('http://[').catch(() => noted.push('fetch'));
    const one = Promise.reject().catch(() => noted.push('first'));
    await Promise.all([rejects, one]);
    return noted;
  },
  'of an abort rejects in the turn of the abort': async (t) => {
    const noted = [];
    const control = new AbortController();
    const promise = fetch(t.own('never'), { signal: control.signal });
    const rejected = promise.catch(() => noted.push('fetch'));
    await t.until('taken');
    control.abort();
    let ticks = Promise.resolve();
    for (let count = 0; count < 4; count++) ticks = ticks.then(() => noted.push(count));
    await Promise.all([rejected, ticks]);
    return noted;
  },
  'is awaited, raced and joined': async (t) => [
    (await Promise.race([fetch(t.own('ok'))])).status,
    (await Promise.any([fetch('http://['), fetch(t.own('ok'))])).status,
    (await Promise.all([fetch(t.own('ok')), fetch(t.own('missing'))])).map(({ status }) => status),
    (await Promise.allSettled([fetch('http://[')])).map(({ status, reason }) => [status, reason.message]),
    Promise.resolve(fetch(t.own('ok'))).constructor === Promise,
  ],
};
