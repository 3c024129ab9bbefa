// WebSocket: what it is, tells and throws, and classes made of it.

import { relations, thrown } from '../page/constructors.mjs';
import { heard, UNLISTED } from '../page/tools.mjs';

export const checks = {
  'what it is': async (t) => {
    const socket = new WebSocket(t.socket('ws'));
    const told = relations(socket, WebSocket);
    await heard(socket, 'open');
    socket.close();
    return told;
  },
  'what it tells': async (t) => {
    const socket = new WebSocket(t.socket('ws'), ['one', 'two']);
    const told = t.record(socket, ['open', 'message', 'error', 'close'], (event) => [socket.readyState, event.data, event.origin, event.code, event.reason, event.wasClean, event.constructor.name]);
    const before = [socket.readyState, socket.url, socket.protocol, socket.extensions, socket.bufferedAmount, socket.binaryType];
    await heard(socket, 'message');
    const echo = heard(socket, 'message');
    const sent = socket.send('sent');
    await echo;
    const closed = heard(socket, 'close');
    socket.close(3001, 'enough');
    await closed;
    return [before, sent, told, socket.protocol, socket.readyState];
  },
  'what fails': async (t) => {
    const socket = new WebSocket(t.socket('refused'));
    const told = t.record(socket, ['open', 'message', 'error', 'close'], (event) => [socket.readyState, event.code, event.wasClean]);
    await heard(socket, 'close');
    return [told, await t.until('closed')];
  },
  'wrong arguments': (t) =>
    thrown(t, WebSocket, [[], ['http://['], ['ftp://127.0.0.1/'], [`${t.socket('ws?chance')}#part`], [Symbol('url')], [t.socket('ws?chance'), ['a', 'a']], [t.socket('ws?chance'), 'no protocol'], [t.socket('ws?chance'), Symbol('protocol')]]),
  'a wrong argument deep in the stack': (t) => t.now(() => t.deep(20, () => new WebSocket('ftp://127.0.0.1/'))),
  'an exception that nobody catches is told with the page’s place': (t) => t.uncaught(() => new WebSocket('ftp://127.0.0.1/')),
  'a complaint of the policy names the page’s place': (t) => t.complaint(() => new WebSocket(`ws://${UNLISTED}`)),
  'what an error is made of': (t) => {
    try {
      new WebSocket('ftp://127.0.0.1/');
    } catch (error) {
      return t.anatomy(error);
    }
  },
  'called without new': (t) => [t.now(() => WebSocket(t.socket('ws?chance'))), t.now(() => WebSocket.call(Object.create(WebSocket.prototype), t.socket('ws?chance')))],
  'sent too early, closed wrongly': (t) => {
    const socket = new WebSocket(t.socket('ws?chance'));
    const told = [t.now(() => socket.send('text')), t.now(() => socket.close(5)), t.now(() => socket.close(3000, 'x'.repeat(200)))];
    socket.close();
    return told;
  },
  'protocols are read once': async (t) => {
    const told = [];
    function* protocols() {
      told.push('begun');
      yield 'one';
      told.push('end');
    }
    const socket = new WebSocket({ toString: () => told.push('url') && t.socket('ws') }, { [Symbol.iterator]: protocols });
    await heard(socket, 'open');
    socket.close();
    return [told, socket.protocol];
  },
  'arguments that are not there, and more': async (t) => {
    const told = [];
    for (const more of [[], [undefined], [[]], ['one', 'more']]) {
      const socket = new WebSocket(t.socket('ws'), ...more);
      await Promise.race([heard(socket, 'open'), heard(socket, 'error')]);
      told.push([socket.readyState, socket.protocol]);
      socket.close();
    }
    return told;
  },
  'a class that extends it': async (t) => {
    class Mine extends WebSocket {
      #mark = 'private';
      constructor(...args) {
        super(...args);
        this.target = new.target === Mine;
      }
      mark = () => this.#mark;
    }
    const socket = new Mine(t.socket('ws'));
    await heard(socket, 'open');
    socket.close();
    return [socket instanceof Mine, socket instanceof WebSocket, socket.constructor === Mine, Object.getPrototypeOf(Mine) === WebSocket, socket.target, socket.mark(), Mine.OPEN, t.now(() => new Mine('ftp://127.0.0.1/'))];
  },
  'for another class, bound, and of another realm': async (t) => {
    class Other {}
    const made = Reflect.construct(WebSocket, [t.socket('ws?chance')], Other);
    WebSocket.prototype.close.call(made);
    const bound = new (WebSocket.bind(null, t.socket('ws?chance')))();
    bound.close();
    const foreign = new (t.frame().WebSocket)(t.socket('ws?chance'));
    foreign.close();
    return [Object.getPrototypeOf(made) === Other.prototype, bound.constructor === WebSocket, foreign instanceof WebSocket, foreign.constructor === WebSocket];
  },
  'new.target is asked for its prototype once': (t) => {
    const told = [];
    const target = new Proxy(WebSocket, { get: (holder, key, self) => told.push(String(key)) && Reflect.get(holder, key, self) });
    Reflect.construct(WebSocket, [t.socket('ws?chance')], target).close();
    return told;
  },
};
