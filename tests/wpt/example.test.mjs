// The runner on a small folder of our own, whose tests look for the agent: it must find each difference, and no other.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const TIMEOUT_MS = 240_000;
const folder = mkdtempSync(join(tmpdir(), 'vitrum-wpt-'));
after(() => rmSync(folder, { recursive: true }));

async function wpt(...words) {
  const program = spawn(process.execPath, [join(import.meta.dirname, 'main.mjs'), ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (text) => (output += text));
  const [code] = await once(program, 'close');
  return { code, output };
}

const verdicts = (tests) =>
  Object.fromEntries(tests.map(({ path, forms: { ready, early } }) => [path.slice('/looks/'.length), [ready.verdict, early.verdict]]));
const found = (tests, path, form) => tests.find((one) => one.path === path).forms[form].found;

for (const browser of ['chromium', 'firefox']) {
  test(`what a page sees of the agent is found (${browser})`, { timeout: TIMEOUT_MS }, async () => {
    const file = join(folder, `${browser}.json`);
    const { code, output } = await wpt('--browser', browser, '--json', file, 'tests/wpt/example/looks');
    assert.equal(code, 1, output);
    const { tests, left } = JSON.parse(readFileSync(file, 'utf8'));
    const { 'chance.html': chance, ...others } = verdicts(tests);
    assert.deepEqual(others, {
      'handlers.html?first': ['same', 'same'],
      'handlers.html?second': ['same', 'same'],
      'ready.any.html': ['differs', 'same'],
      'tag.window.html': ['same', 'differs'],
    });
    assert.equal(chance[0], 'unstable', output);
    const [session] = found(tests, '/looks/ready.any.html', 'ready');
    assert.equal(session.key, 'nobody keeps a session');
    assert.deepEqual(session.without, { PASS: 5 });
    assert.ok(Object.keys(session.with).every((outcome) => outcome.startsWith('FAIL: assert_equals:  expected null but got ')));
    const [name] = found(tests, '/looks/tag.window.html', 'early');
    assert.deepEqual([name.key, name.without], ['nobody is called vitrum', { PASS: 5 }]);
    assert.match(output, /ready, differs: "nobody keeps a session"\n {4}without: PASS \(5 of 5 runs\)\n {4}with: {4}FAIL/);
    assert.match(output, /5 tests with 7 subtests in /);
    assert.deepEqual(left.map(({ file }) => file).sort(), ['looks/elsewhere.html', 'looks/only.worker.js', 'looks/safe.https.html']);
  });
}

test('what is no difference ends well', { timeout: TIMEOUT_MS }, async () => {
  const { code, output } = await wpt('tests/wpt/example/looks/handlers.html');
  assert.equal(code, 0, output);
});

test('what cannot be done is said in a sentence', async () => {
  const said = async (pattern, ...words) => {
    const { code, output } = await wpt(...words);
    assert.equal(code, 2, output);
    assert.match(output, pattern);
    assert.equal(output.trim().split('\n').length, 1, output);
  };
  await said(/Say which tests/);
  await said(/There is no .*nowhere/, 'nowhere');
  await said(/No folder above .*tests\/wpt\/example\.test\.mjs has resources\/testharness\.js.*--root DIR/, 'tests/wpt/example.test.mjs');
  await said(/is not below/, '--root', 'tests/wpt/example', 'tests/e2e');
  await said(/--browser is lynx, but must be chromium or firefox/, '--browser', 'lynx', 'tests/wpt/example');
  await said(/There is no test below .*that can be run/, 'tests/wpt/example/resources');
});
