// One card for each vital: its p75, the rating in colour and word, and how the samples are spread.

import type { Overview, VitalSummary } from './api';
import { element } from './element';
import { countedAbout, formatCount, formatShare } from './format';
import { RATING_WORDS, VITALS, formatVital, rate, ratingMark, thresholdsText } from './vitals';
import type { Rating } from './vitals';

export function vitalCards({ vitals, is_estimate }: Overview): HTMLElement[] {
  return vitals.filter((vital) => vital.name in VITALS).map((vital) => vitalCard(vital, is_estimate));
}

function vitalCard(vital: VitalSummary, isEstimate: boolean): HTMLElement {
  const { title } = VITALS[vital.name];
  const head = element(
    'div',
    { class: 'card-head' },
    element('h3', {}, vital.name.toUpperCase()),
    element('p', { class: 'note' }, title),
  );
  if (vital.p75 === null || vital.count === 0) {
    return element(
      'article',
      { class: 'card none' },
      head,
      element('p', { class: 'figure' }, '–'),
      element('p', { class: 'verdict' }, 'No data yet'),
      element('div', { class: 'spread' }),
      element('p', { class: 'note' }, thresholdsText(vital.name)),
    );
  }
  const rating = rate(vital.name, vital.p75);
  return element(
    'article',
    { class: `card ${rating}`, title: thresholdsText(vital.name) },
    head,
    element('p', { class: 'figure' }, formatVital(vital.name, vital.p75), element('small', {}, 'p75')),
    element('p', { class: 'verdict' }, ratingMark(rating), RATING_WORDS[rating]),
    ...spread(vital, isEstimate),
  );
}

function spread(vital: VitalSummary, isEstimate: boolean): HTMLElement[] {
  const parts: [Rating, number][] = [
    ['good', vital.good],
    ['needs-improvement', vital.needs_improvement],
    ['poor', vital.poor],
  ];
  const bar = element('div', { class: 'spread', 'aria-hidden': 'true' });
  const legend = element('ul', { class: 'shares' });
  for (const [rating, part] of parts) {
    const share = formatShare(part, vital.count);
    if (part > 0) bar.append(segment(rating, part));
    legend.append(
      element('li', { title: `${RATING_WORDS[rating]}: ${formatCount(part)} of ${formatCount(vital.count)}` }, ratingMark(rating), share),
    );
  }
  return [bar, legend, element('p', { class: 'note' }, countedAbout(isEstimate, vital.count, 'sample'))];
}

function segment(rating: Rating, part: number): HTMLElement {
  const node = element('span', { class: rating });
  node.style.flexGrow = String(part);
  return node;
}
