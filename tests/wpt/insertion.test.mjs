// Where in a document the agent goes, and into which answers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { place, takes } from './insertion.mjs';

/** The document with a mark at the place. */
const marked = (text) => {
  const at = place(text, true);
  return `${text.slice(0, at)}|${text.slice(at)}`;
};

test('it is before the first script, and after what the document’s mode and encoding depend on', () => {
  for (const expected of [
    '<!doctype html>\n<meta charset=utf-8>\n|<script></script>',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN">\n<!-- a > b --><html lang="a>b">\n<head>\n<title>A <b></title>|<link>',
    '<html><head><meta charset="utf-8"><title>A</title>|<script>',
    '\xEF\xBB\xBF<!doctype html>|<p>',
    '<?xml version="1.0"?><!doctype html><head><meta name=a content="b>c">|</head>',
    '<meta charset=utf-8>|<meta http-equiv="Content-Security-Policy" content="script-src \'self\'">',
    '|<header>',
    '|text',
    '<!doctype html>\n|',
    '|',
  ]) {
    assert.equal(marked(expected.replace('|', '')), expected);
  }
});

test('as long as it does not show, nothing is said', () => {
  const text = '<!doctype html>\n<!-- a comment --><html>\n<head><meta charset=utf-8>\n<title>A title</title>\n<script>';
  const at = place(text, true);
  for (let length = 0; length <= text.length; length++) {
    const early = place(text.slice(0, length), false);
    assert.ok(early === undefined || early === at, `after ${length} bytes it is ${early}, but ${at} in the end`);
  }
  assert.equal(place(text, false), at);
});

test('documents take it, and nothing else does', () => {
  const html = { 'content-type': 'text/html; charset=utf-8' };
  assert.ok(takes(200, html));
  assert.ok(takes(404, { 'content-type': 'text/html' }));
  for (const status of [204, 205, 301, 304, 101]) assert.ok(!takes(status, html), String(status));
  for (const type of ['text/plain', 'text/htmlx', 'application/xhtml+xml', '', 'text/html; charset=utf-16le']) {
    assert.ok(!takes(200, { 'content-type': type }), type);
  }
  assert.ok(!takes(200, {}));
  assert.ok(!takes(200, { ...html, 'content-encoding': 'gzip' }));
});
