// What a run has to say, in sentences.

import { ABSENT, HARNESS, statusOf } from './comparison.mjs';

const times = (count, of) => (of === 1 ? '' : ` (${count} of ${of} runs)`);

/** The outcomes of a side, one of each status if there are many. */
function outcomes(tally, of) {
  if (tally.size <= MOST_OUTCOMES) return [...tally].map(([outcome, count]) => `${outcome}${times(count, of)}`).join(' | ');
  const byStatus = new Map();
  for (const [outcome, count] of tally) {
    const [example, sum] = byStatus.get(statusOf(outcome)) ?? [outcome, 0];
    byStatus.set(statusOf(outcome), [example, sum + count]);
  }
  return [...byStatus].map(([status, [example, count]]) => `${status}${times(count, of)}, for example ${example}`).join(' | ');
}
const MOST_OUTCOMES = 3;

/** The lines on a test; none if the agent changed nothing. Subtests with the same outcomes share theirs. */
export function linesOf({ path, forms, lacking }) {
  if (lacking) return [path, `  not run: it needs ${lacking.join(', ')}, which is not here`];
  const lines = [];
  for (const [form, { verdict, found, runs }] of Object.entries(forms)) {
    if (verdict === 'not started') lines.push(`  ${form}: the agent did not start`);
    const groups = new Map();
    for (const { key, without, with: changed, isUnstable } of found) {
      const told = [`    without: ${outcomes(without, runs[0])}`, `    with:    ${outcomes(changed, runs[1])}`].join('\n');
      const title = `  ${form}, ${isUnstable ? 'unstable' : 'differs'}: `;
      const names = groups.get(title + told)?.names ?? [];
      groups.set(title + told, { title, told, names: [...names, key === HARNESS ? 'the harness' : JSON.stringify(key)] });
    }
    for (const { title, told, names } of groups.values()) lines.push(title + names.join(`\n${' '.repeat(title.length)}`), told);
  }
  return lines.length ? [path, ...lines] : [];
}

/** The totals of a run, by form. */
export function totals(results, forms) {
  const subtests = results.reduce((sum, one) => sum + one.subtests.length, 0);
  const passed = results.reduce((sum, one) => sum + one.subtests.filter(([, status]) => status === 'PASS').length, 0);
  const found = { tests: results.length, subtests, passed };
  for (const form of forms) {
    const counts = { same: 0, differs: 0, unstable: 0, silent: 0, 'not started': 0 };
    const more = { subtestsDiffer: 0, subtestsUnstable: 0, hadCore: 0 };
    for (const { forms: told } of results) {
      const { verdict, found, hadCore } = told[form];
      counts[verdict]++;
      more.hadCore += hadCore ? 1 : 0;
      for (const { isUnstable } of found) more[isUnstable ? 'subtestsUnstable' : 'subtestsDiffer']++;
    }
    found[form] = { ...counts, ...more };
  }
  return found;
}

/** The closing lines. */
export function closing(results, forms, left, browser, server) {
  const told = totals(results, forms);
  const lines = [`${told.tests} tests with ${told.subtests} subtests in ${browser}, served by ${server}; without the agent ${told.passed} pass`];
  for (const form of forms) {
    const { same, differs, unstable, silent, subtestsDiffer, subtestsUnstable, hadCore, 'not started': lost } = told[form];
    lines.push(
      `${form}: ${same} the same, ${differs} differ (${subtestsDiffer} subtests), ${unstable} unstable (${subtestsUnstable} subtests), ` +
        `${silent} report nothing either way, ${lost} where the agent did not start; its core was there in ${hadCore}`,
    );
  }
  const reasons = new Map();
  for (const { why } of left) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  if (left.length) lines.push(`not run: ${left.length}`, ...[...reasons].map(([why, count]) => `  ${count} ${why}`));
  return lines;
}

/** What a program reads. */
export function asData(results, forms, left) {
  const plain = (tally) => Object.fromEntries(tally);
  const tests = results.map(({ path, forms, harness, subtests, ms }) => ({
    path,
    harness,
    subtests: subtests.length,
    ms,
    forms: Object.fromEntries(
      Object.entries(forms).map(([form, { verdict, found, runs }]) => [
        form,
        { verdict, runs, found: found.map((one) => ({ ...one, key: one.key === HARNESS ? null : one.key, without: plain(one.without), with: plain(one.with) })) },
      ]),
    ),
  }));
  return { totals: totals(results, forms), tests, left, absent: ABSENT };
}
