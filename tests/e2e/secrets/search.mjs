// Searches all that has left a page for what was planted in it, and says where each was found.

import { decode } from '../../../target/inspect/vitrum_inspect.js';
import { isShort } from '../collector.mjs';
import { isFrame, payloadSoFar } from '../frame.mjs';
import { formsOf, Haystack } from './finder.mjs';
import { SECRETS } from './places.mjs';

/** What is planted, each with all its forms. */
export const PATTERNS = SECRETS.map((secret) => ({ ...secret, forms: [secret.value, ...secret.parts].flatMap(formsOf) }));

/** Headers that the browser sends of itself, and those that the page gives its requests. */
const NOT_OURS = new Set(
  `host connection accept accept-encoding accept-language user-agent referer origin cookie content-length content-type range
  upgrade upgrade-insecure-requests cache-control pragma purpose priority if-none-match if-modified-since last-event-id
  access-control-request-headers access-control-request-method access-control-request-private-network
  authorization x-user x-key`.split(/\s+/),
);
const isOurs = (name) => !NOT_OURS.has(name) && !name.startsWith('sec-');

/**
 * The headers of a request to the intake. To a beacon the browser adds what it adds to all that goes to that host, its cookies
 * and by the page's own policy a `Referer`, and `sendBeacon` takes no word on it; a request by `fetch` is to have neither.
 */
function headersOf({ rawHeaders, headers }) {
  const isBeacon = headers['sec-fetch-mode'] === 'no-cors';
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 ? [] : [[name.toLowerCase(), rawHeaders[index + 1]]]));
  return pairs.filter(([name]) => !(isBeacon && /^(cookie|referer)$/.test(name))).map((pair) => pair.join(': '));
}

/** Keeps all that reaches the intake from now on, as it comes. */
export function tap({ relay }) {
  const heard = [];
  relay.server.on('request', (incoming) => {
    const { method, url } = incoming;
    const parts = [];
    heard.push({ head: `${method} ${url}\n${headersOf(incoming).join('\n')}`, parts });
    incoming.on('data', (part) => parts.push(part));
  });
  return heard;
}

/** The headers that the agent has added to requests of the page. */
export const addedTo = ({ requests }) => requests.flatMap(({ headers }) => Object.entries(headers).filter(([name]) => isOurs(name)));

/** All bytes that have left, each with what it is called. */
export function bytesOf(heard, added) {
  const left = heard.flatMap(({ head, parts }) => {
    const body = Buffer.concat(parts);
    const payload = isFrame(body) && body.length > 2 && !isShort(body) ? [{ what: 'payload', bytes: payloadSoFar(body), body }] : [];
    return [{ what: 'head', bytes: Buffer.from(head, 'latin1') }, { what: 'body', bytes: body }, ...payload];
  });
  left.push({ what: 'headers of the page’s requests', bytes: Buffer.from(added.map((pair) => pair.join(': ')).join('\n'), 'latin1') });
  return left.map((one) => ({ ...one, hay: new Haystack(one.bytes) }));
}

/** Each that has left: what it is, and a sentence on where it stood in the page and where it was found. */
export function leaks(left) {
  return PATTERNS.flatMap(({ kind, place, forms }) => {
    const found = left.map(({ what, hay, body }) => ({ what, body, ...hay.find(forms) })).filter(({ form }) => form);
    if (found.length === 0) return [];
    const records = new Set(found.flatMap(({ what, body }) => (body ? recordsWith(body, forms) : [what])));
    const [{ form, around }] = found;
    return [`${place}: ${kind}, ${form}, in ${[...records].join(', ')}: …${around}…`];
  });
}

/** Which texts of which records of a frame have it. */
function recordsWith(body, forms) {
  const { logs, spans, resource } = decode(body);
  const called = ({ kind, name }) => (kind === 'SPAN_KIND_CLIENT' ? 'request' : kind ? 'action or view' : name);
  const texts = [...logs, ...spans, { name: 'resource', attributes: resource }].flatMap((record) =>
    Object.entries({ name: record.name, ...record.attributes }).map(([key, value]) => [`${called(record)} ${key}`, value]),
  );
  const found = texts.filter(([, value]) => typeof value === 'string' && new Haystack(value).find(forms));
  return [...new Set(found.map(([key]) => key))];
}
