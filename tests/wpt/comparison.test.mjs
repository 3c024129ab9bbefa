// What counts as a difference, and what only as unstable.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ABSENT, differences, HARNESS, isEqual, isSettled } from './comparison.mjs';

const run = (subtests, harness = ['OK', '']) => ({ harness, subtests: Object.entries(subtests).map(([name, shown]) => [name, ...shown.split(': '), ''].slice(0, 3)) });
const pass = run({ a: 'PASS', b: 'PASS' });
const fail = run({ a: 'PASS', b: 'FAIL: expected 1' });
const times = (count, one) => Array.from({ length: count }, () => one);
const told = (without, withAgent) => differences(without, withAgent).map(({ key, isUnstable }) => [key, isUnstable]);

test('the same is no difference', () => {
  assert.ok(isEqual(pass, run({ b: 'PASS', a: 'PASS' })));
  assert.deepEqual(told([pass, pass], [pass]), []);
});

test('a status, a message, a subtest that is missing and the harness itself can differ', () => {
  for (const other of [fail, run({ a: 'PASS' }), run({ a: 'PASS', b: 'PASS', c: 'PASS' }), run({ a: 'PASS', b: 'PASS' }, ['TIMEOUT', ''])]) {
    assert.ok(!isEqual(pass, other));
  }
  assert.deepEqual(told([pass], [fail]), [['b', false]]);
  assert.deepEqual(told([fail], [run({ a: 'PASS', b: 'FAIL: expected 2' })]), [['b', false]]);
  assert.deepEqual(told([pass], [run({ a: 'PASS', b: 'PASS' }, ['ERROR', 'gone'])]), [[HARNESS, false]]);
  const [missing] = differences([pass], [run({ a: 'PASS' })]);
  assert.deepEqual([...missing.with], [[ABSENT, 1]]);
});

test('what differs in one run with the agent and in none without it is a difference', () => {
  assert.deepEqual(told(times(5, pass), [...times(4, pass), fail]), [['b', false]]);
});

test('what differs without the agent too is unstable', () => {
  assert.deepEqual(told([pass, fail, pass], times(3, fail)), [['b', true]]);
  assert.deepEqual(told([pass, fail], [pass, pass]), [['b', true]]);
});

test('a status that is never there without the agent is a difference, however unstable the others are', () => {
  assert.deepEqual(told([pass, fail], times(2, run({ a: 'PASS', b: 'TIMEOUT' }))), [['b', false]]);
  assert.deepEqual(told([pass, fail], [pass, run({ a: 'PASS', b: 'TIMEOUT' })]), [['b', true]]);
});

test('names that a test makes for one run are no difference', () => {
  const of = (uuid) => run({ a: `FAIL: no ${uuid} there` });
  assert.deepEqual(told([of('5a4cb8e8-54a2-4b5c-9fd9-1a1bbd1d3f55')], [of('0a4cb8e8-54a2-4b5c-9fd9-1a1bbd1d3f50')]), []);
});

test('subtests of one name are held against each other in their order', () => {
  const twice = (first, second) => ({ harness: ['OK', ''], subtests: [['a', first, ''], ['a', second, '']] });
  assert.deepEqual(told([twice('PASS', 'FAIL')], [twice('PASS', 'PASS')]), [['a (2)', false]]);
});

test('it is settled when each side has one status', () => {
  assert.ok(isSettled(differences([pass, pass], [fail, run({ a: 'PASS', b: 'FAIL: expected 2' })])));
  assert.ok(!isSettled(differences([pass, pass], [fail, pass])));
});
