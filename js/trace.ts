// The one rule by which requests get headers of ours, and the trace that they are in.

import { attempt } from './seen.ts';
import { shares } from './shares.ts';
import { recall } from './stored.ts';

const global: any = globalThis;

/** The trace that requests are in, its root span, and the server's span before that, in hexadecimal digits with dashes between. */
let trace = '';
/** What `traceparent` begins with, and what `tracestate` says of it. */
let start = '';
let state = '';
/** `01` in a sampled session, or `00`; empty if no header of ours may leave. */
let flags = (): string => '';
/** Where headers go besides the page's own origin: to URLs that begin so, with `*` for any text within a part of it. */
let listed: string[] = [];
let more: [name: string, value: string][] = [];

/** Random digits that are not used yet: drawn many at a time, as each draw takes as long as all the rest. */
let drawn: string[] = [];
/** Sixteen of them. */
export const hex = (): string => {
  if (!drawn.length) drawn = Array.from(crypto.getRandomValues(new BigUint64Array(64)), (number) => number.toString(16).padStart(16, '0'));
  return drawn.pop()!;
};
/** The page's origin and a slash; `null` where it has none, as in a sandbox: then nothing is its own. */
export const origin = global.origin + '/';
/** Whether a URL is of it. */
export const isOwn = (url: string): boolean => url.startsWith(origin);
/** Whether a URL is listed. It has to go on with another part, so that no other host or path is meant. */
const isListed = (url: string): boolean =>
  listed.some((text) => new RegExp('^' + text.replace(/[^*\w]/g, '\\$&').replaceAll('*', '[^/?#]*') + (/[*/]$/.test(text) ? '' : '(?![^/?#])')).test(url));

/** A URL without its query and fragment. */
const pathOf = (url: string): string => url.split(/[?#]/)[0];
/** Paths of our own origin that have failed with a header of ours. At so many no header goes there any more. */
const refused = new Set<string>();
const MOST = 100;
/**
 * Notes that a request has failed with a header of ours. It may have been redirected to another origin that takes no such
 * header, which nobody can know before: from now on its path has none. Returns whether it is of our own origin.
 */
export const refuse = (url: string): boolean => isOwn(url) && !!refused.add(pathOf(url));

/** A new span of the trace. */
export const span = (): string => `${start}${hex()}-${flags() || '00'}`;
/** Whether requests to such a URL carry headers. */
export const mayCarry = (url: string): boolean => !!flags() && (isOwn(url) ? refused.size < MOST && !(refused.size && refused.has(pathOf(url))) : !!listed.length && /^http/.test(url) && isListed(url));
/** All of them. */
export const allHeaders = (parent: string): [name: string, value: string][] => [['traceparent', parent], ['tracestate', state], ...more];
/** Those that a request is to have, if `has` says that there is no such already. W3C Trace Context: they are set once. */
export const headersFor = (url: string, parent: string, has: (name: string) => boolean): [string, string][] | undefined =>
  mayCarry(url) && !has('traceparent') ? allHeaders(parent).filter(([name]) => !has(name)) : undefined;

/** What the server said of the trace that this document is in. */
const fromServer = (): string[] => {
  const [entry] = performance.getEntriesByType('navigation') as any[];
  const said = entry?.serverTiming?.find(({ name }: any) => /^trace(parent|response)$/.test(name))?.description;
  const meta = global.document?.querySelector('meta[name=traceparent],meta[name=traceresponse]')?.content;
  return [said, meta].join().match(/00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-/) || [];
};

let seed = '';
/** Where sessions are remembered, and for how many minutes without a sign of life. */
let domain: string | undefined;
let idle: number;
/**
 * The session, if it is sampled, and the share of sessions that it is among: as src/core/session.rs and sampling.rs say, the
 * one that is remembered with the share that was when it began, or else the next with the share that is here.
 */
export const sampled = (mayRecall: boolean): [session: string, share: number] | undefined => {
  seed ||= hex() + hex();
  const kept = mayRecall ? recall(domain) : '';
  let [share] = shares();
  // Its last digits are its last sign of life.
  const isAlive = performance.timeOrigin + performance.now() - parseInt(kept.slice(-12), 16) < idle * 60_000;
  if (isAlive && share) share = parseInt(kept.slice(32, 40), 16) / 1e9 || share;
  const session = isAlive ? kept.slice(0, 32) : seed;
  return parseInt(session.slice(0, 8), 16) < share * 2 ** 32 ? [session, share] : undefined;
};

/** Until the core is there, these are the terms: whether headers may leave, to whom, `baggage`, and what is remembered. */
export const beginTrace = (may: () => boolean, propagateTo: string[], baggage: string | undefined, ...kept: [domain: string | undefined, idle: number]): void => {
  attempt(() => {
    const [, id = hex() + hex(), parent = ''] = fromServer();
    setTrace(trace || [id, hex(), parent].join('-'), '');
    [domain, idle] = kept;
    // Where all are reported nothing need be read for it.
    flags = () => (may() ? (shares()[0] >= 1 || sampled(true) ? '01' : '00') : '');
    listed = propagateTo;
    if (baggage && /^[!-~]+$/.test(baggage)) more = [['baggage', baggage]];
  });
};
/** No header leaves any more. */
export const endTrace = (): void => {
  flags = () => '';
};

/** The trace so far, and what a new session is to be called. */
export const traceOf = (): string => trace;
export const seedOf = (): string => seed;
/** On what terms requests carry headers: trace, flags, where to, and what else. */
export type Terms = [trace: string, flags: string, listed: string[], more: [name: string, value: string][]];
export const termsOf = (): Terms => [trace, flags(), listed, more];
/** Takes over those of the page that a worker belongs to. */
export const setTerms = ([id, flag, urls, headers]: Terms): void => {
  setTrace(id, flag);
  [listed, more] = [urls, headers];
};
/** The terms of the core: its trace, and the flags of `traceparent`, empty if none may leave. */
export const setTrace = (id: string, flag: string): void => {
  trace = id;
  start = `00-${id.slice(0, 32)}-`;
  state = 'vitrum=' + id.slice(33, 49);
  flags = () => flag;
};
