import { LineChart, RadarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { calm, colours } from '../theme';

use([LineChart, RadarChart, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent, SVGRenderer]);

export type { EChartsType };

/** A chart that keeps to the size of its stage. */
export function chart(stage: HTMLElement, signal: AbortSignal): EChartsType {
  const drawing = document.createElement('div');
  drawing.className = 'viz-canvas';
  stage.prepend(drawing);
  const made = init(drawing, null, { renderer: 'svg' });
  const observer = new ResizeObserver(() => made.resize());
  observer.observe(stage);
  signal.addEventListener('abort', () => (observer.disconnect(), made.dispose()));
  return made;
}

const names = ['text', 'muted', 'line', 'surface', 'series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6', 'limit'] as const;

export type Palette = Record<(typeof names)[number], string>;

export const palette = (element: HTMLElement): Palette => colours(element, names);

export const series = (colour: Palette): string[] => [colour['series-1'], colour['series-2'], colour['series-3'], colour['series-4'], colour['series-5'], colour['series-6']];

/** What all charts share. The tooltip is drawn, not HTML: the page's policy allows no inline style. */
export const common = (element: HTMLElement, colour: Palette) => ({
  animation: !calm(),
  animationDuration: 500,
  animationDurationUpdate: 300,
  textStyle: { fontFamily: getComputedStyle(element).fontFamily, color: colour.text },
  tooltip: {
    renderMode: 'richText' as const,
    backgroundColor: colour.surface,
    borderColor: colour.line,
    borderWidth: 1,
    padding: [8, 12],
    textStyle: { color: colour.text, fontSize: 13 },
    transitionDuration: 0,
  },
});
