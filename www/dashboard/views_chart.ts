// Page views over time as bars, sessions and errors as lines.

import type { Overview } from './api';
import { CHART_FONT, mountChart, tooltipStyle } from './chart';
import type { MakeOption } from './chart';
import { element, panel, replaceContent } from './element';
import { countedAbout, formatCount, formatDateTime, formatTick } from './format';

interface Series {
  name: string;
  key: 'views' | 'sessions' | 'errors';
  colour: string;
}

const SERIES: readonly Series[] = [
  { name: 'Page views', key: 'views', colour: 'views' },
  { name: 'Sessions', key: 'sessions', colour: 'sessions' },
  { name: 'Errors', key: 'errors', colour: 'poor' },
];

const MOST_BUCKETS = 800;

export function createViewsChart(): { root: HTMLElement; update(overview: Overview): void } {
  const canvas = element('div', { class: 'chart', role: 'img' });
  const totals = element('p', { class: 'legend' });
  const root = panel('Page views over time', null, totals, canvas);
  const chart = mountChart(canvas);
  return {
    root,
    update(overview) {
      const buckets = filledBuckets(overview);
      const told = (key: Series['key'], one: string): string =>
        countedAbout(overview.is_estimate, sum(buckets.map((bucket) => bucket[key])), one);
      const [views, errors] = [told('views', 'page view'), told('errors', 'error')];
      replaceContent(
        totals,
        element('span', { class: 'key views' }, views),
        element('span', { class: 'key sessions' }, 'sessions'),
        element('span', { class: 'key errors' }, errors),
      );
      canvas.setAttribute(
        'aria-label',
        `Page views over time: ${views} and ${errors} in this range`,
      );
      chart.draw(viewsOption(buckets, overview.range.bucket_ms));
    },
  };
}

/** The collector may leave out empty buckets; on the axis they are as long as full ones. */
function filledBuckets({ range, views_over_time }: Overview): Overview['views_over_time'] {
  const origin = views_over_time[0]?.at_ms ?? range.from_ms;
  const place = (ms: number): number => Math.round((ms - origin) / range.bucket_ms);
  const known = new Map(views_over_time.map((bucket) => [place(bucket.at_ms), bucket]));
  const first = Math.ceil((range.from_ms - origin) / range.bucket_ms);
  // The range ends before its `to_ms`: a bucket that begins there would be the future's.
  const end = Math.ceil((range.to_ms - origin) / range.bucket_ms) - 1;
  const last = Math.min(end, first + MOST_BUCKETS - 1);
  const from = Math.min(first, ...known.keys());
  return Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => {
    const at = from + index;
    return known.get(at) ?? { at_ms: origin + at * range.bucket_ms, views: 0, sessions: 0, errors: 0 };
  });
}

function viewsOption(buckets: Overview['views_over_time'], bucketMs: number): MakeOption {
  const spanMs = buckets.length * bucketMs;
  const ticks = buckets.map((bucket) => formatTick(bucket.at_ms, spanMs));
  return (palette) => ({
    animation: false,
    textStyle: { fontFamily: CHART_FONT },
    grid: { left: 4, right: 8, top: 12, bottom: 2, containLabel: true },
    tooltip: {
      ...tooltipStyle(palette),
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette('hover') } },
      formatter: (points: { dataIndex: number }[]) => bucketCard(buckets[points[0]?.dataIndex ?? -1]),
    },
    xAxis: {
      type: 'category',
      data: ticks,
      axisLine: { lineStyle: { color: palette('line-strong') } },
      axisTick: { show: false },
      axisLabel: {
        color: palette('muted'),
        fontSize: 12,
        hideOverlap: true,
        alignMaxLabel: 'right',
        // Days repeat over their hours: one label where a day begins.
        ...(new Set(ticks).size < ticks.length && {
          interval: (index: number) => index > 0 && ticks[index] !== ticks[index - 1],
        }),
      },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      max: ({ max }: { max: number }) => Math.max(4, Math.ceil(max * 1.05)),
      axisLabel: { color: palette('muted'), fontSize: 12, showMaxLabel: false },
      splitLine: { lineStyle: { color: palette('line') } },
    },
    series: SERIES.map(({ name, key, colour }) => ({
      name,
      data: buckets.map((bucket) => bucket[key]),
      ...(key === 'views'
        ? {
            type: 'bar',
            barCategoryGap: '25%',
            barMaxWidth: 28,
            itemStyle: { color: palette(colour), borderRadius: [3, 3, 0, 0] },
          }
        : {
            type: 'line',
            symbol: key === 'errors' ? 'diamond' : 'circle',
            symbolSize: (value: number) => (key === 'errors' && value > 0 ? 9 : 0),
            showAllSymbol: true,
            lineStyle: { color: palette(colour), width: 2, type: key === 'errors' ? 'solid' : [5, 4] },
            itemStyle: { color: palette(colour) },
          }),
    })),
  });
}

function bucketCard(bucket: Overview['views_over_time'][number] | undefined): HTMLElement {
  const card = element('div', { class: 'tip' });
  if (bucket === undefined) return card;
  card.append(element('strong', {}, formatDateTime(bucket.at_ms)));
  for (const { name, key } of SERIES) card.append(element('div', { class: `key ${key}` }, `${name}: ${formatCount(bucket[key])}`));
  return card;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
