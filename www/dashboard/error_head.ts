// What an error is, above its stack: its title, its numbers, and what can be done about it.

import type { ErrorDetail, Shown } from './api_errors';
import { detailText } from './detail';
import { element } from './element';
import type { Child } from './element';
import { ago } from './error_list';
import { errorBadges } from './error_state';
import { formatCount } from './format';
import { advice } from './stack_view';

const SOURCES: Record<string, string> = {
  error: 'Uncaught error',
  rejection: 'Unhandled rejection',
  resource: 'Failed load',
  console: 'Console',
  csp: 'Content-Security-Policy',
  deprecation: 'Deprecation',
  intervention: 'Intervention of the browser',
  crash: 'Crash',
  worker: 'Worker',
  captured: 'Reported by the site',
};

export function errorTitle(error: ErrorDetail): HTMLElement {
  return element(
    'div',
    { class: 'error-title' },
    element('h1', {}, error.type || 'Error'),
    error.message !== '' && element('p', { class: 'error-message' }, error.message),
    element('p', { class: 'badges' }, ...errorBadges(error)),
  );
}

export function errorTotals(error: ErrorDetail): HTMLElement {
  const versions = error.releases.map(({ version }) => version).filter((version) => version !== null);
  const pairs: [string, Child][] = [
    ['Times', formatCount(error.count)],
    ['Sessions', formatCount(error.sessions)],
    ['Users', error.users > 0 ? formatCount(error.users) : '–'],
    ['First seen', ago(error.first_ms)],
    ['Last seen', ago(error.last_ms)],
    [versions.length === 1 ? 'Release' : 'Releases', versions.slice(0, 4).join(', ') || '–'],
    ['Service', error.service],
    ['Caught as', error.source === null ? '' : (SOURCES[error.source] ?? `Boundary of ${error.source}`)],
  ];
  return element(
    'dl',
    { class: 'panel view-facts totals numbers' },
    ...pairs.map(([key, value]) => value !== '' && element('div', {}, element('dt', {}, key), element('dd', {}, value))),
  );
}

/** What a reader who meets such an error for the first time would have to look up. */
export function originAdvice(error: ErrorDetail, shown: Shown | null): HTMLElement | null {
  if (error.origin === 'cross-origin' || (error.origin === null && /^Script error\.?$/.test(error.message))) {
    const url = shown === null ? null : detailText(shown.attributes, 'url.full');
    return advice(
      'The browser hides what this error was',
      `It came from a script of another origin${url === null ? '' : ` (${url})`}, of which browsers tell nothing unless both sides agree to it:`,
      element(
        'ol',
        { class: 'steps' },
        element('li', {}, 'Give the script’s tag the attribute ', element('code', {}, 'crossorigin="anonymous"'), '.'),
        element('li', {}, 'Have its server answer with ', element('code', {}, 'Access-Control-Allow-Origin: *'), ' (or your origin). Without that header the script would not be loaded any more.'),
      ),
    );
  }
  if (error.origin === 'extension') {
    return advice('Not of your site', 'It came from a browser extension or a script that something has injected into the page. Visitors without it are not affected.');
  }
  if (error.origin === 'third-party') {
    return advice('Of a third party', 'The innermost script of the stack is of another domain than the page. Who runs it has to mend it; you may load it later, or not at all.');
  }
  return null;
}
