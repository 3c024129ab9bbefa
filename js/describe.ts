// What went wrong, as texts: of an error nothing is kept but these. The loader has it, and workers have it, too.

/** Time, how often, type of the event, URL of what it is about, what the site says of it; and of the error and its causes name, message and stack each. */
export type Failure = [at: number, times: number, type: string, url: string, context: any, texts: string[]];

/** As long as the core would let it be (STACK_BYTES in src/wire/limits.rs). */
const LENGTH = 8192;
/** An error and its causes, three texts each (CAUSES in src/core/limits.rs). */
const TEXTS = 15;

/** What may be a proxy, or a getter, throws at whoever reads it. */
const safely = <R>(action: () => R): R | undefined => {
  try {
    return action();
  } catch {}
};
export const read = (object: any, name: string): any => safely(() => object[name]);
const textOf = (value: any): string => safely(() => (Object(value) === value ? {}.toString.call(value) : String(value)).slice(0, LENGTH)) ?? 'unreadable';

/** What was thrown, with what it says its causes are, in whatever circles. Without a message it tells what it is. */
export const describe = (reason: any, message?: string, place?: string | false): string[] => {
  const texts: string[] = [];
  const chain = new Set([reason]);
  for (const error of chain) {
    if (texts[TEXTS - 1] != null) break;
    const said = read(error, 'message');
    const isError = typeof said === 'string';
    // Only errors are causes.
    if (texts[0] != null && !isError) continue;
    let stack = textOf(read(error, 'stack') || '');
    // Errors of syntax have no frames, and what is no error has no stack.
    if (place && !stack.includes(place)) stack += '\n    at ' + place;
    place = '';
    texts.push(isError ? textOf(read(error, 'name') || '') : '', textOf(isError ? said : (error ?? message ?? error)), stack);
    safely(() => [read(error, 'cause'), read(error, 'errors')].flat().slice(0, TEXTS).forEach(chain.add, chain));
  }
  return texts;
};

/** What an event tells: of an error, a rejection, an element that did not load, a policy; or what was caught elsewhere, as if by an event. */
export const failureOf = (event: any): Failure => {
  const { type, target } = event;
  const file = event.filename || event.sourceFile;
  const place = file ? `${file}:${event.lineno ?? event.lineNumber}:${event.colno ?? event.columnNumber}` : '';
  const isLoad = type === 'error' && target !== globalThis;
  const said = isLoad ? target.nodeName + ' did not load' : event.effectiveDirective;
  return [
    event.timeStamp,
    1,
    type,
    isLoad ? '' + (target.currentSrc || target.src || target.href) : event.blockedURI,
    event.context,
    said ? ['', said, place] : describe(event.error ?? event.reason, event.message, place),
  ];
};
