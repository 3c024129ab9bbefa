// Nothing changes for the page in Chromium; and a bad wrapper would be seen.

import assert from 'node:assert/strict';
import { changed } from './compare.mjs';
import { SUBJECTS } from './plays.mjs';
import { conformance } from './suite.mjs';
import { judge } from './trace.mjs';
import { chromium } from './visits.mjs';
import { textOf } from './wrappers.mjs';

/** What agents do; mutations.mjs has more, one by one. */
const SINS = [
  'fetch makes responses anew',
  'fetch has errors of its own',
  'fetch writes into init',
  'fetch swallows rejections',
  'XMLHttpRequest is a class',
  'XMLHttpRequest listens to uploads',
  'sendBeacon is fetch',
  'EventSource and WebSocket are functions',
];

/** Checks that have to see it, of each subject. */
const SEEING = {
  shapes: ['fetch: its text by Function.prototype.toString', 'fetch: its name, length and own properties', 'WebSocket: its own toString', 'fetch by call, apply, bind and by another name'],
  fetch_arguments: ['an init used again and again stays what it was', 'an init that is frozen, and one of frozen parts', 'a Proxy as init meets the same'],
  fetch_errors: ['a network error', 'no arguments', 'a deep stack ends at the same frame'],
  fetch_abort: ['while it waits for headers, with a reason', 'before the call, with a reason', 'by a time-out'],
  fetch_body: ['shows what the server has said'],
  fetch_requests: ['to the other origin, simple', 'a Request of another realm'],
  fetch_responses: ['redirects are followed', 'opaque'],
  fetch_promises: ['that nobody catches is told once, with the same promise', 'that is caught late is told as handled'],
  xhr_events: ['an upload nobody listens to needs no preflight', 'nobody but the page listens'],
  xhr_errors: ['open tells two arguments from three', 'send before open, deep in the stack'],
  xhr_requests: ['a class that extends it', 'to the other origin', 'traceparent that the page has set itself'],
  beacons: ['each kind of body', 'on another object'],
  event_sources: ['what it is', 'called without new', 'a class that extends it'],
  web_sockets: ['what it is', 'called without new', 'for another class, bound, and of another realm'],
};

conformance(chromium, ['early', 'tag', 'npm', 'stopped', 'stopped npm'], (check) => {
  check('a bad wrapper is seen', async (plays) => {
    const { all: bare } = await plays.of('bare');
    const { all: bad, traced } = await plays.load('bare', { checks: SUBJECTS.checks, patches: [] }, textOf(SINS));
    const seen = Object.fromEntries(Object.keys(SEEING).map((subject) => [subject, [...changed(bare[subject], bad[subject]).keys()]]));
    for (const [subject, names] of Object.entries(SEEING)) {
      assert.deepEqual(names.filter((name) => !seen[subject].includes(name)), [], `${subject} is blind`);
    }
    const count = Object.values(seen).flat().length;
    assert.ok(count >= 200, `only ${count} checks see it`);
    assert.ok(judge(traced, {}).size >= 10);
  });
});
