// Who tells the trace: what of the server's notes is the only permitted difference, and what each request must have.

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]$/;
const OWN = '00-11111111111111111111111111111111-2222222222222222-01';

const valuesOf = ({ headers }, name) => headers.filter(([other]) => other === name).map(([, value]) => value);

/** Whether the agent may have added what this request has: one header, of the right form, within the page's origin. */
const isPermitted = (request) =>
  request.origin === 'own' &&
  valuesOf(request, 'sec-fetch-site')[0] === 'same-origin' &&
  valuesOf(request, 'sec-fetch-dest')[0] === 'empty' &&
  valuesOf(request, 'sec-fetch-mode')[0] !== 'no-cors' &&
  valuesOf(request, 'traceparent').length === 1 &&
  TRACEPARENT.test(valuesOf(request, 'traceparent')[0]) &&
  valuesOf(request, 'traceparent')[0] !== OWN &&
  valuesOf(request, 'tracestate').length <= 1;

/** The headers of a request but for those. */
export const withoutTrace = (request) =>
  isPermitted(request) ? request.headers.filter(([name]) => name !== 'traceparent' && name !== 'tracestate') : request.headers;

/** What is wrong with the requests of checks/trace.mjs, by check. Before the core is there the trace may be told or not. */
export function judge(traced, is) {
  const spans = new Set();
  const all = [...traced].map(([name, served]) => [name, served.flatMap((request) => faultOf(request, is, spans) ?? [])]);
  return new Map(all.filter(([, lines]) => lines.length));
}

function faultOf(request, { isRunning, isStopped, isEarly }, spans) {
  const { method, origin, kind, query } = request;
  const values = valuesOf(request, 'traceparent');
  const state = valuesOf(request, 'tracestate');
  const isGood = values.length === 1 && TRACEPARENT.test(values[0]) && values[0] !== OWN && state.length <= 1;
  const isAbsent = values.length === 0 && state.length === 0;
  const allowed = {
    yes: isRunning && !isStopped ? isGood : isAbsent || (isEarly && isGood),
    may: isAbsent || isGood,
    no: isAbsent,
    own: values.length === 1 && values[0] === OWN && state.length === 0,
  };
  const told = `${method} ${origin} ${kind}?${query}`;
  // A preflight tells of the header, but has none.
  const expected = method === 'OPTIONS' ? 'no' : new URLSearchParams(query).get('expect');
  if (!allowed[expected]) return `${told}: traceparent is ${JSON.stringify([...values, ...state])}`;
  // Where a redirect leads, the header goes along.
  if (!isGood || query.endsWith('again')) return;
  const [, , span] = values[0].split('-');
  if (spans.has(span)) return `${told}: the span ${span} is told twice`;
  spans.add(span);
}
