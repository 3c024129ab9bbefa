// Runs before all else in each page: keeps what is native, and knows how far the agent is.

(() => {
  const { conformance } = window;
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  const { open, send, setRequestHeader, abort } = XMLHttpRequest.prototype;
  const { sendBeacon } = Navigator.prototype;
  conformance.native = { fetch, XMLHttpRequest, open, send, setRequestHeader, abort, sendBeacon, EventSource, WebSocket };

  const loaded = conformance.form ? new Promise((resolve) => (conformance.load = resolve)) : Promise.resolve();
  const { instantiate } = WebAssembly;
  const began = new Promise((resolve) => {
    WebAssembly.instantiate = async (...args) => {
      const result = await instantiate.apply(WebAssembly, args);
      // The agent starts in the microtasks that follow.
      turn().then(resolve);
      return result;
    };
  });
  const agent = {
    loaded,
    running: conformance.form ? began : loaded,
    /** Lets come what it has to load late. */
    release: () => conformance.native.fetch.call(window, `${conformance.backstage}/${conformance.run}/release/${conformance.word}`),
    async stop() {
      if (conformance.form === 'npm') conformance.stopAgent();
      else if (conformance.form) window.vitrum.push(['stop']);
      await turn();
      await turn();
    },
  };
  conformance.agent = agent;

  /** Waits until the page is what it is to be. A story moves the agent itself. */
  conformance.ready = async () => {
    if (document.readyState !== 'complete') await new Promise((resolve) => addEventListener('load', resolve));
    await loaded;
    if (conformance.story !== undefined) return;
    if (conformance.isRunning) await agent.running;
    if (conformance.isStopped) await agent.stop();
    WebAssembly.instantiate = instantiate;
  };
})();
