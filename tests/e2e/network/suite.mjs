// The tests of the suite in one browser: each state against the same page without the agent, subject by subject.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { changedBeyond, report } from './compare.mjs';
import { Plays, subjectsOf } from './plays.mjs';
import { judge } from './trace.mjs';

/** For one load, and those that are waited for before it. */
const TIMEOUT_MS = 120_000;

/** Nothing that a check of the suite does may fail or be late without us. */
function assertSound(all) {
  const wrong = Object.entries(all).flatMap(([subject, checks]) =>
    Object.entries(checks).flatMap(([name, { failed, late }]) => (failed || late ? [`${subject}: ${name}: ${JSON.stringify(failed ?? 'late')}`] : [])),
  );
  assert.deepEqual(wrong, [], 'these checks say nothing');
}

/** Registers the tests; `more` may add some that use the same loads. */
export function conformance(browser, states, more = () => {}) {
  let opened;
  let started;
  const plays = () =>
    (started ??= (async () => {
      opened = await browser.open();
      const plays = await Plays.start(opened);
      // What fails is told by the test that asks for it.
      for (const state of ['bare', ...states]) plays.of(state).catch(() => {});
      return plays;
    })());
  after(async () => {
    await opened?.close();
    await started?.then((plays) => plays.close());
  });
  const check = (name, play) => test(`${name} (${browser.name})`, { timeout: TIMEOUT_MS }, async () => play(await plays()));

  check('every check plays without the agent', async (plays) => assertSound((await plays.of('bare')).all));
  for (const state of states) {
    const { checks, patches } = subjectsOf(state);
    for (const subject of [...checks, ...patches]) {
      check(`${subject}: nothing changes for the page, ${state}`, async (plays) => {
        const [bare, { all }] = [await plays.of('bare'), await plays.of(state)];
        const wrong = changedBeyond(browser.name, subject, bare.all[subject], all[subject], !/stopped/.test(state));
        assert.equal(wrong.size, 0, `${wrong.size} of ${Object.keys(bare.all[subject]).length} checks:\n${report(wrong)}`);
      });
    }
    check(`the trace is told where it may be, ${state}`, async (plays) => {
      const { traced, is } = await plays.of(state);
      const wrong = judge(traced, is);
      assert.equal(wrong.size, 0, report(wrong));
      const count = [...traced.values()].flat().length;
      assert.ok(count > 70, `of all requests ${count} have come`);
    });
  }
  more(check);
}
