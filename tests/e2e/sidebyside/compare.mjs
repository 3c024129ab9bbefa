// Says in what two libraries differ that measured the same page: which told what, how often, in which order and when.

/** The one that is believed, and the one that is compared with it. */
export const LIBRARIES = ['web-vitals', 'vitrum'];

/** Less than what clocks in pages tell apart: a difference below it is a rounding. */
const TIME_MS = 0.05;
const SCORE = 1e-6;
/** What is a score in reports of the CLS. */
const SCORES = ['value', 'delta', 'largestShiftValue'];

/**
 * After a return from the cache, the paint is measured by a look at the clock. Each library has its own, in the same frame
 * and before it tells.
 */
const isLooked = ({ name, navigationType }) => navigationType === 'back-forward-cache' && ['FCP', 'LCP'].includes(name);
/** What such a look gives the value of. */
const LOOKED = ['delta', 'firstByteToFCP', 'elementRenderDelay'];
/** The coarsest clock of a browser. */
const CLOCK_MS = 2;

/** Such a report, without the value that cannot be equal: instead whether it can be right, and what of it is not that value. */
function looked({ value, ...report }, { frame, returned, at }) {
  const isRight = value > frame - returned - CLOCK_MS && value < at - returned + CLOCK_MS;
  const besides = (part) => Object.fromEntries(Object.entries(part).map(([key, each]) => [key, LOOKED.includes(key) ? each - value : each]));
  return { ...besides(report), attribution: besides(report.attribution), value: isRight ? 'a look at the clock' : value, frame };
}

const tolerance = (report, key) => (report.name === 'CLS' && SCORES.includes(key) ? SCORE : TIME_MS);

const isObject = (value) => value !== null && typeof value === 'object';

/** The paths at which two values differ, with both. */
function* unequal(left, right, report, path = []) {
  if (isObject(left) && isObject(right) && Array.isArray(left) === Array.isArray(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      yield* unequal(left[key], right[key], report, [...path, key]);
    }
    return;
  }
  const isNear = () => Math.abs(left - right) < tolerance(report, path.at(-1));
  if (typeof left === 'number' && typeof right === 'number' ? isNear() : left === right) return;
  yield `${path.join('.')} is ${JSON.stringify(left)} and ${JSON.stringify(right)}`;
}

/** Reports of one series: the n-th of its instances instead of an id, and what is comparable. */
function comparable(reports) {
  const ids = [...new Set(reports.map(({ id }) => id))];
  return reports.map(({ id, library, document, set, returned, frame, at, ...report }) => {
    const found = { ...report, instance: ids.indexOf(id) };
    return isLooked(report) ? looked(found, { returned, frame, at }) : found;
  });
}

/** What is made of the long frames that an interaction had to wait for. */
const OF_FRAMES = ['longAnimationFrameEntries', 'longestScript', 'totalScriptDuration', 'totalStyleAndLayoutDuration', 'totalPaintDuration', 'totalUnattributedDuration'];

/**
 * web-vitals forgets long frames in idle moments, on a busy machine also those of an interaction that it hears of later. Where ours
 * knows all of its frames, and more that the interaction had to wait for, what is made of them is not compared.
 */
function whatBothKnow(left, right) {
  const [known, more] = [left, right].map(({ attribution }) => attribution.longAnimationFrameEntries ?? []);
  const { interactionTime, inputDelay, processingDuration } = right.attribution;
  const isMet = ({ startTime, duration }) => startTime + duration >= interactionTime && startTime <= interactionTime + inputDelay + processingDuration;
  const isForgotten = known.length < more.length && more.every(isMet) && known.every(({ number }) => more.some((frame) => frame.number === number));
  if (!isForgotten) return [left, right];
  const without = (report) => ({ ...report, attribution: Object.fromEntries(Object.entries(report.attribution).filter(([key]) => !OF_FRAMES.includes(key))) });
  return [without(left), without(right)];
}

/** The reports of each metric of each document, for each set of options. */
function bySeries(reports) {
  const series = new Map();
  for (const report of reports) {
    const name = `${report.name} of document ${report.document}, options ${report.set}`;
    series.set(name, [...(series.get(name) ?? []), report]);
  }
  return series;
}

function* misused(reports) {
  const owners = new Map();
  for (const { id, library, name, document, set } of reports) {
    const owner = `${library} ${name} ${document} ${set}`;
    if (typeof id !== 'string' || id === '') yield `${owner} has the id ${JSON.stringify(id)}`;
    else if (owners.has(id) && owners.get(id) !== owner) yield `the id ${id} is of ${owners.get(id)} and of ${owner}`;
    owners.set(id, owner);
  }
}

/** All that is unequal, a line each; none when both libraries told the same. */
export function differences(reports) {
  const lines = [...misused(reports)];
  for (const [name, all] of bySeries(reports)) {
    const told = LIBRARIES.map((each) => all.filter(({ library }) => library === each));
    const [left, right] = told.map(comparable);
    if (left.length !== right.length) {
      const [first, second] = told.map((list) => `${list.length} times (${list.map(({ value }) => value).join(', ')})`);
      lines.push(`${name}: ${LIBRARIES[0]} told it ${first}, ${LIBRARIES[1]} ${second}`);
    }
    for (let n = 0; n < Math.min(left.length, right.length); n++) {
      for (const line of unequal(...whatBothKnow(left[n], right[n]), left[n])) lines.push(`${name}, report ${n}: ${line}`);
    }
  }
  return lines;
}
