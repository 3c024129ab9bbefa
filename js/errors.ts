// The entry `vitrum/errors`: what hands the errors that a framework has caught to the agent. Each function takes `captureError` of the
// entry that the site uses (or, on a page with the tag, `(...args) => vitrum.push(['captureError', ...args])`), and does besides what the
// framework does where nobody listens. It depends on none of them.

import type { Capture } from './capture.ts';

type CaptureError = (...args: Capture) => unknown;
/** What a handler does besides must happen, whatever becomes of what we do. */
const attempt = (action: () => unknown): void => {
  try {
    action();
  } catch {
    // It is told by nobody, and nobody is kept from anything.
  }
};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The innermost component of React's stack of them. */
const componentOf = (info: any): { component?: string } => {
  const [, component] = /^\s*(?:at |in )?([\w$.]+)/m.exec(text(info?.componentStack).trimStart()) || [];
  return component ? { component } : {};
};

/** React 19: options for `createRoot` and `hydrateRoot`. */
export const react = (captureError: CaptureError) => ({
  onCaughtError(error: unknown, info?: unknown): void {
    attempt(() => captureError(error, componentOf(info), 'react'));
    console.error(error);
  },
  onUncaughtError(error: unknown, info?: unknown): void {
    attempt(() => captureError(error, componentOf(info), 'react', false));
    reportError(error);
  },
});

/** React: the `componentDidCatch` of an error boundary of the site's, which React has written to the console already. */
export const boundary =
  (captureError: CaptureError) =>
  (error: unknown, info?: unknown): void =>
    attempt(() => captureError(error, componentOf(info), 'react'));

/** Vue: `app.config.errorHandler`. `before` is the one that was there. */
export const vue =
  (captureError: CaptureError, before?: ((error: unknown, instance: any, info: string) => void) | null) =>
  (error: unknown, instance: any, info: string): void => {
    attempt(() => {
      const { name, __name = name } = instance?.$options || {};
      captureError(error, { info: text(info), ...(text(__name) && { component: __name }) }, 'vue');
    });
    if (before) before(error, instance, info);
    else console.error(error);
  };

/** Angular: `{ provide: ErrorHandler, useValue: angular(captureError) }`. */
export const angular = (captureError: CaptureError) => ({
  handleError(error: any): void {
    attempt(() => captureError(error?.ngOriginalError ?? error, {}, 'angular'));
    console.error('ERROR', error);
  },
});

/** Svelte 5: `<svelte:boundary onerror={svelte(captureError)}>`. */
export const svelte =
  (captureError: CaptureError) =>
  (error: unknown, _reset?: () => void): void =>
    attempt(() => captureError(error, {}, 'svelte'));

/** Solid: `<ErrorBoundary fallback={solid(captureError, (error, reset) => …)}>`. */
export const solid =
  <T>(captureError: CaptureError, fallback: (error: any, reset: () => void) => T) =>
  (error: any, reset: () => void): T => {
    attempt(() => captureError(error, {}, 'solid'));
    return fallback(error, reset);
  };
