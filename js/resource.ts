// The row of a resource, as src/core/observation.rs says: also workers make it.

/** The properties that are packed after the start, in their order. */
export const PHASES =
  'duration,fetchStart,workerStart,redirectStart,redirectEnd,domainLookupStart,domainLookupEnd,connectStart,secureConnectionStart,connectEnd,requestStart,responseStart,responseEnd,transferSize,encodedBodySize,decodedBodySize,responseStatus';

export const numbersOf = (entry: any, names: string): number[] => names.split(',').map((name) => +entry[name] || 0);
export const textsOf = (entry: any, names: string): string[] =>
  names.split(',').map((name) => (entry[name] === 'non-blocking' ? '' : entry[name] || ''));

/** The texts of a resource, or of the document. What the server says of its time is told by names and times only: its descriptions are its own. */
export const textsOfResource = (entry: any, type = 'initiatorType'): string[] => {
  const texts = textsOf(entry, 'name,' + type + ',nextHopProtocol,renderBlockingStatus');
  const timings: any[] = entry.serverTiming || [];
  if (timings.length) {
    const isTrace = ({ name }: any): boolean => /^trace(parent|response)$/.test(name);
    const parts = timings.filter((timing) => !isTrace(timing)).slice(0, 16).map(({ name, duration }) => name + (duration ? ';dur=' + duration : ''));
    texts[2] += '\n' + parts.join(', ') + '\n' + (timings.find(isTrace)?.description || '');
  }
  return texts;
};

export const numbersOfResource = (entry: any): number[] => numbersOf(entry, 'startTime,' + PHASES);
/** The numbers of a resource that are times of its own clock: all but its duration, its sizes and its status. */
export const isTime = (index: number): boolean => index !== 1 && index < 14;
