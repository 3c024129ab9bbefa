// A worker, which tells the page how it fails.
function inWorker() /*<inWorker*/{
  null.anything;
}/*>*/
try {
  /*<top*/inWorker();/*>*/
} catch ({ name, message, stack }) {
  postMessage({ name, message, stack });
}
