// What a page view is, above its waterfall: its title, where it came from, and its facts.

import type { Cause, View } from './api';
import { copyButton } from './copy';
import { element } from './element';
import type { Child } from './element';
import { formatDateTime } from './format';
import { viewAddress } from './route';

export function viewTitle(view: View): HTMLElement {
  return element(
    'div',
    { class: 'view-title' },
    element('h1', {}, `${kindOf(view)} ${view.path}`),
    element('p', { class: 'note' }, formatDateTime(view.time_ms)),
    view.cause && element('p', { class: 'cause' }, ...causeText(view.cause)),
  );
}

/** The view's own span is called after what it is. */
function kindOf(view: View): string {
  const root = view.rows.find(({ kind }) => kind === 'view');
  if (root?.label.startsWith('return ') === true) return 'Return to';
  return view.same_document ? 'Route change to' : 'Page load of';
}

function causeText({ view_id, path, action, target }: Cause): Child[] {
  return [
    `Followed from a ${action || 'user action'} `,
    target !== null && 'on ',
    target !== null && element('code', {}, target),
    ' in ',
    element('a', { href: viewAddress(view_id), 'data-key': 'cause' }, path || 'the view before'),
  ];
}

export function viewFacts(view: View): HTMLElement {
  const pairs: [string, Child][] = [
    ['Address', view.url],
    ['Service', [view.service, view.version].filter(Boolean).join(' ')],
    ['Environment', view.environment],
    ['Session', view.session_id],
    ['Browser', view.user_agent],
    ['Trace', view.span && traceId(view.span.trace_id)],
  ];
  return element(
    'dl',
    { class: 'panel view-facts' },
    ...pairs.map(
      ([key, value]) =>
        value !== null && value !== '' && element('div', {}, element('dt', {}, key), element('dd', {}, value)),
    ),
  );
}

function traceId(id: string): HTMLElement {
  const shown = element('code', {}, id);
  return element('span', { class: 'copied' }, shown, copyButton('trace id', id, shown));
}
