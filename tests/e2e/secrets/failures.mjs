// What goes wrong in the page. Runs in the page, with the words that www/stories/secrets.html has.

/** What the site itself says of errors, and of what was before them. */
export function failWithSayings() {
  const call = (name, ...args) => (window.agent ? window.agent[name](...args) : window.vitrum.push([name, ...args]));
  planted['value of a flag'].forEach((value, index) => call('setFlag', 'flag' + index, value));
  planted['console.warn'].forEach((value) => console.warn(`no account of ${value} there`, { value }));
  planted['URL in a breadcrumb'].forEach((value) => call('addBreadcrumb', `went to /letters/${encodeURIComponent(value)}?to=${encodeURIComponent(value)}#${encodeURIComponent(value)}`));
  // Each is told with what was said just before.
  const causes = planted['cause of a captured error'];
  planted['captured error'].forEach((value, index) => {
    const crumb = planted.breadcrumb[index];
    if (crumb) call('addBreadcrumb', `no account of ${crumb} there`);
    const error = new Error(`no account of ${value} there`, { cause: causes[index] && new Error(`no account of ${causes[index]} there`) });
    // Others than each other, whatever is made of their texts.
    error.name = 'Error' + String.fromCharCode(65 + index);
    call('captureError', error, { of: planted['context of an error'][index], it: 7 });
  });
  const worker = new Worker('/stories/worker.js');
  call('watchWorker', worker);
  planted['thrown in a worker'].forEach((throws) => worker.postMessage({ throws: `no account of ${throws} there` }));
  worker.onerror = (event) => event.preventDefault();
  return new Promise((resolve) => setTimeout(resolve, 1500));
}

/** Failures whose texts the page makes of what it knows; fewer than a view tells of. */
export function failWithTexts() {
  const fail = (make) =>
    setTimeout(
      named(() => {
        throw make();
      }),
    );
  planted['error message'].forEach((value, index) => fail(() => Object.assign(new Error(`no account of ${value} there`), { name: 'Error' + String.fromCharCode(65 + index) })));
}

/** The same by the other ways that a text has into a message. */
export function failWithParts() {
  const fail = (make) =>
    setTimeout(
      named(() => {
        throw make();
      }),
    );
  const [password, session, order, letters] = planted['name=value in an error message'];
  fail(() => new Error(`refused: password=${password}`));
  fail(() => new Error(`refused: session_id=${session}; order=${order}`));
  fail(() => new Error(`refused: access_token: ${letters}`));
  const [secret, email, token, ...more] = planted['JSON in an error message'];
  fail(() => new Error(`refused: ${JSON.stringify({ password: secret, email, token, api_key: more[0] })}`));
  planted['query in an error message'].forEach((value) => fail(() => new Error(`GET ${location.origin}/letters?to=${encodeURIComponent(value)} failed`)));
  for (const value of planted['path in an error message']) {
    fail(() => new Error(`GET ${location.origin}/orders/${value} failed, as did /letters/${value}/parts`));
  }
  planted['message of a DOMException'].forEach((value) => fail(() => new DOMException(`no ${value}`, 'DataError')));
  planted['JSON.parse of a text'].forEach((value) => setTimeout(named(() => JSON.parse(isNaN(value) ? value : `#${value}`))));
}

/** Failures that carry it elsewhere than in the message. */
export function failWithNames() {
  const fail = (make) =>
    setTimeout(
      named(() => {
        throw make();
      }),
    );
  planted['error name'].forEach((name) => fail(() => Object.assign(new Error('named'), { name })));
  planted['function name in a stack'].forEach((value) => fail({ [`of_${value}`]: () => new Error('in a function') }[`of_${value}`]));
  const script = (name) => make('script', {}, document.head, `setTimeout(() => { throw new Error('in a script') })\n//# sourceURL=${name}`);
  planted['sourceURL query in a stack'].forEach((value) => script(`/widget.js?key=${encodeURIComponent(value)}`));
  planted['sourceURL path in a stack'].forEach((value) => script(`${location.origin}/widgets/${value}/widget.js`));
  planted['cause of an error'].forEach((value) => fail(() => new Error('with a cause', { cause: new Error(value) })));
  planted['property of an error'].forEach((value) => fail(() => Object.assign(new Error('with more'), { response: { value }, [value]: value })));
  fail(() => new AggregateError(planted['part of an AggregateError'].map((value) => new Error(value)), 'of several'));
}

/** What is thrown or rejected with, and is no error. */
export function failWithout() {
  // What has no stack is told apart by its words.
  planted['thrown text'].forEach((value, index) =>
    setTimeout(() => {
      throw `no account${'s'.repeat(index)} of ${value} there`;
    }),
  );
  planted['rejection with a text'].forEach((value, index) => Promise.reject(`no letter${'s'.repeat(index)} of ${value} there`));
  planted['rejection with an object'].forEach((value) => Promise.reject({ value, [value]: value, toString: () => value }));
  planted['rejection with an Error'].forEach((value) => named(() => Promise.reject(new Error(`no account of ${value} there`)))());
  planted['tag of a rejected object'].forEach((value) => Promise.reject({ [Symbol.toStringTag]: value }));
  planted['console.error'].forEach((value) => named(() => console.error(`no account of ${value} there`, new Error(value)))());
  planted['console.log'].forEach((value) => console.log(value));
}
