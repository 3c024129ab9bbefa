// What came of a test page, as the runner reads it from there.

import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 50;
const SUBTEST = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'PRECONDITION_FAILED'];
const HARNESS = ['OK', 'ERROR', 'TIMEOUT', 'PRECONDITION_FAILED'];
/** In place of the harness's status, if it told none. */
export const SILENT = 'NO REPORT';
export const GONE = 'BROWSER GONE';

/** Read in the page: what it has to tell, as text. */
export const RESULT = `(() => {
  const { isReady, text } = window[Symbol.for('vitrum.wpt')] ?? {};
  return [typeof isReady, String(isReady), String(!!window.vitrum), String(!!window.vitrum?.stop), text ?? ''].join('\\n');
})()`;

/** The outcome from what was read. `agent` says which parts of the agent the page has by now. */
export function outcome(read) {
  const [known, isReady, hasLoader, hasCore, ...text] = String(read ?? '').split('\n');
  const agent = { isKnown: known === 'boolean', isReady: isReady === 'true', hasLoader: hasLoader === 'true', hasCore: hasCore === 'true' };
  if (!text.join('')) return { isDone: false, agent, harness: [SILENT, ''], subtests: [] };
  const told = JSON.parse(text.join('\n'));
  const [status, message] = told.harness;
  const subtests = told.subtests.map(([name, status, message]) => [String(name), SUBTEST[status] ?? String(status), String(message)]);
  return { isDone: true, agent, harness: [HARNESS[status] ?? String(status), String(message)], subtests };
}

/** Reads again and again until the page has reported, or the time is over. */
export async function until(limit, look) {
  const end = Date.now() + limit;
  let last = outcome();
  for (;;) {
    // A page on its way to another document cannot be read for a moment.
    const seen = await look().catch(() => last);
    if (seen.isDone) return seen;
    if (seen.agent.isKnown || seen.agent.hasLoader) last = seen;
    if (Date.now() > end) return last;
    await pause(PAUSE_MS);
  }
}
