import { read, type Radar } from '../data';
import type { View } from '../lazy';
import { onReset } from '../live';
import { locale } from '../texts';
import { onThemeChange } from '../theme';
import { chart, common, palette, series, type EChartsType } from './setup';

const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3], [2, 4], [12, 4]] as const;

const narrowBelow = 520;

/** A name in lines of at most so many letters; a longer word stands alone. */
function inLines(name: string, longest = 13): string {
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < longest) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** Outlines on several axes. Each has a dash and a symbol of its own beside its colour. */
export class RadarView implements View {
  readonly #ending = new AbortController();
  readonly #chart: EChartsType;

  private constructor(
    private readonly element: HTMLElement,
    private readonly stage: HTMLElement,
    private data: Radar,
  ) {
    this.#chart = chart(stage, this.#ending.signal);
    this.#draw();
    onThemeChange(() => this.#draw(), this.#ending.signal);
    onReset(() => void this.#readAnew(), this.#ending.signal);
  }

  static async create(element: HTMLElement, stage: HTMLElement): Promise<RadarView> {
    return new RadarView(element, stage, await read<Radar>(element.getAttribute('src') ?? ''));
  }

  destroy(): void {
    this.#ending.abort();
  }

  async #readAnew(): Promise<void> {
    this.data = await read<Radar>(this.element.getAttribute('src') ?? '').catch(() => this.data);
    this.#draw();
  }

  #draw(): void {
    const colour = palette(this.element);
    const colours = series(colour);
    const format = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 });
    const { axes, reference } = this.data;
    // On a phone there is less room for names than for the outlines.
    const narrow = this.stage.clientWidth < narrowBelow;
    const reference100 = reference === null ? [] : [{ name: this.element.getAttribute('reference-label') ?? '', value: axes.map(() => reference), lineStyle: { color: colour.limit, type: 'dashed', width: 1.5 }, itemStyle: { color: colour.limit }, symbol: 'none' }];
    this.stage.setAttribute('role', 'img');
    this.stage.setAttribute('aria-label', this.element.getAttribute('label') ?? this.data.series.map((one) => one.name).join(', '));
    this.#chart.setOption(
      {
        ...common(this.element, colour),
        tooltip: { ...common(this.element, colour).tooltip, trigger: 'item', valueFormatter: (value: unknown) => (typeof value === 'number' ? format.format(value) : '–') },
        legend: { type: 'plain', bottom: 0, icon: 'roundRect', itemWidth: 14, itemHeight: 4, itemGap: narrow ? 8 : 16, textStyle: { color: colour.text, fontSize: narrow ? 11 : 13, ...(narrow ? { width: this.stage.clientWidth - 40, overflow: 'break' as const } : {}) } },
        radar: {
          indicator: axes.map((axis) => ({ name: narrow ? inLines(axis.name) : axis.name, max: axis.max })),
          radius: narrow ? '36%' : '72%',
          center: ['50%', '46%'],
          splitNumber: 4,
          axisNameGap: narrow ? 6 : 15,
          axisName: { color: colour.text, fontSize: narrow ? 11 : 13, lineHeight: narrow ? 13 : 16 },
          axisLine: { lineStyle: { color: colour.line } },
          splitLine: { lineStyle: { color: colour.line } },
          splitArea: { show: false },
        },
        series: [
          {
            type: 'radar',
            data: [
              ...this.data.series.map((one, index) => ({
                name: one.name,
                value: one.values.map((value) => value ?? '-'),
                symbol: ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin'][index % 6],
                symbolSize: 6,
                lineStyle: { color: colours[index % colours.length], width: 2, type: dashes[index % dashes.length] },
                itemStyle: { color: colours[index % colours.length] },
                areaStyle: { color: colours[index % colours.length], opacity: 0.06 },
              })),
              ...reference100,
            ],
          },
        ],
      },
      { notMerge: true },
    );
  }
}
