// The five vitals: long names, official thresholds, ratings, and how a value is written.

import type { VitalName } from './api';
import { element } from './element';
import { formatMs } from './format';

export type Rating = 'good' | 'needs-improvement' | 'poor';

interface Vital {
  title: string;
  good: number;
  poor: number;
}

export const VITAL_NAMES: readonly VitalName[] = ['lcp', 'inp', 'cls', 'fcp', 'ttfb'];

/** From https://web.dev/articles/defining-core-web-vitals-thresholds; a value at the limit is still the better one. */
export const VITALS: Record<VitalName, Vital> = {
  lcp: { title: 'Largest Contentful Paint', good: 2500, poor: 4000 },
  inp: { title: 'Interaction to Next Paint', good: 200, poor: 500 },
  cls: { title: 'Cumulative Layout Shift', good: 0.1, poor: 0.25 },
  fcp: { title: 'First Contentful Paint', good: 1800, poor: 3000 },
  ttfb: { title: 'Time to First Byte', good: 800, poor: 1800 },
};

export const RATING_WORDS: Record<Rating, string> = {
  good: 'Good',
  'needs-improvement': 'Needs improvement',
  poor: 'Poor',
};

export function rate(name: VitalName, value: number): Rating {
  const { good, poor } = VITALS[name];
  if (value <= good) return 'good';
  return value <= poor ? 'needs-improvement' : 'poor';
}

export function formatVital(name: VitalName, value: number): string {
  return name === 'cls' ? value.toFixed(3) : formatMs(value);
}

export function thresholdsText(name: VitalName): string {
  const limit = (value: number): string => (name === 'cls' ? String(value) : formatMs(value));
  return `Good up to ${limit(VITALS[name].good)}, poor over ${limit(VITALS[name].poor)}`;
}

/** A shape for each rating, so that it is told apart without its colour. */
export function ratingMark(rating: Rating): HTMLElement {
  return element('span', {
    class: `mark ${rating}`,
    role: 'img',
    'aria-label': RATING_WORDS[rating],
    title: RATING_WORDS[rating],
  });
}

export function ratedValue(name: VitalName, value: number | null): Node {
  if (value === null) return element('span', { class: 'faint', 'aria-label': 'no data' }, '–');
  return element('span', { class: 'rated' }, ratingMark(rate(name, value)), formatVital(name, value));
}
