// The shapes of a lane of the waterfall: its place in the tree, its label, bar and measure.

import type { CustomSeriesRenderItem, CustomSeriesRenderItemReturn } from 'echarts/types/dist/shared';
import type { RowKind } from './api';
import { CHART_FONT } from './chart';
import type { Palette } from './chart';
import { ancestors } from './lanes';
import type { Lane, VitalMark } from './lanes';
import type { Outcome } from './outcome';
import type { PhaseShape } from './phases';

export const KIND_COLOURS: Record<RowKind, string> = {
  view: 'view',
  action: 'action',
  navigation: 'navigation',
  resource: 'resource',
  request: 'request',
  span: 'service',
  vital: 'vital',
  error: 'poor',
  long_task: 'needs-improvement',
  long_animation_frame: 'frame',
  event: 'muted',
};

const OUTCOME_COLOURS: Partial<Record<Outcome, string>> = {
  failed: 'poor',
  'timed-out': 'needs-improvement',
  aborted: 'muted',
};

/** Height in px, and how solid. */
const PHASE_SHAPES: Record<PhaseShape, [number, number]> = {
  line: [2, 0.55],
  thin: [6, 0.75],
  light: [12, 0.4],
  full: [12, 1],
};

/** Below this width labels stand above their bars instead of beside them. */
export const PHONE_PX = 640;
export const TOP_PX = 46;
export const LABELS_PX = 240;
export const MEASURE_PX = 108;
export const SIDE_PX = 12;
const BAR_PX = 12;
const STEP_PX = 14;
/** A tree that is deeper than this would leave no place for its labels. */
const MOST_STEPS = 8;

export interface Drawing {
  lanes: Lane[];
  marks: VitalMark[];
  start_ms: number;
  end_ms: number;
  selected: Lane | undefined;
}

type Shape = NonNullable<CustomSeriesRenderItemReturn>;

export function rowHeight(width: number): number {
  return width < PHONE_PX ? 40 : 26;
}

export function drawLane({ lanes, selected }: Drawing, palette: Palette, width: number): CustomSeriesRenderItem {
  const phone = width < PHONE_PX;
  const high = rowHeight(width);
  const places = new Map(lanes.map((lane, place) => [lane, place]));
  const family = new Set(selected === undefined ? [] : [...ancestors(selected), ...offspring(selected)]);
  // The vitals' lines run behind the text: a halo keeps it readable.
  const halo = { stroke: palette('surface'), lineWidth: 3 };
  return (params, api): CustomSeriesRenderItemReturn => {
    const place = params.dataIndex;
    const lane = lanes[place];
    if (lane === undefined) return;
    const x = (ms: number): number => api.coord([ms, place])[0] ?? 0;
    const top = TOP_PX + place * high;
    const indent = Math.min(lane.depth, MOST_STEPS) * STEP_PX;
    const ink = palette(OUTCOME_COLOURS[lane.outcome] ?? 'text');
    const left = (phone ? SIDE_PX : 8) + indent;
    const textTop = top + (phone ? 12 : 13);
    const long = textWidth(lane.measure);
    const end = x(lane.to_ms) + 10;
    // At the right edge there may be no room behind the bar, but then there is before it.
    const measurePlace = phone
      ? { x: width - 8, align: 'right' }
      : end + long <= width
        ? { x: end, align: 'left' }
        : { x: x(lane.from_ms) - 10, align: 'right' };
    const background = lane === selected ? 'selected' : family.has(lane) ? 'related' : null;
    return {
      type: 'group',
      children: [
        ...(background === null ? [] : [box(0, top, width, high, { fill: palette(background) }, 4)]),
        box(0, top + high - 1, width, 1, { fill: palette('line') }),
        ...guide(lane, places, high, left, textTop, palette(background === null ? 'line-strong' : 'accent')),
        ...bar(lane, x, top + (phone ? 22 : 7), palette),
        {
          type: 'text',
          style: {
            x: left,
            y: textTop,
            text: (lane.outcome === 'failed' ? '✕ ' : '') + lane.label,
            width: (phone ? width - SIDE_PX - 20 - long : LABELS_PX - 16) - indent,
            overflow: 'truncate',
            fill: ink,
            ...halo,
            fontSize: 13,
            fontWeight: lane.row.kind === 'navigation' || lane.row.kind === 'view' ? 600 : 400,
            fontFamily: CHART_FONT,
            verticalAlign: 'middle',
          },
        },
        {
          type: 'text',
          style: {
            ...measurePlace,
            y: textTop,
            text: lane.measure,
            fill: lane.outcome === 'ok' ? palette('muted') : ink,
            ...halo,
            fontSize: 12,
            fontFamily: CHART_FONT,
            verticalAlign: 'middle',
          },
        },
      ],
    } as Shape;
  };
}

/** Of the small font, about. */
function textWidth(text: string): number {
  return text.length * 6.7;
}

function offspring(lane: Lane): Lane[] {
  // All would be part of the view.
  return lane.row.kind === 'view' ? [] : lane.children.flatMap((child) => [child, ...offspring(child)]);
}

/** A line from what the lane belongs to. What belongs to the view alone would fill the whole side with one. */
function guide(lane: Lane, places: Map<Lane, number>, high: number, left: number, y: number, stroke: string) {
  const above = lane.parent === undefined ? undefined : places.get(lane.parent);
  const own = places.get(lane);
  if (above === undefined || own === undefined || lane.depth < 2 || lane.depth > MOST_STEPS) return [];
  const x = left - STEP_PX + 4;
  const from = y - (own - above) * high + 9;
  const points = [
    [x, from],
    [x, y],
    [left - 3, y],
  ];
  return [{ type: 'polyline', shape: { points }, style: { stroke, fill: 'none', lineWidth: 1 } }];
}

function bar(lane: Lane, x: (ms: number) => number, y: number, palette: Palette) {
  const colour = palette(OUTCOME_COLOURS[lane.outcome] ?? KIND_COLOURS[lane.row.kind]);
  const from = x(lane.from_ms);
  const long = x(lane.to_ms) - from;
  if (lane.to_ms === lane.from_ms) return [diamond(from, y + BAR_PX / 2, colour)];
  if (lane.row.kind === 'view') return [bracket(from, from + Math.max(long, 3), y, colour)];
  const whole = { name: '', shape: 'full' as const, from_ms: lane.from_ms, to_ms: lane.to_ms };
  const pieces = lane.phases.length === 0 || long < 3 ? [whole] : lane.phases;
  const isHollow = lane.outcome === 'aborted';
  const shapes = pieces.map((piece) => {
    const [height, opacity] = PHASE_SHAPES[piece.shape];
    const width = Math.max(x(piece.to_ms) - x(piece.from_ms), long < 3 ? 3 : 0.5);
    const style = { fill: colour, opacity: isHollow ? opacity * 0.35 : opacity };
    return box(x(piece.from_ms), y + (BAR_PX - height) / 2, width, height, style, Math.min(2, height / 2));
  });
  if (lane.outcome === 'ok') return shapes;
  const outline = { fill: 'none', stroke: colour, lineWidth: 1.5, ...(isHollow && { lineDash: [3, 2] }) };
  return [...shapes, box(from - 2, y - 2, Math.max(long, 3) + 4, BAR_PX + 4, outline, 3)];
}

/** The view spans what it holds. */
function bracket(from: number, to: number, y: number, stroke: string) {
  const points = [
    [from, y + BAR_PX],
    [from, y + 3],
    [to, y + 3],
    [to, y + BAR_PX],
  ];
  return { type: 'polyline', shape: { points }, style: { stroke, fill: 'none', lineWidth: 2.5 } };
}

function box(x: number, y: number, width: number, height: number, style: Record<string, unknown>, r = 0) {
  return { type: 'rect', shape: { x, y, width, height, r }, style };
}

function diamond(x: number, y: number, fill: string) {
  const points = [
    [x, y - 6],
    [x + 6, y],
    [x, y + 6],
    [x - 6, y],
  ];
  return { type: 'polygon', shape: { points }, style: { fill } };
}
