// Where a page holds what is nobody else's: each place with the kinds that are planted there.

import { KINDS } from './kinds.mjs';

const KEYS = ['Stripe key', 'GitHub key', 'AWS key', 'Google key', 'Slack key'];
const PHONES = ['international phone', 'American phone', 'dashed phone', 'plain phone'];
const CARDS = ['card', 'spaced card', 'dashed card'];
const IBANS = ['iban', 'spaced iban'];
/** What scanners can know by its form. */
const PATTERNS = ['email', 'tagged email', ...PHONES, 'ipv4', 'ipv6', 'short ipv6', ...CARDS, ...IBANS, 'ssn', 'jwt', 'bearer', ...KEYS];
/** What is drawn by chance, or counted. */
const IDS = ['token', 'order number', 'uuid', 'sha256'];
const HASHES = ['md5', 'sha1', 'sha256'];
const FEW = ['email', 'token', 'order number'];
/** Of names in paths the site has to tell us; of these not. */
const SEGMENTS = ['email', ...IDS, 'session'];
const PERSON = ['name', 'email', 'international phone', 'address'];

const PLACES = {
  // The document and its address.
  'page query value': [...PATTERNS, ...IDS, 'password', 'session', 'name'],
  'page query name': ['order number', 'uuid', 'sha1', 'token of letters'],
  'page fragment value': ['jwt', 'token', 'email'],
  'page path': [...SEGMENTS, ...HASHES, 'jwt', 'card', 'dashed card', 'plain phone', 'iban', 'ssn', 'ipv4', 'token of letters', ...KEYS],
  'page matrix parameter': ['session', 'uuid'],
  'credentials of the page': ['email', 'password'],
  'referrer query value': FEW,
  'referrer path': SEGMENTS,
  title: ['name', 'email', 'card'],
  'meta tag': ['email', 'token', 'name'],
  'JSON-LD': ['name', 'iban', 'American phone'],
  cookie: ['session', 'jwt', 'email'],
  localStorage: ['jwt', 'email', 'Stripe key'],
  sessionStorage: ['token', 'spaced card', 'name'],
  IndexedDB: ['spaced iban', 'name'],
  'window.name': ['token'],
  'history.state': ['email', 'card'],
  // Forms.
  'value of an input': [...PERSON, 'spaced card', 'spaced iban', 'ssn'],
  'value of a password': ['password', 'password'],
  'value of a textarea': PERSON,
  contenteditable: ['name', 'dashed phone', 'email'],
  'value of an option': ['name', 'iban', 'order number'],
  'value of a hidden input': ['token', 'uuid'],
  clipboard: ['card', 'password'],
  // Elements that are clicked, typed into, moved and painted.
  'id of what is clicked': [...FEW, 'uuid', 'session', 'sha1', 'dashed card', 'ssn', 'token of letters'],
  'class of what is clicked': [...FEW, 'uuid', 'token of letters'],
  'name of what is clicked': FEW,
  'aria-label of what is clicked': PERSON,
  'alt of what is clicked': ['name', 'email'],
  'title of what is clicked': ['name', 'email'],
  'data attribute of what is clicked': FEW,
  'href of what is clicked': FEW,
  'placeholder of what is clicked': ['name', 'email'],
  'text of what is clicked': [...PERSON, 'spaced card', 'order number'],
  'id of what is typed into': ['email', 'token', 'token of letters'],
  'id of a slow button': ['uuid'],
  'id of what moves': ['order number'],
  'text of what moves': PERSON,
  'id of the largest paint': ['email'],
  'alt of the largest paint': ['name'],
  'URL of the largest paint, query': ['token'],
  'URL of the largest paint, path': ['uuid'],
  // Failures.
  'error message': [...PATTERNS, ...IDS],
  'name=value in an error message': ['password', 'session', 'order number', 'token of letters'],
  'JSON in an error message': ['password', 'email', 'token', 'token of letters'],
  'query in an error message': FEW,
  'path in an error message': ['order number', 'email', 'uuid', 'sha256'],
  'early error message': FEW,
  'error name': ['email', 'token', 'order number', 'GitHub key'],
  'function name in a stack': ['token', 'sha1', 'order number'],
  'sourceURL query in a stack': FEW,
  'sourceURL path in a stack': ['token', 'order number', 'uuid', 'email'],
  'cause of an error': FEW,
  'property of an error': FEW,
  'part of an AggregateError': FEW,
  'message of a DOMException': ['email', 'token'],
  'thrown text': FEW,
  'rejection with a text': FEW,
  'rejection with an object': FEW,
  'rejection with an Error': FEW,
  'tag of a rejected object': ['email', 'token'],
  'JSON.parse of a text': ['AWS key', 'order number', 'short email'],
  'text of an event of the site': [...PATTERNS, ...IDS],
  'name of an event of the site': FEW,
  'name of a cohort': ['email', 'token'],
  'captured error': [...PATTERNS, ...IDS],
  'cause of a captured error': FEW,
  'context of an error': [...PATTERNS, ...IDS],
  breadcrumb: [...PATTERNS, ...IDS],
  'URL in a breadcrumb': FEW,
  'value of a flag': ['email', 'token', 'uuid'],
  'thrown in a worker': FEW,
  'console.warn': FEW,
  'console.error': FEW,
  'console.log': FEW,
  // Requests.
  'fetch query': FEW,
  'fetch query name': ['uuid', 'order number'],
  'fetch path': [...SEGMENTS, 'jwt', 'md5', 'dashed card'],
  'fetch fragment': ['token', 'email'],
  'fetch credentials': ['email', 'password'],
  'relative fetch path': ['order number', 'uuid'],
  'Request query': FEW,
  'Request path': ['token', 'uuid'],
  'request method': ['token', 'order number'],
  'blob: content': ['name', 'email'],
  'data: URL': ['token', 'email'],
  'request header': ['bearer', 'email', 'uuid'],
  'JSON body': PERSON,
  'FormData body': PERSON,
  'URLSearchParams body': FEW,
  'response header': FEW,
  'response body': PERSON,
  'Server-Timing description': ['email', 'name', 'token'],
  'Server-Timing traceparent description': ['token'],
  'traceresponse header': ['token'],
  'redirect query': FEW,
  'redirect path': ['order number', 'uuid'],
  'XHR query': FEW,
  'XHR path': ['order number', 'uuid', 'email'],
  'XHR header': ['bearer', 'token'],
  'XHR body': ['name', 'card'],
  'XHR credentials': ['password'],
  'sendBeacon query': FEW,
  'sendBeacon path': ['uuid'],
  'sendBeacon body': PERSON,
  'EventSource query': FEW,
  'EventSource path': ['uuid'],
  'WebSocket query': FEW,
  'WebSocket path': ['uuid'],
  'WebSocket protocol': ['token'],
  'abort reason': ['email', 'token'],
  'name of an abort reason': ['token'],
  'failed fetch query': FEW,
  'failed fetch path': ['order number', 'uuid'],
  // Resources, on the page's own origin and on another.
  'image query': FEW,
  'image path': SEGMENTS,
  'script query': FEW,
  'script path': ['sha256', 'order number'],
  'style sheet query': ['token'],
  'style sheet path': ['uuid'],
  'font query': ['token'],
  'font path': ['uuid'],
  'frame query': FEW,
  'frame path': ['email', 'uuid'],
  'video query': ['token'],
  'video path': ['order number'],
  'image elsewhere, query': FEW,
  'image elsewhere, path': ['email', 'uuid'],
  'script elsewhere, path': ['session'],
  'blocked by policy, query': ['token'],
  'blocked by policy, path': ['uuid'],
  // Routes.
  'pushState query': FEW,
  'pushState path': SEGMENTS,
  'replaceState query': FEW,
  'replaceState path': ['order number', 'uuid'],
  'hash route': [...FEW, 'jwt', 'uuid'],
  'target of a link, query': FEW,
  'target of a link, path': ['email', 'order number'],
  // The rest of a page.
  'message by postMessage': PERSON,
  'detail of an event': PERSON,
  'name of an event': ['token'],
  'name of a worker': ['email', 'token'],
  'message to a worker': PERSON,
  'fetch of a worker, query': FEW,
  'fetch of a worker, path': ['order number', 'uuid'],
  'name of a mark': ['email', 'token'],
  'detail of a mark': PERSON,
  'name of a measure': ['order number'],
  'function of a long task': ['token', 'token of letters'],
  'script of a long task, query': ['token'],
  'script of a long task, path': ['order number'],
};

/** All of them: number, kind, place, value, and the parts of the value that must not be found either. */
export const SECRETS = Object.entries(PLACES)
  .flatMap(([place, kinds]) => kinds.map((kind) => ({ kind, place })))
  .map(({ kind, place }, index) => {
    const number = index + 17;
    const [value, ...parts] = KINDS[kind](number);
    return { number, kind, place, value, parts };
  });

/** The values by their place. */
export const planted = {};
for (const { place, value } of SECRETS) (planted[place] ??= []).push(value);
