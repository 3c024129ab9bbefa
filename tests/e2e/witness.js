// Runs in each page before anything of its own: keeps what was native, and tells when the agent's core is there.

window.witness = { fetch: window.fetch, core: 0 };
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const result = await instantiate.apply(WebAssembly, args);
  // The agent starts in the microtasks that follow; a task of its own comes after them.
  setTimeout(() => window.witness.core++);
  return result;
};
