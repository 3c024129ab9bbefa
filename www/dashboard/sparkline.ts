// A few bars as large as a word: how something went over the range.

import { element } from './element';

export function sparkline(values: number[], text: string): HTMLElement {
  const most = Math.max(1, ...values);
  const bars = values.map((value) => {
    const bar = element('i', { class: value > 0 ? 'on' : false });
    // The least that happened is seen, too.
    bar.style.height = value > 0 ? `${Math.max(12, (value / most) * 100)}%` : '2px';
    return bar;
  });
  return element('span', { class: 'spark', role: 'img', 'aria-label': text, title: text }, ...bars);
}
