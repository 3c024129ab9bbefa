// What a check is given: addresses of its own at the server, and words for what can be observed.

const turns = [];
let port;
/** A task of its own, sooner than a timer would have it. */
const turn = () =>
  new Promise((resolve) => {
    if (!port) {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => turns.shift()();
      port = channel.port2;
    }
    turns.push(resolve);
    port.postMessage(0);
  });

/** An address that the policy of the page does not list. It only complains. */
export const UNLISTED = '127.0.0.1:1/unlisted';

/** Long enough for the browser to tell of rejections. */
const noticed = () => new Promise((resolve) => setTimeout(resolve, 20));

export class Tools {
  #frames = [];
  #replaced = [];

  constructor(id, { run, own, other, backstage, native, state, agent }) {
    Object.assign(this, { id, run, backstage, native, state, agent });
    this.bases = { own: `${own}/${run}/c/${id}/`, other: `${other}/${run}/c/${id}/`, listed: `${other}/${run}/listed/${id}/` };
  }

  /** An address that answers as its last part says: as a path, in full, and on the other origin. */
  path = (kind) => `/${this.run}/c/${this.id}/${kind}`;
  own = (kind) => this.bases.own + kind;
  other = (kind) => this.bases.other + kind;
  /** The same, where the site's options let the trace be told. */
  listed = (kind) => this.bases.listed + kind;
  socket = (kind) => this.own(kind).replace('http', 'ws');

  /** Waits until so many of this check's requests have come to a point: `taken`, `answered` or `closed`. */
  async until(point, count = 1) {
    const answer = await this.native.fetch.call(window, `${this.backstage}/${this.run}/until/${this.id}/${point}/${count}`);
    return `${count} ${point}: ${await answer.text()}`;
  }

  turn = turn;
  noticed = noticed;
  async turns(count) {
    while (count--) await turn();
  }

  /** The window of a new frame; it goes when the check is over. */
  frame() {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    this.#frames.push(frame);
    return frame.contentWindow;
  }

  /** Puts a property in the place of another one until the check is over, or until it is called for. */
  replace(holder, key, property) {
    const native = Object.getOwnPropertyDescriptor(holder, key);
    const flags = { configurable: true, enumerable: !!native?.enumerable };
    const undo = () => (native ? Object.defineProperty(holder, key, native) : delete holder[key]);
    Object.defineProperty(holder, key, 'value' in property ? { ...flags, writable: true, ...property } : { ...flags, ...property });
    this.#replaced.push(undo);
    return undo;
  }

  /** The same for the length of stacks, where a page has a say in it. */
  limit(value) {
    return 'stackTraceLimit' in Error ? this.replace(Error, 'stackTraceLimit', { value }) : () => {};
  }

  clear() {
    for (const undo of this.#replaced.reverse()) undo();
    for (const frame of this.#frames) frame.remove();
  }

  /** All of an error that a page can see. */
  error(error) {
    if (!(typeof error === 'object' && error)) return { raw: String(error) };
    const { name, message, code, stack } = error;
    const kind = error.constructor?.name;
    return { kind, isOurs: error instanceof (window[kind] ?? Error), name, message, code, stack: String(stack).split('\n') };
  }

  /** What an error is made of. Firefox has the place of the first frame apart. */
  anatomy(error) {
    const place = [error.fileName ?? error.filename, error.lineNumber, error.columnNumber];
    const own = Reflect.ownKeys(error).map((key) => [String(key), this.descriptor(error, key)]);
    return { own, place, isExtensible: Object.isExtensible(error), tag: Object.prototype.toString.call(error), text: String(error) };
  }

  value(value) {
    if (value instanceof Response) return `Response ${value.status} ${value.type}`;
    return value === null || typeof value !== 'object' ? String(value) : Object.prototype.toString.call(value);
  }

  /** What becomes of a call: it throws, or it returns, and what it returns resolves or rejects. */
  async outcome(action, tell = this.value) {
    let returned;
    try {
      returned = action();
    } catch (error) {
      return { threw: this.error(error) };
    }
    if (typeof returned?.then !== 'function') return { returned: tell(returned) };
    try {
      return { resolved: await tell(await returned) };
    } catch (error) {
      return { rejected: this.error(error) };
    }
  }

  /** What a call that does not wait for anything returns or throws. */
  now(action, tell = this.value) {
    try {
      return { returned: tell(action()) };
    } catch (error) {
      return { threw: this.error(error) };
    }
  }

  /** A response, read to its end. */
  response = async (response) => {
    const { status, statusText, ok, type, url, redirected } = response;
    const headers = [...response.headers].filter(([name]) => !['date', 'keep-alive', 'connection'].includes(name));
    const text = await response.text().catch((error) => this.error(error));
    return { status, statusText, ok, type, url, redirected, headers, text: text.length > 100 ? text.length : text, used: response.bodyUsed };
  };

  /** A property's descriptor, its functions by what they show. */
  descriptor(holder, key) {
    const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(holder, key) ?? {};
    return { ...flags, value: typeof value, get: typeof get, set: typeof set };
  }

  /** What can be seen of a function, except its text. */
  shape(callable) {
    const own = Reflect.ownKeys(callable).map((key) => [String(key), this.descriptor(callable, key)]);
    const parent = Object.getPrototypeOf(callable);
    return {
      name: callable.name,
      length: callable.length,
      own,
      parent: parent === Function.prototype ? 'Function' : parent?.name,
      tag: Object.prototype.toString.call(callable),
      isExtensible: Object.isExtensible(callable),
      isConstructor: this.now(() => typeof Reflect.construct(Object, [], callable)).returned ?? 'no',
    };
  }

  /** Notes events as they come, with what the target is then. Neighbours that are the same count as one. */
  record(target, types, state = () => undefined) {
    const told = [];
    for (const type of types) {
      target.addEventListener(type, (event) => {
        const line = [type, state(event)];
        if (JSON.stringify(told.at(-1)) !== JSON.stringify(line)) told.push(line);
      });
    }
    return told;
  }

  /** What the page hears of an exception that nobody catches: it is thrown from a task of its own. */
  async uncaught(action) {
    const told = [];
    const note = (event) => {
      event.preventDefault();
      const { message, filename, lineno, colno, error } = event;
      told.push({ message, filename, lineno, colno, error: error && this.error(error) });
    };
    addEventListener('error', note);
    setTimeout(action);
    await noticed();
    removeEventListener('error', note);
    return told;
  }

  /** What the page hears of a request that its policy does not list, which is where it was made. */
  async complaint(action) {
    let note;
    const heard = new Promise((resolve) => (note = (event) => /unlisted|:1$/.test(event.blockedURI) && resolve(event)));
    document.addEventListener('securitypolicyviolation', note);
    const outcome = this.now(action, (made) => typeof made);
    const { blockedURI, sourceFile, lineNumber, columnNumber, disposition } = await heard;
    document.removeEventListener('securitypolicyviolation', note);
    return { outcome, blockedURI, sourceFile, lineNumber, columnNumber, disposition };
  }

  /** Calls itself so many times before it does something. */
  deep(depth, action) {
    return depth ? this.deep(depth - 1, action) : action();
  }

  /** The rejections that nobody has caught, and those that were caught late, while something is done. */
  async rejections(action) {
    const told = [];
    const note = (event) => {
      event.preventDefault();
      told.push(event);
    };
    addEventListener('unhandledrejection', note);
    addEventListener('rejectionhandled', note);
    await action();
    await noticed();
    removeEventListener('unhandledrejection', note);
    removeEventListener('rejectionhandled', note);
    return told;
  }
}

/** Waits for an event. */
export const heard = (target, type) => new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
