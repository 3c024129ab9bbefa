// What is printed of a run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HARNESS } from './comparison.mjs';
import { asData, closing, linesOf } from './report.mjs';

const tally = (outcomes) => new Map(Object.entries(outcomes));
const differs = (key, withAgent, isUnstable = false) => ({ key, without: tally({ PASS: 5 }), with: tally(withAgent), isUnstable });
const form = (verdict, found = []) => ({ verdict, found, runs: [5, 5], hadCore: verdict !== 'not started' });
const result = (path, ready) => ({ path, forms: { ready }, harness: ['OK', ''], subtests: [['a', 'PASS', ''], ['b', 'FAIL', 'no']], ms: 1 });

test('nothing is said of a test that is the same', () => {
  assert.deepEqual(linesOf(result('/a.html', form('same'))), []);
});

test('each difference is told with what was seen, and subtests that say the same together', () => {
  const found = [differs('one', { 'FAIL: no': 5 }), differs('two', { 'FAIL: no': 5 }), differs(HARNESS, { TIMEOUT: 1, OK: 4 }, true)];
  assert.deepEqual(linesOf(result('/a.html', form('differs', found))).join('\n').split('\n'), [
    '/a.html',
    '  ready, differs: "one"',
    '                  "two"',
    '    without: PASS (5 of 5 runs)',
    '    with:    FAIL: no (5 of 5 runs)',
    '  ready, unstable: the harness',
    '    without: PASS (5 of 5 runs)',
    '    with:    TIMEOUT (1 of 5 runs) | OK (4 of 5 runs)',
  ]);
});

test('of messages that change with each run there is one', () => {
  const found = [differs('one', { 'FAIL: 1': 1, 'FAIL: 2': 1, 'FAIL: 3': 1, 'FAIL: 4': 1, PASS: 1 })];
  const line = linesOf(result('/a.html', form('differs', found))).at(-1).split('\n').at(-1);
  assert.equal(line, '    with:    FAIL (4 of 5 runs), for example FAIL: 1 | PASS (1 of 5 runs), for example PASS');
});

test('what was not compared is told, too', () => {
  assert.deepEqual(linesOf(result('/a.html', form('not started'))), ['/a.html', '  ready: the agent did not start']);
  assert.deepEqual(linesOf({ path: '/a.html', lacking: ['Python', '/b'] }), ['/a.html', '  not run: it needs Python, /b, which is not here']);
});

test('the totals count tests and subtests, and what was left out by reason', () => {
  const found = [differs('one', { 'FAIL: no': 5 }), differs('two', { FAIL: 1, PASS: 4 }, true)];
  const results = [result('/a.html', form('differs', found)), result('/b.html', form('same')), result('/c.html', form('not started')), result('/d.html', form('silent'))];
  const left = [{ file: 'e', why: 'for a person' }, { file: 'f', why: 'for a person' }];
  assert.deepEqual(closing(results, ['ready'], left, 'Lynx', 'nobody'), [
    '4 tests with 8 subtests in Lynx, served by nobody; without the agent 4 pass',
    'ready: 1 the same, 1 differ (1 subtests), 0 unstable (1 subtests), 1 report nothing either way, 1 where the agent did not start; its core was there in 3',
    'not run: 2',
    '  2 for a person',
  ]);
  const data = JSON.parse(JSON.stringify(asData(results, ['ready'], left)));
  assert.deepEqual(data.tests[0].forms.ready.found[0], { key: 'one', without: { PASS: 5 }, with: { 'FAIL: no': 5 }, isUnstable: false });
  assert.equal(data.totals.ready.subtestsDiffer, 1);
});
