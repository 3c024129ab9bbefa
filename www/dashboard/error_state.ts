// Whether an error is new, mended, or back; and the controls that say that it is mended.

import { changeState } from './api_errors';
import type { ErrorDetail, ErrorGroup } from './api_errors';
import { element, replaceContent } from './element';
import { formatAgo } from './format';

const ORIGINS: Record<string, [string, string]> = {
  extension: ['Extension', 'Of a browser extension or an injected script, and not of the site'],
  'third-party': ['Third party', 'Of a script of another domain'],
  'cross-origin': ['Cross-origin', 'The browser hides what it was'],
};

export function originName(origin: string): string {
  return ORIGINS[origin]?.[0] ?? origin;
}

export function errorBadges(group: ErrorGroup): HTMLElement[] {
  const badges: HTMLElement[] = [];
  if (group.state === 'regressed') {
    badges.push(badge('regressed', 'Regressed', `Resolved in ${group.resolved_version ?? 'no release'}, seen again in ${group.regressed_version ?? 'a later one'}`));
  }
  if (group.state === 'resolved') badges.push(badge('resolved', 'Resolved', `Resolved in ${group.resolved_version ?? 'no release'}`));
  if (group.new_in !== null) badges.push(badge('new', `New in ${group.new_in}`, 'First seen in the latest release'));
  else if (group.is_new) badges.push(badge('new', 'New', 'First seen in this range'));
  if (group.origin !== null) badges.push(badge('origin', ...(ORIGINS[group.origin] ?? [group.origin, 'Not of the page itself'])));
  return badges;
}

function badge(kind: string, name: string, title: string): HTMLElement {
  return element('span', { class: `badge ${kind}`, title }, name);
}

export interface StateControls {
  root: HTMLElement;
  show(group: ErrorDetail): void;
}

export function createStateControls(onChanged: () => void): StateControls {
  const root = element('div', { class: 'state', role: 'group', 'aria-label': 'State of the error' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  // What is chosen stays chosen while newer data come.
  let chosen: string | undefined;
  let drawn = '';

  const change = (group: ErrorGroup, to: Parameters<typeof changeState>[1]): void => {
    problem.textContent = '';
    changeState(group, to).then(
      () => {
        chosen = undefined;
        onChanged();
      },
      (reason: unknown) => {
        problem.textContent = reason instanceof Error ? reason.message : 'The collector cannot be reached.';
      },
    );
  };

  const resolveControls = (group: ErrorDetail): HTMLElement[] => {
    const releases = group.known_releases;
    const select = element(
      'select',
      { 'aria-label': 'Release with the fix', 'data-key': 'fixed in', change: () => (chosen = select.value) },
      ...releases.map((version) => element('option', { value: version }, version)),
    );
    if (chosen !== undefined && releases.includes(chosen)) select.value = chosen;
    const click = (): void => change(group, { state: 'resolved', version: releases.length === 0 ? null : select.value });
    const button = element('button', { type: 'button', 'data-key': 'resolve', click }, releases.length === 0 ? 'Mark resolved' : 'Mark resolved in');
    return releases.length === 0 ? [button] : [button, select];
  };

  return {
    root,
    show(group) {
      const now = JSON.stringify([group.fingerprint, group.state, group.state !== 'open' && group.resolved_version, group.known_releases]);
      if (now === drawn) return;
      drawn = now;
      if (group.state === 'resolved') {
        const where = group.resolved_version === null ? 'Resolved' : `Resolved in ${group.resolved_version}`;
        const click = (): void => change(group, { state: 'open' });
        replaceContent(
          root,
          element('p', {}, element('strong', {}, where), element('span', { class: 'note' }, ` ${formatAgo(group.resolved_ms)}`)),
          element('button', { type: 'button', 'data-key': 'reopen', click }, 'Reopen'),
          problem,
        );
        return;
      }
      const back =
        group.state === 'regressed' &&
        element(
          'p',
          { class: 'problem' },
          `Resolved in ${group.resolved_version ?? 'no release'}, seen again in ${group.regressed_version ?? 'a later one'} ${formatAgo(group.regressed_ms)}`,
        );
      replaceContent(root, back, ...resolveControls(group), problem);
    },
  };
}
