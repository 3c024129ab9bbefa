// What a story does again and again while the agent comes and goes.

/** Does the same before the core is there, when it is, and after `stop`. */
export async function phases(t, action) {
  const told = {};
  await t.agent.loaded;
  told.early = await action('early');
  await t.agent.release();
  await t.agent.running;
  told.running = await action('running');
  await t.agent.stop();
  told.stopped = await action('stopped');
  return told;
}

/** Sends a request by XMLHttpRequest, and waits for its end. */
export const sent = (t, method, url, body, request = new XMLHttpRequest()) =>
  new Promise((resolve) => {
    request.open(method, url);
    request.onloadend = () => resolve(request);
    request.send(body);
  });
