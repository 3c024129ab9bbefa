// Runs in the page: gives all who wait for an idle moment the same one. Otherwise the browser may tell something in between,
// which the library that comes second knows and the first does not.

const { requestIdleCallback: request } = window;

const waiting = new Map();
let last = 0;

function run(deadline) {
  const callbacks = [...waiting.values()];
  waiting.clear();
  for (const callback of callbacks) {
    try {
      callback(deadline);
    } catch (failure) {
      reportError(failure);
    }
  }
}

if (request) {
  window.requestIdleCallback = (callback, options) => {
    waiting.set(++last, callback);
    request.call(window, run, options);
    return last;
  };
  window.cancelIdleCallback = (handle) => void waiting.delete(handle);
}
