// EventSource: what it is, tells and throws, and classes made of it.

import { relations, thrown } from '../page/constructors.mjs';
import { heard, UNLISTED } from '../page/tools.mjs';

export const checks = {
  'what it is': (t) => {
    const source = new EventSource(t.own('events?chance'));
    const told = relations(source, EventSource);
    source.close();
    return told;
  },
  'what it tells': async (t) => {
    const source = new EventSource(t.own('events'));
    const told = t.record(source, ['open', 'message', 'other', 'error'], (event) => [source.readyState, event.data, event.lastEventId, event.origin, event.constructor.name]);
    const before = [source.readyState, source.url, source.withCredentials];
    await heard(source, 'other');
    source.close();
    return [before, told, source.readyState, await t.until('closed')];
  },
  'what fails': async (t) => {
    const told = [];
    for (const url of [t.own('missing'), t.own('ok'), t.own('empty'), t.other('events')]) {
      const source = new EventSource(url);
      const event = await heard(source, 'error');
      told.push([source.readyState, event.constructor.name]);
      source.close();
    }
    return told;
  },
  'with credentials, to the other origin': async (t) => {
    const source = new EventSource(t.other('events?cors=credentials'), { withCredentials: true });
    await heard(source, 'other');
    source.close();
    return [source.withCredentials, source.url];
  },
  'the init is read once': (t) => {
    const told = [];
    const source = new EventSource({ toString: () => told.push('url') && t.own('events?chance') }, { get withCredentials() { told.push('withCredentials'); } });
    source.close();
    return told;
  },
  'wrong arguments': (t) => thrown(t, EventSource, [[], ['http://['], [Symbol('url')], [t.own('events?chance'), 5]]),
  'a wrong argument deep in the stack': (t) => t.now(() => t.deep(20, () => new EventSource('http://['))),
  'an exception that nobody catches is told with the page’s place': (t) => t.uncaught(() => new EventSource('http://[')),
  'a complaint of the policy names the page’s place': (t) => t.complaint(() => new EventSource(`http://${UNLISTED}`)),
  'called without new': (t) => [t.now(() => EventSource(t.own('events?chance'))), t.now(() => EventSource.call(Object.create(EventSource.prototype), t.own('events?chance')))],
  'a class that extends it': (t) => {
    class Mine extends EventSource {
      #mark = 'private';
      mark = () => this.#mark;
    }
    const source = new Mine(t.own('events?chance'));
    source.close();
    return [source instanceof Mine, source instanceof EventSource, source.constructor === Mine, Object.getPrototypeOf(Mine) === EventSource, source.mark(), Mine.CLOSED, t.now(() => new Mine('http://['))];
  },
  'for another class, bound, and of another realm': (t) => {
    class Other {}
    const made = Reflect.construct(EventSource, [t.own('events?chance')], Other);
    EventSource.prototype.close.call(made);
    const bound = new (EventSource.bind(null, t.own('events?chance')))();
    bound.close();
    const foreign = new (t.frame().EventSource)(t.own('events?chance'));
    foreign.close();
    return [Object.getPrototypeOf(made) === Other.prototype, bound.constructor === EventSource, foreign instanceof EventSource, foreign.constructor === EventSource];
  },
  'new.target is asked for its prototype once': (t) => {
    const told = [];
    const target = new Proxy(EventSource, { get: (holder, key, self) => told.push(String(key)) && Reflect.get(holder, key, self) });
    Reflect.construct(EventSource, [t.own('events?chance')], target).close();
    return told;
  },
};
