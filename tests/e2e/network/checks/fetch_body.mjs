// The response is the browser's own, and its body is the page's alone.

export const checks = {
  'is a Response of the browser': async (t) => {
    const response = await fetch(t.own('ok'));
    return {
      constructor: response.constructor === Response,
      parent: Object.getPrototypeOf(response) === Response.prototype,
      isInstance: response instanceof Response,
      own: Reflect.ownKeys(response),
      tag: Object.prototype.toString.call(response),
      isExtensible: Object.isExtensible(response),
      status: Object.getOwnPropertyDescriptor(Response.prototype, 'status').get.call(response),
      json: JSON.stringify(response),
      headers: [response.headers === response.headers, response.body === response.body, response.headers instanceof Headers],
      immutable: t.now(() => response.headers.set('x-own', '1')),
      copied: t.now(() => structuredClone(response)),
    };
  },
  'shows what the server has said': async (t) => {
    const told = [];
    for (const kind of ['ok', 'empty', 'missing', 'broken', 'json', 'headers', 'big', 'parts']) told.push(await t.response(await fetch(t.own(kind))));
    return told;
  },
  'is read in every way': async (t) => {
    const told = {};
    for (const way of ['text', 'json', 'blob', 'arrayBuffer', 'bytes']) {
      const response = await fetch(t.own(`json?${way}`));
      told[way] = [await t.outcome(() => response[way]?.()), response.bodyUsed, await t.outcome(() => response[way]?.())];
    }
    told.formData = [...(await (await fetch(t.own('form'))).formData())];
    return told;
  },
  'nobody has used or locked its body': async (t) => {
    const response = await fetch(t.own('ok'));
    const before = [response.bodyUsed, response.body.locked];
    await t.turns(3);
    return [before, response.bodyUsed, response.body.locked, await response.text()];
  },
  'its body is a stream of the browser': async (t) => {
    const { body } = await fetch(t.own('ok'));
    const reader = body.getReader();
    const chunk = await reader.read();
    return [
      Object.getPrototypeOf(body) === ReadableStream.prototype,
      Reflect.ownKeys(body),
      chunk.value.constructor === Uint8Array,
      chunk.value.length,
      await reader.read(),
      await t.outcome(() => reader.closed),
    ];
  },
  'its body is read byte by byte': async (t) => {
    const response = await fetch(t.own('parts'));
    const reader = t.now(() => response.body.getReader({ mode: 'byob' }));
    if (!reader.returned) return [reader, await response.text()];
    return reader;
  },
  'a part is there before the next one comes': async (t) => {
    const response = await fetch(t.own('trickle'));
    const reader = response.body.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    // There may be more of it by now, and never all.
    return [new TextDecoder().decode(value).slice(0, 5), await t.until('closed')];
  },
  'is cloned once, and clones are apart': async (t) => {
    const response = await fetch(t.own('parts'));
    const clone = response.clone();
    return [await response.text(), clone.bodyUsed, await clone.text(), t.now(() => response.clone())];
  },
  'nobody but the page clones it': async (t) => {
    const told = [];
    const watch = (holder, name) => {
      const native = holder[name];
      t.replace(holder, name, {
        value(...args) {
          told.push(name);
          return native.apply(this, args);
        },
      });
    };
    watch(Response.prototype, 'clone');
    for (const name of ['tee', 'getReader', 'pipeTo', 'pipeThrough']) watch(ReadableStream.prototype, name);
    const text = await (await fetch(t.own('parts'))).text();
    await t.turns(3);
    return [text, told];
  },
  'nobody but the page reads its properties': async (t) => {
    const told = [];
    for (const name of ['status', 'url', 'headers', 'body', 'ok', 'type']) {
      const { get } = Object.getOwnPropertyDescriptor(Response.prototype, name);
      t.replace(Response.prototype, name, { get() { told.push(name); return get.call(this); } });
    }
    await fetch(t.own('ok'));
    await t.turns(3);
    return told;
  },
  'its body goes two ways': async (t) => {
    const response = await fetch(t.own('parts'));
    const [left, right] = response.body.tee();
    return [response.bodyUsed, await new Response(left).text(), await new Response(right).text(), await t.outcome(() => response.text())];
  },
  'its body goes through a stream': async (t) => {
    const response = await fetch(t.own('parts'));
    return new Response(response.body.pipeThrough(new TransformStream())).text();
  },
  'a cancelled body frees the connection': async (t) => {
    const response = await fetch(t.own('trickle'));
    const outcome = await t.outcome(() => response.body.cancel('enough'));
    return [outcome, response.bodyUsed, await t.until('closed')];
  },
  'a cancelled reader frees the connection': async (t) => {
    const response = await fetch(t.own('trickle'));
    const reader = response.body.getReader();
    await reader.read();
    const outcome = await t.outcome(() => reader.cancel());
    return [outcome, await t.until('closed')];
  },
  'many cancelled bodies leave room for more': async (t) => {
    for (let count = 0; count < 12; count++) await (await fetch(t.own('trickle'))).body.cancel();
    return [await t.until('closed', 12), await (await fetch(t.own('ok'))).text()];
  },
  'a loop over the body that is left frees the connection': async (t) => {
    const response = await fetch(t.own('trickle'));
    if (!response.body[Symbol.asyncIterator]) return 'cannot';
    for await (const chunk of response.body) if (chunk) break;
    return t.until('closed');
  },
  'is taken by WebAssembly.compileStreaming': (t) => t.outcome(() => WebAssembly.compileStreaming(fetch(t.own('wasm'))), (module) => WebAssembly.Module.exports(module)),
  'is taken by WebAssembly.instantiateStreaming': (t) =>
    t.outcome(() => WebAssembly.instantiateStreaming(fetch(t.own('wasm'))), ({ instance }) => instance.exports.f?.()),
  'of the wrong kind is refused by WebAssembly.compileStreaming': (t) => t.outcome(() => WebAssembly.compileStreaming(fetch(t.own('ok')))),
  'that fails is refused by WebAssembly.compileStreaming': (t) => t.outcome(() => WebAssembly.compileStreaming(fetch(t.own('fail')))),
  'is put into a cache': async (t) => {
    const cache = await caches.open(t.id);
    await cache.put(t.own('ok'), await fetch(t.own('ok')));
    await cache.add(t.own('json'));
    const kept = await Promise.all([t.own('ok'), t.own('json')].map(async (url) => (await cache.match(url)).text()));
    await caches.delete(t.id);
    return kept;
  },
  'makes another Response, and the answer to a Request': async (t) => {
    const response = await fetch(t.own('ok'));
    const other = new Response(response.body, response);
    return [other.status, other.headers.get('content-type'), await other.text(), response.bodyUsed];
  },
  'an old one is collected, its reader is not needed': async (t) => {
    let response = await fetch(t.own('ok'));
    const { body } = response;
    response = undefined;
    await t.turns(3);
    return new Response(body).text();
  },
};
