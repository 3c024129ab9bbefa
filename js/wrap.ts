// Wrapping: proxies that stand for what the browser has, so that the page has the same objects, errors and stacks as before.

import { attempt } from './seen.ts';

const { call, apply, toString } = Function.prototype;
/** A method as a function of its `this`: the browser's, whatever the page makes of it later, and without a frame on the stack. */
export const free = (method: any): ((self: any, ...args: any[]) => any) => call.bind(method);
export const textOf = free(toString);
export const pass = free(apply);

/** What reads a property as the browser has it, whatever the page has made of it. */
export const reader = (type: any, name: string): ((object: any) => any) => free(Object.getOwnPropertyDescriptor(type?.prototype || {}, name)?.get);
export const readers = (type: any, names: string): Record<string, (object: any) => any> => Object.fromEntries(names.split(' ').map((name) => [name, reader(type, name)]));

/** What happens about a call: its arguments, what becomes of its result, who is told of its exception, its `this`. */
export type Plan = [args: any[], after?: ((result: any) => any) | 0 | false, failed?: ((error: any) => void) | 0, self?: any];
export let isWatching = false;
/** Where in stacks our own frame is. */
let place = '';
/** The natives by what stands for them. */
const natives = new WeakMap<object, object>();
let wraps: [owner: any, name: string, native: any, ours: any][] = [];

/** Calls what it stands for, as the plan says. */
export const handler = (plan: (self: any, args: any[], target: any) => Plan | undefined): ProxyHandler<any> => ({
  apply(target, self, args) {
    // By index: to take it apart by name would take longer than all the rest here.
    const planned = attempt(plan, self, args, target) || [args];
    const limit = (Error as any).stackTraceLimit;
    let result;
    try {
      // Room for our frame, which is taken out again. A page may have frozen it.
      if (limit >= 0) Reflect.set(Error, 'stackTraceLimit', limit + 1);
      result = pass(target, planned[3] ?? self, planned[0]);
    } catch (error) {
      clean(error);
      if (planned[2]) attempt(planned[2], error);
      throw error;
    } finally {
      if (limit >= 0) Reflect.set(Error, 'stackTraceLimit', limit);
    }
    return planned[1] ? planned[1](result) : result;
  },
});

/** Takes our frame out of an error's stack. */
export const clean = (error: any): void => {
  attempt(() => {
    place ||= new Proxy(() => new Error().stack, handler(() => undefined))()!.match(/[^\s(@]+:\d+:\d+/g)![1];
    const lines = String(error.stack).split('\n');
    const kept = lines.filter((line) => !line.includes(place));
    if (kept.length === lines.length) return;
    error.stack = kept.join('\n');
    // Firefox has the position of the first frame apart.
    if (!Object.hasOwn(error, 'lineNumber')) return;
    [, error.fileName, error.lineNumber, error.columnNumber] = kept[0].match(/@(.*):(\d+):(\d+)/)!.map((part: string) => (+part || part));
  });
};

/** Wraps one, unless it is. */
export const wrap = (owner: any, name: string, how: ProxyHandler<any>): void => {
  attempt(() => {
    const native = owner?.[name];
    if (!native || wraps.some((one) => one[0] === owner && one[1] === name)) return;
    const ours = new Proxy(native, how);
    natives.set(ours, native);
    owner[name] = ours;
    // Methods have no prototype.
    if (native.prototype) native.prototype.constructor = ours;
    wraps.push([owner, name, native, ours]);
  });
};

/** Counts, without a frame of ours on the stack: to look for the trap is all that happens. */
export const counting = (trap: 'apply' | 'construct', counts: number[], index: number): ProxyHandler<any> =>
  Object.defineProperty({}, trap, {
    get() {
      if (isWatching) counts[index]++;
    },
  });

/** From now on wrappers do their part. */
export const beginWraps = (): void => {
  isWatching = true;
  wrap(Function.prototype, 'toString', handler((self, args) => [args, 0, 0, natives.get(self) || self]));
};
/** Puts back what is not wrapped by others meanwhile; the rest passes on from now on. */
export const endWraps = (): void => {
  isWatching = false;
  wraps = wraps.filter(([owner, name, native, ours]) => {
    if (owner[name] !== ours) return true;
    owner[name] = native;
    if (native.prototype) native.prototype.constructor = native;
  });
};
/** What stands below our wrapper, for what we send ourselves. */
export const plain = (owner: any, name: string): any => wraps.find((one) => one[0] === owner && one[1] === name)?.[2] || owner[name];
