// What the agent changes: the outcomes of a test without it and with it, several of each, held against each other.

/** Under this key is the harness's own status; no subtest is called so. */
export const HARNESS = '\u0000harness';

/** Names that are made for one run, such as those under which a test talks to its server. */
const RANDOM = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;

/** Each subtest's status and message, by its name. */
export function table({ harness, subtests }) {
  const found = new Map([[HARNESS, shown(...harness)]]);
  for (const [name, status, message] of subtests) {
    let key = name;
    for (let count = 2; found.has(key); count++) key = `${name} (${count})`;
    found.set(key, shown(status, message));
  }
  return found;
}

const shown = (status, message) => [status, message].filter(Boolean).join(': ').replace(RANDOM, 'UUID');
export const statusOf = (shown) => shown.split(':')[0];
/** Of a subtest that one side does not have. */
export const ABSENT = 'absent';

/** Whether two outcomes say the same. */
export function isEqual(one, other) {
  const [left, right] = [table(one), table(other)];
  return left.size === right.size && [...left].every(([key, value]) => right.get(key) === value);
}

/** How often each was seen, of the runs of a side. */
function tally(tables, key) {
  const found = new Map();
  for (const one of tables) {
    const value = one.get(key) ?? ABSENT;
    found.set(value, (found.get(value) ?? 0) + 1);
  }
  return found;
}

/**
 * What differs: for each such subtest how often each outcome was seen without and with the agent. It is unstable only if
 * it differs without the agent too; but if its status with the agent is none that it ever has without, it differs.
 */
export function differences(without, withAgent) {
  const sides = [without, withAgent].map((runs) => runs.map(table));
  const keys = new Set(sides.flat().flatMap((one) => [...one.keys()]));
  const found = [];
  for (const key of keys) {
    const [plain, changed] = sides.map((tables) => tally(tables, key));
    const all = new Set([...plain.keys(), ...changed.keys()]);
    if (all.size === 1) continue;
    const statuses = new Set([...plain.keys()].map(statusOf));
    const isApart = [...changed.keys()].every((value) => !statuses.has(statusOf(value)));
    found.push({ key, without: plain, with: changed, isUnstable: plain.size > 1 && !isApart });
  }
  return found;
}

/** Whether every run of each side had the same status, so that more runs would tell nothing. */
export function isSettled(found) {
  return found.every((one) => [one.without, one.with].every((tally) => new Set([...tally.keys()].map(statusOf)).size === 1));
}
