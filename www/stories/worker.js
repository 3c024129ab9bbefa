// A worker that fetches what it is told to.
importScripts('/dist/worker.js');

onmessage = async ({ data }) => {
  const response = await fetch(data);
  postMessage(await response.json());
};
