// A harness for the runner's own test: as much of what web-platform-tests offer as the tests beside it need.

(() => {
  const tests = [];
  const callbacks = [];
  const PASS = 0;
  const FAIL = 1;
  let running = Promise.resolve();

  const note = (name, status, message) => tests.push({ name, status, message });
  window.setup = () => {};
  window.add_completion_callback = (callback) => callbacks.push(callback);
  window.assert_equals = (actual, expected, description = '') => {
    if (!Object.is(actual, expected)) throw new Error(`assert_equals: ${description} expected ${expected} but got ${actual}`);
  };
  window.test = (body, name = document.title) => {
    try {
      body();
      note(name, PASS, null);
    } catch (failure) {
      note(name, FAIL, failure.message);
    }
  };
  window.promise_test = (body, name = document.title) => {
    const done = (status) => (failure) => note(name, status, failure?.message ?? null);
    running = running.then(body).then(() => note(name, PASS, null), done(FAIL));
  };
  addEventListener('load', () =>
    setTimeout(async () => {
      await running;
      for (const callback of callbacks) callback(tests, { status: 0, message: null });
    }),
  );
})();
