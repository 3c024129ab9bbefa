// What only a module has: waiting, and other places that scripts are from.
import { fail } from './fail.mjs';

cases.module = function inModule() /*<inModule*/{
  fail();
  return 1;
}/*>*/;
async function waits() /*<waits*/{
  await Promise.resolve();
  fail();
}/*>*/
cases.async = async function startsWaiting() /*<startsWaiting*/{
  await waits();
}/*>*/;
cases.promiseAll = async function waitsForAll() /*<waitsForAll*/{
  await Promise.all([waits(), Promise.resolve()]);
}/*>*/;
cases.then = function chains() {
  return Promise.resolve().then(function next() /*<next*/{
    fail();
    return 1;
  }/*>*/);
};
cases.executor = function builds() /*<builds*/{
  const built = new Promise(function executor() /*<executor*/{
    fail();
    return 1;
  }/*>*/);
  return built;
}/*>*/;
cases.asyncGenerator = async function consumes() /*<consumes*/{
  async function* pages() /*<pages*/{
    yield 1;
    fail();
  }/*>*/
  for await (const page of pages()) void page;
}/*>*/;
cases.rejection = () => {
  Promise.resolve().then(function unheard() /*<unheard*/{
    fail();
    return 1;
  }/*>*/);
  return new Promise(() => {});
};
cases.staticBlock = /*<defines*/function defines() {
  class Broken {
    static {/*<block*/
      fail();
    /*>*/}
  }
  return Broken;
}/*>*/;
cases.dynamicImport = () => import('./broken.mjs?v=123');
cases.importNothing = () => import('./nowhere.mjs');
cases.importBadly = () => import('./syntax.mjs');

const text = 'export function remote() { throw new Error("from elsewhere"); }';
cases.blob = async function usesBlob() /*<usesBlob*/{
  const { remote } = await import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
  remote();
  return 1;
}/*>*/;
cases.data = async function usesData() /*<usesData*/{
  const { remote } = await import(`data:text/javascript,${text}`);
  remote();
  return 1;
}/*>*/;
cases.worker = async () => {
  const worker = new Worker('/app/worker.js');
  const { data } = await new Promise((resolve) => (worker.onmessage = resolve));
  throw Object.assign(new Error(), data);
};
cases.blobWorker = async () => {
  const source = `try { (function inBlob() { null.x; })() } catch ({ name, message, stack }) { postMessage({ name, message, stack }) }`;
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  const { data } = await new Promise((resolve) => (worker.onmessage = resolve));
  throw Object.assign(new Error(), data);
};
cases.fetchNowhere = async function fetches() /*<fetches*/{
  await fetch('http://127.0.0.1:1/nowhere');
}/*>*/;

const { instance } = await WebAssembly.instantiateStreaming(fetch('/app/trap.wasm'), { page: { fail } });
cases.wasmTrap = function traps() /*<traps*/{
  instance.exports.trap();
  return 1;
}/*>*/;
cases.wasmImport = function goesThrough() /*<goesThrough*/{
  instance.exports.through();
  return 1;
}/*>*/;
globalThis.isReady = true;
