// How often a test is played, and what is said of it, with pages that are made up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examine } from './campaign.mjs';

const AGENT = { isKnown: true, isReady: true, hasLoader: true, hasCore: true };
const page = (status, agent = AGENT) => ({ isDone: true, agent, harness: ['OK', ''], subtests: [['a', status, '']], lacking: [] });
const silent = { isDone: false, agent: AGENT, harness: ['NO REPORT', ''], subtests: [], lacking: [] };

/** Plays by what each form shows, turn by turn; the last stays. Returns the verdicts and how often each was played. */
async function play(shown, forms = ['ready']) {
  const played = { none: 0, ready: 0, early: 0 };
  const run = (_, form) => shown[form][Math.min(played[form]++, shown[form].length - 1)];
  const result = await examine({ path: '/a.html' }, run, forms, 4);
  const verdicts = result.forms && Object.values(result.forms).map(({ verdict }) => verdict);
  return { verdicts, played, result };
}

test('what is the same is played once each way', async () => {
  const { verdicts, played } = await play({ none: [page('PASS')], ready: [page('PASS')], early: [page('PASS')] }, ['ready', 'early']);
  assert.deepEqual(verdicts, ['same', 'same']);
  assert.deepEqual(played, { none: 1, ready: 1, early: 1 });
});

test('what differs is played again, both ways, and the other form is not', async () => {
  const { verdicts, played } = await play({ none: [page('PASS')], ready: [page('FAIL')], early: [page('PASS')] }, ['ready', 'early']);
  assert.deepEqual(verdicts, ['differs', 'same']);
  assert.deepEqual(played, { none: 5, ready: 5, early: 1 });
});

test('what is not the same each time is played more often', async () => {
  const { verdicts, played } = await play({ none: [page('PASS')], ready: [page('FAIL'), page('PASS')] });
  assert.deepEqual(verdicts, ['differs']);
  assert.deepEqual(played, { none: 9, ready: 9, early: 0 });
});

test('it is unstable if it changes without the agent', async () => {
  const { verdicts } = await play({ none: [page('PASS'), page('FAIL'), page('PASS')], ready: [page('FAIL')] });
  assert.deepEqual(verdicts, ['unstable']);
});

test('a page in which the agent did not start is not compared', async () => {
  const without = { ...AGENT, isReady: false, hasLoader: false };
  const { verdicts } = await play({ none: [page('PASS')], ready: [page('PASS', without)], early: [page('PASS', without)] }, ['ready', 'early']);
  assert.deepEqual(verdicts, ['not started', 'not started']);
});

test('a page that never reports is not the same, and one that does so only with the agent differs', async () => {
  assert.deepEqual((await play({ none: [silent], ready: [silent] })).verdicts, ['silent']);
  assert.deepEqual((await play({ none: [page('PASS')], ready: [silent] })).verdicts, ['differs']);
});

test('a page that asks for what cannot be served is not compared', async () => {
  const { result } = await play({ none: [{ ...page('PASS'), lacking: ['Python'] }], ready: [page('FAIL')] });
  assert.deepEqual(result, { path: '/a.html', lacking: ['Python'] });
});
