// Draws the lanes of a page view on one time axis; tells which lane was pressed.

import { CHART_FONT, mountChart, tooltipStyle } from './chart';
import type { MakeOption } from './chart';
import { element } from './element';
import { formatMs } from './format';
import { LABELS_PX, MEASURE_PX, PHONE_PX, SIDE_PX, TOP_PX, drawLane, rowHeight } from './lane_shapes';
import type { Drawing } from './lane_shapes';
import { KIND_WORDS, ancestors } from './lanes';
import type { Lane } from './lanes';
import { drawMark, lineMarks } from './mark_shapes';
import { OUTCOME_WORDS } from './outcome';

export interface Waterfall {
  root: HTMLElement;
  draw(drawing: Drawing): void;
}

export function createWaterfall(onSelect: (lane: Lane) => void): Waterfall {
  const root = element('div', {
    class: 'waterfall',
    role: 'img',
    'aria-label': 'Waterfall of the page view; the same is in the table below',
  });
  const chart = mountChart(root);
  let lanes: Lane[] = [];
  chart.echarts.getZr().on('click', ({ offsetY }) => {
    const lane = lanes[Math.floor((offsetY - TOP_PX) / rowHeight(root.clientWidth))];
    if (lane !== undefined) onSelect(lane);
  });
  return {
    root,
    draw(drawing) {
      lanes = drawing.lanes;
      chart.draw(waterfallOption(root, drawing));
    },
  };
}

function waterfallOption(root: HTMLElement, drawing: Drawing): MakeOption {
  const { lanes, marks, start_ms, end_ms } = drawing;
  return (palette, width) => {
    const phone = width < PHONE_PX;
    const height = TOP_PX + lanes.length * rowHeight(width);
    root.style.height = `${height + 8}px`;
    return {
      animation: false,
      textStyle: { fontFamily: CHART_FONT },
      grid: { left: phone ? SIDE_PX : LABELS_PX, right: phone ? 22 : MEASURE_PX, top: TOP_PX, height: height - TOP_PX },
      tooltip: {
        ...tooltipStyle(palette),
        show: !phone,
        trigger: 'axis',
        axisPointer: { type: 'shadow', axis: 'y', shadowStyle: { color: palette('hover') } },
        formatter: (points: { dataIndex: number }[]) => laneCard(lanes[points[0]?.dataIndex ?? -1]),
      },
      xAxis: {
        type: 'value',
        position: 'top',
        min: start_ms,
        max: end_ms,
        splitNumber: phone ? 4 : 8,
        axisLine: { show: false },
        axisLabel: {
          color: palette('muted'),
          fontSize: 12,
          margin: 24,
          formatter: (ms: number) => (ms === 0 ? '0' : formatMs(ms)),
          showMaxLabel: false,
          hideOverlap: true,
        },
        splitLine: { lineStyle: { color: palette('line') } },
      },
      yAxis: { type: 'category', inverse: true, data: lanes.map((_, index) => index), show: false },
      series: [
        {
          type: 'custom',
          silent: true,
          clip: false,
          z: 3,
          encode: { x: [1, 2], y: 0 },
          data: lanes.map((lane, index) => [index, lane.from_ms, lane.to_ms]),
          renderItem: drawLane(drawing, palette, width),
        },
        {
          type: 'custom',
          silent: true,
          clip: false,
          tooltip: { show: false },
          data: lineMarks(marks, end_ms).map(({ at_ms }) => [at_ms, 0]),
          renderItem: drawMark(lineMarks(marks, end_ms), palette),
        },
      ],
    };
  };
}

function laneCard(lane: Lane | undefined): HTMLElement {
  const card = element('div', { class: 'tip' });
  if (lane === undefined) return card;
  const { row, outcome } = lane;
  const path = ancestors(lane).map(({ label }) => label);
  card.append(
    element(
      'strong',
      {},
      [row.service ?? KIND_WORDS[row.kind], outcome === 'ok' ? '' : OUTCOME_WORDS[outcome].toLowerCase()]
        .filter(Boolean)
        .join(', '),
    ),
    element('div', { class: 'address' }, row.label),
    element(
      'div',
      {},
      `at ${formatMs(lane.from_ms)}` +
        (lane.to_ms > lane.from_ms ? `, took ${formatMs(lane.to_ms - lane.from_ms)}` : ''),
    ),
    ...(path.length === 0 ? [] : [element('div', { class: 'note address' }, `part of ${path.join(' › ')}`)]),
    ...lane.phases.map((phase) =>
      element('div', { class: 'note' }, `${phase.name}: ${formatMs(phase.to_ms - phase.from_ms)}`),
    ),
  );
  return card;
}
