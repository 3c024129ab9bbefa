// Runs in the page before anything else: notes each packet that the core is told, as it stands in the core's memory, where
// it can be read after the page is left. It changes nothing of the product: it stands between the page and the wasm.

{
  const { instantiate } = WebAssembly;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let count = 0;
  let waiting = [];

  /** What JSON has no number for is written as a text. */
  const exact = (number) => (Object.is(number, -0) ? '-0' : Number.isFinite(number) ? number : String(number));

  const write = (packet) => {
    const order = String(count++).padStart(6, '0');
    sessionStorage.setItem(`packet ${performance.timeOrigin} ${order}`, JSON.stringify(packet));
  };
  /** What a page keeps while it is rendered ahead is gone when somebody comes. */
  const keep = (packet) => {
    if (document.prerendering) waiting.push(packet);
    else for (const each of [...waiting.splice(0), packet]) write(each);
  };
  document.addEventListener('prerenderingchange', () => waiting.splice(0).forEach(write), { once: true });

  /** The exports of the core, with notes taken of what goes in. */
  const noted = (exports) => {
    let numbers = [0, 0];
    let text = 0;
    return {
      ...exports,
      numbers: (length) => (numbers = [exports.numbers(length) >>> 0, length])[0],
      text: (length) => (text = exports.text(length) >>> 0),
      observe(kind, now, bytes, meter) {
        const { buffer } = exports.memory;
        const texts = decoder.decode(new Uint8Array(buffer, text, bytes));
        keep({ kind, meter, now: exact(now), numbers: [...new Float64Array(buffer, ...numbers)].map(exact), texts: texts ? texts.split('\0') : [] });
        exports.observe(kind, now, bytes, meter);
      },
    };
  };

  WebAssembly.instantiate = async (...given) => {
    const { module, instance } = await instantiate.apply(WebAssembly, given);
    return { module, instance: { exports: noted(instance.exports) } };
  };
}
