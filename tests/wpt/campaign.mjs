// Plays tests without and with the agent, several at a time, and says of each what the agent changed.

import { differences, isEqual, isSettled } from './comparison.mjs';
import { Gate } from './gate.mjs';
import { GONE, outcome, SILENT } from './outcome.mjs';

/** What a page may take beside the time that its harness gives it. */
const LOADING_MS = 15_000;
/** So many rounds more there are at most, of as many runs as were asked for, if some of a side's runs said otherwise. */
const ROUNDS = 2;

/** Plays all tests; `tell` hears of each when it is done. Returns what came of them, in their order. */
export async function campaign({ tests, site, browser, inserted, forms, again, parallel, tell }) {
  const results = new Array(tests.length);
  let next = 0;
  const work = async () => {
    const gate = await Gate.start(site, inserted);
    let player;
    const run = async (test, form) => {
      const address = site.address(test);
      const { pathname, search } = new URL(address);
      Object.assign(gate, { form, page: pathname + search, asked: new Set() });
      player ??= await browser.player(gate);
      try {
        const seen = await player.play(address, test.timeout * inserted.patience + LOADING_MS);
        return { ...seen, lacking: site.lacking(gate.asked) };
      } catch (failure) {
        // The browser is gone, or cannot be spoken to any more: the next run has another.
        console.error(`${test.path} (${form}): ${failure.message}`);
        await player.end().catch(() => {});
        player = undefined;
        return { ...outcome(), harness: [GONE, ''], lacking: [] };
      }
    };
    try {
      while (next < tests.length) {
        const index = next++;
        results[index] = await examine(tests[index], run, forms, again);
        tell(results[index]);
      }
    } finally {
      await player?.end();
      gate.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, tests.length) }, work));
  return results;
}

/** Whether a page had the agent: what reported without it must not pass for a page with it. */
const HAD_AGENT = {
  ready: ({ isDone, agent }) => agent.isReady || !(isDone || agent.isKnown),
  early: ({ isDone, agent }) => agent.hasLoader || !isDone,
};

/** Plays one test in all forms, and again where they differ. */
export async function examine(test, run, forms, again) {
  const begun = Date.now();
  const runs = { none: [] };
  for (const form of ['none', ...forms]) runs[form] = [await run(test, form)];
  const lacking = [...new Set(Object.values(runs).flatMap(([{ lacking }]) => lacking))];
  if (lacking.length) return { path: test.path, lacking };
  const had = (form) => runs[form].filter(HAD_AGENT[form]);
  const differs = (form) => had(form).some((one) => !isEqual(runs.none[0], one));
  for (let round = 0; round < ROUNDS; round++) {
    const suspects = forms.filter((form) => differs(form) && (round === 0 || !isSettled(differences(runs.none, had(form)))));
    for (let count = 0; suspects.length && count < again; count++) {
      // In turns, so that what alternates by itself does not look as if it were due to the form.
      const order = ['none', ...suspects];
      for (const form of count % 2 ? order : order.reverse()) runs[form].push(await run(test, form));
    }
  }
  const found = Object.fromEntries(forms.map((form) => [form, judge(runs.none, had(form), form)]));
  const [{ subtests, harness }] = runs.none;
  return { path: test.path, forms: found, subtests, harness, ms: Date.now() - begun };
}

/** The verdict on one form. */
function judge(without, withAgent, form) {
  if (!withAgent.length) return { verdict: 'not started', found: [] };
  const hadCore = form === 'ready' || withAgent.some(({ agent }) => agent.hasCore);
  const found = differences(without, withAgent);
  const runs = [without.length, withAgent.length];
  const isSilent = [...without, ...withAgent].every(({ harness: [status] }) => status === SILENT || status === GONE);
  const verdict = isSilent ? 'silent' : !found.length ? 'same' : found.every(({ isUnstable }) => isUnstable) ? 'unstable' : 'differs';
  return { verdict, found, runs, hadCore };
}
