// What entries of the performance timeline say when they are read together; and a short name for an element: the path of
// ids, tags and classes, from an element with an id on, of under 100 characters. As web-vitals has it, so that people find
// it again.

/** The document's entry, if its times are to be believed. */
export const navigationEntry = (): any => {
  const [entry] = performance.getEntriesByType('navigation') as any[];
  return entry?.responseStart > 0 && entry.responseStart < performance.now() ? entry : undefined;
};

/** The last resources, for the one that was painted: the browser's own buffer ends after 250. Source: web-vitals. */
const recent: PerformanceResourceTiming[] = [];
let resources = 50;
/** So many of them are remembered from now on. */
export const keepResources = (count: number): void => {
  resources = count;
};
export const rememberResource = (entry: PerformanceResourceTiming): void => {
  if (recent.push(entry) > resources) recent.shift();
};

/** The resource that was painted; none that was asked for after that. */
export const resourceOf = (painted: any): any => {
  const isIt = (entry: any): boolean => entry.name === painted.url && (entry.requestStart || entry.startTime) <= painted.startTime;
  return painted?.url && (recent.findLast(isIt) || (performance.getEntriesByType('resource') as any[]).findLast(isIt));
};
/** The element of a shift that is named: the first that is an element. */
export const sourceOf = (sources: any): any => sources?.find((source: any) => source.node?.nodeType === 1) || sources?.[0];

const LENGTH = 100;
const MASK = '[data-vitrum-mask]';

/** The selector of a node; empty if there is none. A `data-vitrum-name` is as good as an id. */
export const selector = (node: Node | null | undefined): string => {
  let path = '';
  try {
    // What is in a masked part of the page is told by the outermost element that is masked.
    let masked = (node?.nodeType === Node.TEXT_NODE ? node.parentElement : (node as Element))?.closest?.(MASK);
    for (; masked; masked = masked.parentElement?.closest(MASK)) node = masked;
    while (node && node.nodeType !== Node.DOCUMENT_NODE) {
      const { id, classList, nodeName, nodeType } = node as Element;
      const isElement = nodeType === Node.ELEMENT_NODE;
      const name = isElement ? nodeName.toLowerCase() : nodeName.toUpperCase().replace('#', '');
      const given = isElement && (node as Element).getAttribute('data-vitrum-name');
      const step = given || id ? '#' + (given || id) : [name, ...[...(classList || [])].sort()].join('.');
      if (path.length + step.length > LENGTH - 1) return path || step;
      path = path ? step + '>' + path : step;
      if (given || id) break;
      node = node.parentNode;
    }
  } catch {
    // A page may have put anything in the place of these properties.
  }
  return path;
};
