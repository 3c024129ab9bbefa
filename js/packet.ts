// Packets: how anything gets from the page to the core, and the guard around everything of ours that the page calls.

import { Kind, Loss } from './kinds.ts';

/** What the wasm exports. */
export interface Core {
  memory: WebAssembly.Memory;
  numbers(length: number): number;
  text(length: number): number;
  observe(kind: Kind, now: number, textBytes: number, meter: number): void;
}

/** No text of a packet is longer; the core cuts most of them shorter. */
const LENGTH = 8192;
const encoder = new TextEncoder();

let core: Core | undefined;
let isTelling = false;
/** Faults that the core has not been told of: it may have been in the middle of something. */
let faults = 0;
let turnOff = (): void => {};
let tellWaiting = (): void => {};
let isWaiting = true;

/** Packets go to this core, until it fails: then `onTrap` is called. `before` tells what waits, before anything else is told. */
export const connect = (exports: Core, onTrap: () => void, before: () => void): void => {
  core = exports;
  turnOff = onTrap;
  tellWaiting = before;
};

/** Packets go nowhere. */
export const disconnect = (): void => {
  core = undefined;
};

/** The bytes that the core points to; to be read at once. */
export const bytes = (at: number, length: number): Uint8Array<ArrayBuffer> => new Uint8Array(core!.memory.buffer as ArrayBuffer, at, length);

/** The text that the core points to. */
export const read = (at: number, length: number): string => new TextDecoder().decode(bytes(at, length));

/** The numbers that the core points to. */
export const readNumbers = (at: number, length: number): number[] => [...new Float64Array(core!.memory.buffer, at, length)];

let waiting: (() => void)[] = [];
/** Calls when the core has done what it is doing. */
export const afterwards = (action: () => void): void => {
  waiting.push(action);
};

/** A fault of ours is counted and never the page's; a trap of the core ends it for this page. */
export const guarded =
  <A extends unknown[], R>(action: (...args: A) => R) =>
  (...args: A): R | undefined => {
    try {
      return action(...args);
    } catch (fault) {
      if (fault instanceof WebAssembly.RuntimeError) {
        disconnect();
        turnOff();
        console.debug('Vitrum is off for this page:', fault);
      } else faults++;
    }
  };

/** Hands the core a packet, with texts or with bytes. What is told while it listens to another is not heard: it can only be our own doing. */
export const tell = (kind: Kind, numbers: number[], texts: string[] | Uint8Array = [], meter = 0): void => {
  if (!core || isTelling) return;
  if (isWaiting && kind !== Kind.Lost) {
    isWaiting = false;
    tellWaiting();
    isWaiting = true;
  }
  isTelling = true;
  try {
    const isRaw = texts instanceof Uint8Array;
    const text = isRaw ? '' : texts.map((part) => String(part).slice(0, LENGTH).replaceAll('\0', ' ')).join('\0');
    const room = isRaw ? texts.length : text.length * 3;
    // Asking for room may move the memory, so views are made when all is asked for.
    const place = core.text(room);
    const at = core.numbers(numbers.length);
    new Float64Array(core.memory.buffer, at, numbers.length).set(numbers);
    const target = new Uint8Array(core.memory.buffer, place, room);
    if (isRaw) target.set(texts);
    core.observe(kind, performance.now(), isRaw ? room : encoder.encodeInto(text, target).written, meter);
  } finally {
    isTelling = false;
  }
  const actions = waiting;
  waiting = [];
  for (const action of actions) {
    try {
      action();
    } catch (error) {
      // The page's own error, in its own callback.
      reportError(error);
    }
  }
  if (faults && kind !== Kind.Lost) {
    const count = faults;
    faults = 0;
    tell(Kind.Lost, [Loss.Callback, count]);
  }
};
