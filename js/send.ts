// How batches leave: by `fetch` while the page is there, by `sendBeacon` or `fetch` with keepalive when it goes, by
// `fetchLater` when it is killed, or into the store. The core says which.

import { Early, type EarlyParts } from './early.ts';
import { erase, isLeft, type Kept, put, putAtOnce, take } from './kept.ts';
import type { json } from './json.ts';
import { Kind, Loss } from './kinds.ts';
import type { Settings } from './options.ts';
import { afterwards, bytes, guarded, tell } from './packet.ts';

/** What is waited for longer has failed. */
const PATIENCE_MS = 30_000;
/** The bits of how a batch is sent, as src/browser/act/mod.rs sets them. */
const PATH = 3;
const SECOND = 4;
const KEEPALIVE = 8;
/** What stands for an answer of the browser's own; src/core/delivery.rs says the same. */
const [TAKEN, NONE, REFUSED, OFFLINE] = [1, 0, -1, -2];
/** That the collector wishes nothing: share, floor, ceiling, seconds. */
const NO_WISH = [1, 0, 1, 0];
const PATHS = ['beacon', 'logs', 'traces'];
const TRACES = 2;

let early: EarlyParts;
let endpoints: string[];
let headers: Record<string, string> | undefined;
/** What the browser holds for the page's end, by the number of the batch. */
let held: Record<number, AbortController> = {};

/** Makes a text of a request of OTLP, where it is to be read by people. */
let written: typeof json | undefined;

/** Says where and how. */
export const sendBy = (parts: EarlyParts, settings?: Settings, inJson?: typeof json): void => {
  early = parts;
  written = inJson;
  endpoints = [settings?.endpoint || '', settings?.fallbackEndpoint || ''];
  headers = undefined;
  if (inJson) headers = { 'content-type': 'application/json', ...settings!.headers };
  else if (settings?.protocol === 'otlp') {
    headers = { 'content-type': 'application/x-protobuf', ...(settings.compression === 'gzip' && { 'content-encoding': 'gzip' }), ...settings.headers };
  }
};
/** What ways there are: bits, as `Kind::Start` in src/core/observation.rs says. */
export const ways = (): number => +('fetchLater' in window) + 2 * +!!endpoints[1];

const isOffline = (): boolean => navigator.onLine === false;
const urlOf = (how: number): string => `${endpoints[+!!(how & SECOND)]}/v1/${PATHS[how & PATH]}`;
/** A copy of the body: whoever wraps `fetch` below us may look at it later. */
const requestOf = (at: number, length: number, how: number, signal?: AbortSignal): RequestInit => ({
  method: 'POST',
  body: written ? written(bytes(at, length), (how & PATH) === TRACES) : bytes(at, length).slice(),
  headers,
  credentials: 'omit',
  referrerPolicy: 'strict-origin',
  signal,
});

/** What the collector wishes, if anything. */
const wishOf = (answer: string): number[] => {
  const numbers = answer.split(' ').map(Number);
  return numbers.length === 4 && numbers.every((number) => number >= 0) ? numbers : NO_WISH;
};
/** The seconds of `Retry-After`, which are a number or a date. */
const secondsOf = (text: string | null): number => (text ? +text || Math.max(0, (Date.parse(text) - Date.now()) / 1000) || 0 : 0);

export const post = guarded((batch: number, at: number, length: number, how: number): void => {
  const answered = guarded((status: number, seconds: number = 0, wish: number[] = NO_WISH) => {
    tell(Kind.Delivered, [batch, status, seconds, ...wish]);
  });
  const request = { ...requestOf(at, length, how, AbortSignal.timeout?.(PATIENCE_MS)), keepalive: !!(how & KEEPALIVE) };
  const { status, headers: headersOf } = early[Early.OfResponse];
  // Who wraps `fetch` below us may throw.
  new Promise<Response>((resolve) => resolve(Reflect.apply(early[Early.Plain](window, 'fetch'), window, [urlOf(how), request])))
    // Read to its end, so that the connection is free again.
    .then((response) => response.text().then((answer) => answered(status(response), secondsOf(headersOf(response).get('retry-after')), wishOf(answer))))
    .catch(() => answered(isOffline() ? OFFLINE : NONE));
});

export const beacon = guarded((at: number, length: number, how: number): number => {
  if (isOffline()) return OFFLINE;
  // Who has wrapped it after us need not see ours, and we do not count it.
  return Reflect.apply(early[Early.SendBeacon], navigator, [urlOf(how), bytes(at, length)]) ? TAKEN : REFUSED;
});

export const later = guarded((batch: number, at: number, length: number, how: number): void => {
  const before = held[batch];
  delete held[batch];
  if (length) {
    const controller = new AbortController();
    try {
      (window as any).fetchLater(urlOf(how), requestOf(at, length, how, controller.signal));
    } catch {
      // Over its quota: the browser holds what it held.
      if (before) held[batch] = before;
      return;
    }
    held[batch] = controller;
  }
  before?.abort();
});

export const store = guarded((at: number, length: number, made: number, path: number, isLast: number): void => {
  const kept: Kept = [made, path, bytes(at, length).slice()];
  // The core is listening now.
  if (isLast) {
    const lost = putAtOnce(kept);
    afterwards(() => tellLost(lost));
  } else put(kept).then(tellLost, () => tellLost(1));
});
const tellLost = guarded((count: number): void => {
  if (count) tell(Kind.Lost, [Loss.Batch, count]);
});

/** Tells the core of batches that are stored, if any, now that it is not busy. */
export const recall = guarded((): void => {
  const told = guarded(([some, isMore, lost]: Awaited<ReturnType<typeof take>>): void => {
    tellLost(lost);
    for (const [made, path, body] of some) tell(Kind.Recalled, [made, path], body);
    // What is taken is not kept any more: nothing is taken for nobody.
    if (isMore && isOn) setTimeout(() => isOn && recall(), PATIENCE_MS);
  });
  isLeft().then((is) => (is && isOn ? take().then(told) : undefined)).catch(() => {});
});

export const eraseStored = guarded(erase);

let isOn = false;
const onOnline = guarded(() => tell(Kind.Online, [0]));
/** Begins and ends to listen for the network. */
export const watchNetworkState = (isWatching: boolean): void => {
  isOn = isWatching;
  if (isOn) addEventListener('online', onOnline);
  else removeEventListener('online', onOnline);
};
