// The functions that web-vitals has, of the npm entries: each begins to measure for its callback.

import { hear } from './begin.ts';
import type { Metric, MetricName, ReportOptions } from './metrics.ts';

export type { Metric, MetricName, ReportOptions } from './metrics.ts';

type Listen = (callback: (metric: Metric) => void, options?: ReportOptions) => void;

const on =
  (name: MetricName | 'Vital'): Listen =>
  (callback, options) =>
    hear(['on' + name, callback, options]);

/** Cumulative Layout Shift: called when the page hides, and again when it has changed since. */
export const onCLS: Listen = on('CLS');
/** First Contentful Paint. */
export const onFCP: Listen = on('FCP');
/** Interaction to Next Paint: called when the page hides, and again when it has changed since. */
export const onINP: Listen = on('INP');
/** Largest Contentful Paint: called at the first click or key, or when the page hides. */
export const onLCP: Listen = on('LCP');
/** Time to First Byte: called when the page is loaded. */
export const onTTFB: Listen = on('TTFB');
/** All of them. */
export const onVital: Listen = on('Vital');
