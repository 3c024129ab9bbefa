// Mounts an ECharts chart that follows its container's width and the reader's colour scheme.

import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

// SVG, not canvas: the waterfall of a heavy page is taller than the largest canvas a phone allows.
echarts.use([BarChart, LineChart, CustomChart, GridComponent, TooltipComponent, SVGRenderer]);

/** Colours come from style.css, so that charts and page can never disagree. */
export type Palette = (name: string) => string;

export type MakeOption = (palette: Palette, width: number) => EChartsCoreOption;

export interface Chart {
  echarts: ECharts;
  draw(makeOption: MakeOption): void;
}

export function mountChart(container: HTMLElement): Chart {
  // Sizes are always numbers: left to itself, ECharts measures a hidden container and complains.
  const chart = echarts.init(container, null, { renderer: 'svg', width: 300, height: 100 });
  let latest: MakeOption | undefined;

  const redraw = (): void => {
    // A chart in a hidden screen has no width; it is drawn when it comes back.
    if (latest === undefined || container.clientWidth === 0) return;
    const option = latest(readPalette(), container.clientWidth);
    chart.resize({ width: container.clientWidth, height: container.clientHeight });
    chart.setOption(option, { notMerge: true });
  };

  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  new ResizeObserver(redraw).observe(container);
  return {
    echarts: chart,
    draw(makeOption) {
      latest = makeOption;
      redraw();
    },
  };
}

export const CHART_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

export function tooltipStyle(palette: Palette): Record<string, unknown> {
  return {
    backgroundColor: palette('surface'),
    borderColor: palette('line-strong'),
    padding: [8, 10],
    textStyle: { color: palette('text'), fontSize: 13, fontFamily: CHART_FONT },
    confine: true,
    transitionDuration: 0,
  };
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}
