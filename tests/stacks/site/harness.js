// Plays a case and tells the error that comes of it, whoever hears of it.
globalThis.cases = {};
globalThis.play = async function play(name) {
  const heard = new Promise((resolve) => {
    addEventListener('error', (event) => {
      event.preventDefault();
      resolve({ error: event.error, message: event.message });
    }, { once: true });
    addEventListener('unhandledrejection', (event) => {
      event.preventDefault();
      resolve({ error: event.reason });
    }, { once: true });
  });
  const caught = (async () => {
    try {
      await cases[name]();
    } catch (error) {
      return { error };
    }
    return heard;
  })();
  const { error, message } = await Promise.race([caught, heard]);
  return { name: error?.name ?? '', message: error?.message ?? message ?? '', stack: error?.stack ?? '' };
};
