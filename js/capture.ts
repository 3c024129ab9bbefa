// Errors that the site has caught itself, told as if by an event.

/** What the site says of an error: texts, numbers and truths, by names of letters, digits, `_`, `.` and `-`. */
export type Context = Record<string, string | number | boolean>;
/** An error (or whatever was thrown), what is said of it, which framework has caught it, and whether that has dealt with it. */
export type Capture = [error: unknown, context?: Context, source?: string, isHandled?: boolean];

const SOURCES = /^(react|vue|angular|svelte|solid)$/;

/** What hands an error to whoever listens. */
export const capturing =
  (to: (event: unknown) => void) =>
  (...[reason, context, source = '', isHandled = true]: Capture): void =>
    // What the site says may change before anyone reads it.
    to({ type: (SOURCES.test(source) ? source : 'captured') + (isHandled ? '' : '!'), timeStamp: performance.now(), reason, context: { ...context } });
