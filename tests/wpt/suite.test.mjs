// Which files are tests, at which addresses, and what they say of themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentMeta, globals, isLong, nameParts, scriptMeta, variants } from './meta.mjs';
import { describe, find, LEFT, rootOf } from './suite.mjs';
import { scriptOf, wrap } from './wrapper.mjs';

const HARNESS = '<script src="/resources/testharness.js"></script>';
const paths = (file, text) => describe(file, () => text)?.tests?.map(({ path }) => path);

test('META lines are those that a script opens with', () => {
  const text = '// META: title=a = b\r\n//META: script=/a.js\n// META: timeout=long\n\n// META: script=/late.js\n';
  assert.deepEqual(scriptMeta(text), [['title', 'a = b'], ['script', '/a.js'], ['timeout', 'long']]);
  assert.deepEqual(scriptMeta('"use strict";\n// META: timeout=long'), []);
  assert.ok(isLong(scriptMeta(text)));
});

test('a script is for windows unless it says otherwise', () => {
  assert.deepEqual(globals([]), ['window', 'dedicatedworker']);
  assert.deepEqual(globals([['global', 'worker, window-module']]), ['worker', 'window-module']);
});

test('documents say the same by elements, in any spelling', () => {
  const text = `<META content='long' name=timeout><meta name="variant" content="?a&amp;b"><!-- <meta name=variant content="?c"> -->${HARNESS}`;
  const meta = documentMeta(text);
  assert.deepEqual(meta, [['timeout', 'long'], ['variant', '?a&b'], ['script', '/resources/testharness.js']]);
  assert.deepEqual(variants(meta), ['?a&b']);
  assert.deepEqual(variants([]), ['']);
});

test('names have a type and flags', () => {
  assert.deepEqual(nameParts('send-manual.https.any.js'), { type: 'manual', flags: ['https', 'any'], ending: 'js' });
  assert.deepEqual(nameParts('plain.htm'), { type: '', flags: [], ending: 'htm' });
});

test('each kind of test has its addresses', () => {
  assert.deepEqual(paths('a/b.any.js', ''), ['/a/b.any.html']);
  assert.deepEqual(paths('a/b.any.js', '// META: global=window,window-module,worker'), ['/a/b.any.html', '/a/b.any.window-module.html']);
  assert.deepEqual(paths('a/b.sub.any.js', '// META: variant=?1\n// META: variant=?2'), ['/a/b.sub.any.html?1', '/a/b.sub.any.html?2']);
  assert.deepEqual(paths('a/b.window.js', ''), ['/a/b.window.html']);
  assert.deepEqual(paths('a/b.html', `<meta name=variant content="?x">${HARNESS}`), ['/a/b.html?x']);
  assert.equal(paths('a/b.html', '<p>Belongs to a test.'), undefined);
  assert.equal(paths('a/b.js', ''), undefined);
});

test('time, https and the host are told', () => {
  const [one] = describe('a/b.https.html', () => `<meta name="timeout" content="long">${HARNESS}`).tests;
  assert.deepEqual(one, { path: '/a/b.https.html', timeout: 60_000, isSecure: true, isElsewhere: false });
  const [other] = describe('a/b.www.html', () => HARNESS).tests;
  assert.deepEqual(other, { path: '/a/b.www.html', timeout: 10_000, isSecure: false, isElsewhere: true });
});

test('what cannot be run says why', () => {
  const why = (file, text = HARNESS) => describe(file, () => text).left;
  assert.equal(why('a/b.worker.js', ''), LEFT.worker);
  assert.equal(why('a/b.any.js', '// META: global=sharedworker'), LEFT.worker);
  assert.equal(why('a/b-manual.html'), LEFT.manual);
  assert.equal(why('a/crashtests/b.html'), LEFT.crash);
  assert.equal(why('a/b-crash.html'), LEFT.crash);
  assert.equal(why('a/b.h2.any.js', ''), LEFT.http2);
  assert.equal(why('a/b.xhtml'), LEFT.markup);
  assert.equal(why('a/b.html', `${HARNESS}<script src="/resources/testdriver.js"></script>`), LEFT.driver);
  assert.equal(why('a/b.html', '<link rel="match" href="b-ref.html">'), LEFT.picture);
});

test('a folder’s tests are found, and its support is none', () => {
  const root = rootOf('tests/wpt/example/looks');
  assert.equal(root, rootOf('tests/wpt/example'));
  assert.equal(rootOf('tests/wpt'), undefined);
  const { tests, left } = find(root, ['tests/wpt/example/looks'], false);
  const expected = ['chance.html', 'elsewhere.html', 'handlers.html?first', 'handlers.html?second', 'ready.any.html', 'tag.window.html'];
  assert.deepEqual(tests.map(({ path }) => path), expected.map((name) => `/looks/${name}`));
  assert.deepEqual(left, [
    { file: 'looks/only.worker.js', why: LEFT.worker },
    { file: 'looks/safe.https.html', why: LEFT.secure },
  ]);
});

test('scripts have documents around them', () => {
  assert.equal(scriptOf('/a/b.any.html'), '/a/b.any.js');
  assert.equal(scriptOf('/a/b.html'), undefined);
  const page = wrap('/a/b.any.html', '// META: script=/c.js?d="e"\n// META: title=<f>\n// META: timeout=long');
  assert.match(page, /^<!doctype html>\n<meta charset=utf-8>\n<title>&lt;f><\/title>\n<meta name="timeout" content="long">\n<script>\nself\.GLOBAL/);
  assert.match(page, /testharnessreport\.js"><\/script>\n<script src="\/c\.js\?d=&quot;e&quot;"><\/script>\n<div id=log><\/div>\n<script src="\/a\/b\.any\.js">/);
  assert.equal(wrap('/a/b.any.html', '// META: global=worker'), undefined);
  assert.match(wrap('/a/b.any.window-module.html', '// META: global=window-module'), /<script type=module src="\/a\/b\.any\.js">/);
});
