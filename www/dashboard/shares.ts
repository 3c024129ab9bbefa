// How something is divided: names with bars and counts.

import { element } from './element';
import { formatCount, formatShare } from './format';

export interface Part {
  name: string;
  count: number;
}

export function sharesList(title: string, parts: Part[], whole: number): HTMLElement | null {
  if (parts.length === 0) return null;
  const items = parts.map(({ name, count }) => {
    const bar = element('i');
    bar.style.width = `${Math.min(100, (count / Math.max(whole, 1)) * 100)}%`;
    return element(
      'li',
      { title: `${name}: ${formatCount(count)}` },
      element('span', { class: 'name' }, name),
      element('span', { class: 'share' }, formatShare(count, whole)),
      element('span', { class: 'bar-of', 'aria-hidden': 'true' }, bar),
    );
  });
  return element('section', { class: 'shares-of', 'aria-label': title }, element('h3', {}, title), element('ul', {}, ...items));
}
