// The shapes of the waterfall: a lane's label, bar and measure, and the vitals' lines.

import type { CustomSeriesRenderItem, CustomSeriesRenderItemReturn } from 'echarts/types/dist/shared';
import type { RowKind } from './api';
import { CHART_FONT } from './chart';
import type { Palette } from './chart';
import type { Lane, VitalMark } from './lanes';

export const KIND_COLOURS: Record<RowKind, string> = {
  navigation: 'navigation',
  resource: 'resource',
  request: 'request',
  vital: 'vital',
  error: 'poor',
  long_task: 'needs-improvement',
  long_animation_frame: 'frame',
  event: 'muted',
};

/** Below this width labels stand above their bars instead of beside them. */
export const PHONE_PX = 640;
export const TOP_PX = 46;
export const LABELS_PX = 210;
export const MEASURE_PX = 72;
export const SIDE_PX = 12;

export interface Drawing {
  lanes: Lane[];
  marks: VitalMark[];
  end_ms: number;
  selected: Lane | undefined;
}

export function rowHeight(width: number): number {
  return width < PHONE_PX ? 40 : 26;
}

export function drawLane({ lanes, selected }: Drawing, palette: Palette, width: number): CustomSeriesRenderItem {
  const phone = width < PHONE_PX;
  const high = rowHeight(width);
  // The vitals' lines run behind the text: a halo keeps it readable.
  const halo = { stroke: palette('surface'), lineWidth: 3 };
  return (params, api): CustomSeriesRenderItemReturn => {
    const lane = lanes[params.dataIndex];
    if (lane === undefined) return;
    const x = (ms: number): number => api.coord([ms, params.dataIndex])[0] ?? 0;
    const top = TOP_PX + params.dataIndex * high;
    const bar = { y: top + (phone ? 22 : 7), height: 12 };
    const colour = palette(lane.row.failed ? 'poor' : KIND_COLOURS[lane.row.kind]);
    const from = x(lane.from_ms);
    const long = x(lane.to_ms) - from;
    const isMoment = lane.to_ms === lane.from_ms;
    const pieces = lane.phases.length === 0 ? [{ from_ms: lane.from_ms, to_ms: lane.to_ms, weight: 1 }] : lane.phases;
    const shapes = isMoment
      ? [diamond(from, bar.y + 6, colour)]
      : pieces.map((piece) => ({
          type: 'rect' as const,
          shape: {
            x: x(piece.from_ms),
            width: Math.max(x(piece.to_ms) - x(piece.from_ms), long < 3 ? 3 : 0.5),
            r: 2,
            ...bar,
          },
          style: { fill: colour, opacity: piece.weight },
        }));
    const outline =
      lane.row.failed && !isMoment
        ? [
            {
              type: 'rect' as const,
              shape: { x: from - 2, width: Math.max(long, 3) + 4, r: 3, y: bar.y - 2, height: 16 },
              style: { fill: 'none', stroke: colour, lineWidth: 1.5 },
            },
          ]
        : [];
    return {
      type: 'group',
      children: [
        ...(lane === selected
          ? [
              {
                type: 'rect' as const,
                shape: { x: 0, y: top, width, height: high, r: 4 },
                style: { fill: palette('selected'), opacity: 0.75 },
              },
            ]
          : []),
        {
          type: 'rect' as const,
          shape: { x: 0, y: top + high - 1, width, height: 1 },
          style: { fill: palette('line') },
        },
        ...shapes,
        ...outline,
        {
          type: 'text' as const,
          style: {
            x: phone ? SIDE_PX : 8,
            y: top + (phone ? 12 : 13),
            text: (lane.row.failed ? '✕ ' : '') + lane.label,
            width: phone ? width - 90 : LABELS_PX - 20,
            overflow: 'truncate' as const,
            fill: lane.row.failed ? palette('poor') : palette('text'),
            ...halo,
            fontSize: 13,
            fontWeight: lane.row.kind === 'navigation' ? 600 : 400,
            fontFamily: CHART_FONT,
            verticalAlign: 'middle' as const,
          },
        },
        measureText(
          lane,
          { x: phone ? width - 8 : from + long + 10, y: phone ? top + 12 : top + 13, align: phone ? 'right' : 'left' },
          palette,
        ),
      ],
    };
  };
}

function measureText(lane: Lane, place: { x: number; y: number; align: 'left' | 'right' }, palette: Palette) {
  return {
    type: 'text' as const,
    style: {
      ...place,
      text: lane.measure,
      fill: palette('muted'),
      stroke: palette('surface'),
      lineWidth: 3,
      fontSize: 12,
      fontFamily: CHART_FONT,
      verticalAlign: 'middle' as const,
    },
  };
}

function diamond(x: number, y: number, fill: string) {
  return {
    type: 'polygon' as const,
    shape: {
      points: [
        [x, y - 6],
        [x + 6, y],
        [x, y + 6],
        [x - 6, y],
      ],
    },
    style: { fill },
  };
}

export function lineMarks(marks: VitalMark[], end: number): { name: string; at_ms: number }[] {
  return marks
    .flatMap(({ name, at_ms }) => (at_ms === null || at_ms > end ? [] : [{ name: name.toUpperCase(), at_ms }]))
    .sort((a, b) => a.at_ms - b.at_ms);
}

export function drawMark(marks: { name: string; at_ms: number }[], palette: Palette): CustomSeriesRenderItem {
  // Marks close to each other would write over each other: the later one moves right of the earlier.
  const ends: number[] = [];
  return (params, api): CustomSeriesRenderItemReturn => {
    const mark = marks[params.dataIndex];
    if (mark === undefined) return;
    const grid = params.coordSys as unknown as { y: number; height: number };
    const x = api.coord([mark.at_ms, 0])[0] ?? 0;
    const long = mark.name.length * 8 + 6;
    const left = Math.max(x - long / 2, ends[params.dataIndex - 1] ?? 0);
    ends[params.dataIndex] = left + long;
    return {
      type: 'group',
      children: [
        {
          type: 'line',
          shape: { x1: x, x2: x, y1: grid.y - 4, y2: grid.y + grid.height },
          style: { stroke: palette('vital'), lineWidth: 1.5, lineDash: [4, 3], opacity: 0.75 },
        },
        {
          type: 'text',
          style: {
            x: left + long / 2,
            y: grid.y - 13,
            text: mark.name,
            fill: palette('vital'),
            fontSize: 11,
            fontWeight: 700,
            fontFamily: CHART_FONT,
            align: 'center',
            verticalAlign: 'middle',
          },
        },
      ],
    };
  };
}
