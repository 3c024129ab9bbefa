// A worker that fetches what it is told to, or throws it.
importScripts('/dist/worker.js');

onmessage = async ({ data }) => {
  if (data.throws) {
    setTimeout(() => {
      throw new Error('in a worker: ' + data.throws);
    });
    return;
  }
  const response = await fetch(data);
  postMessage(await response.json());
};
