// Runs in each page before anything of its own: keeps what was native, and the memory of the agent's core, and tells when it is there.

window.witness = { fetch: window.fetch, core: 0 };
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const result = await instantiate.apply(WebAssembly, args);
  window.witness.memory = result.instance?.exports.memory;
  // The agent starts in the microtasks that follow; a task of its own comes after them.
  setTimeout(() => window.witness.core++);
  return result;
};
