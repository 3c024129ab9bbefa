// Runs in the page: describes what a report holds as plain values, at the moment it is given.

/** The objects of the browser that were given, numbered: who gives the same object gives the same number. */
const numbers = new WeakMap();
let last = 0;

function number(object) {
  if (!numbers.has(object)) numbers.set(object, ++last);
  return numbers.get(object);
}

/** Whether the browser has this interface, and this is of it. */
const isA = (name, value) => Boolean(globalThis[name]) && value instanceof globalThis[name];

/** From the node up to its root, by names that a story's page gives. */
function path(node) {
  const part = node.nodeName.toLowerCase() + (node.id ? `#${node.id}` : '');
  const parent = node.parentNode ?? node.host;
  return parent ? `${path(parent)} ${part}` : part;
}

const rectangle = ({ x, y, width, height }) => [x, y, width, height];

/**
 * Objects of the browser become their kind, their number and what can be read of them; a copy of such an object is an
 * object of the page, and looks like one. What is undefined is left out, as if it were not there.
 */
export function plain(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? undefined : value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof PerformanceEntry) {
    const { entryType, name, startTime, duration } = value;
    // A navigation lasts until the page has loaded, which may be between the reports of two libraries.
    const grows = entryType === 'navigation';
    return { is: 'entry', number: number(value), entryType, name, startTime, ...(!grows && { duration }) };
  }
  if (isA('LayoutShiftAttribution', value)) {
    const { node, previousRect, currentRect } = value;
    return { is: 'source', number: number(value), node: plain(node), from: rectangle(previousRect), to: rectangle(currentRect) };
  }
  if (value instanceof Node) return { is: 'node', number: number(value), path: path(value) };
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
