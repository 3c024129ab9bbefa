// The vitals' lines across the waterfall.

import type { CustomSeriesRenderItem, CustomSeriesRenderItemReturn } from 'echarts/types/dist/shared';
import { CHART_FONT } from './chart';
import type { Palette } from './chart';
import type { VitalMark } from './lanes';

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
