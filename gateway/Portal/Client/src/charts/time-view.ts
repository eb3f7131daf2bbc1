import { read, type History } from '../data';
import { moment, number, quantity, shown, symbolOf } from '../format';
import type { View } from '../lazy';
import { onReset, onUpdate } from '../live';
import { locale, nameOf, text } from '../texts';
import { onThemeChange } from '../theme';
import { chart, common, palette, type EChartsType } from './setup';
import { extremes, insert, withGaps, type Point } from './points';

/** A line over time, with the guideline where there is one. Arrow keys read it value by value. */
export class TimeView implements View {
  readonly #ending = new AbortController();
  readonly #reading = document.createElement('output');
  readonly #chart: EChartsType;
  #points: readonly Point[];
  #at: number | undefined;

  private constructor(
    private readonly element: HTMLElement,
    stage: HTMLElement,
    private readonly history: History,
  ) {
    this.#points = history.points;
    this.#chart = chart(stage, this.#ending.signal);
    this.#reading.className = 'viz-hidden';
    stage.append(this.#reading);
    stage.tabIndex = 0;
    stage.setAttribute('role', 'group');
    stage.setAttribute('aria-roledescription', 'chart');
    stage.addEventListener('keydown', (event) => this.#step(event), { signal: this.#ending.signal });
    stage.addEventListener('blur', () => this.#chart.dispatchAction({ type: 'hideTip' }), { signal: this.#ending.signal });
    this.#draw(stage);
    onThemeChange(() => this.#draw(stage), this.#ending.signal);
    onUpdate((update) => {
      if (update.bulk) return void this.#readAnew(stage);
      for (const change of update.observations) {
        const value = change.values[history.property];
        if (change.station === history.station && value !== undefined) this.#points = insert(this.#points, [Date.parse(change.observedAt), value]);
      }
      this.#draw(stage);
    }, this.#ending.signal);
    onReset(() => void this.#readAnew(stage), this.#ending.signal);
  }

  static async create(element: HTMLElement, stage: HTMLElement): Promise<TimeView> {
    return new TimeView(element, stage, await read<History>(element.getAttribute('src') ?? ''));
  }

  destroy(): void {
    this.#ending.abort();
  }

  async #readAnew(stage: HTMLElement): Promise<void> {
    const history = await read<History>(this.element.getAttribute('src') ?? '').catch(() => undefined);
    if (history) {
      this.#points = history.points;
      this.#draw(stage);
    }
  }

  #draw(stage: HTMLElement): void {
    const { property } = this.history;
    const colour = palette(this.element);
    const limit = Number(this.element.getAttribute('guideline')) || undefined;
    stage.setAttribute('aria-label', this.#summary());
    this.#chart.setOption({
      ...common(this.element, colour),
      grid: { left: 8, right: 20, top: 34, bottom: 6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: {
        ...common(this.element, colour).tooltip,
        trigger: 'axis',
        axisPointer: { type: 'line', lineStyle: { color: colour.muted, type: 'dashed' } },
        formatter: (items: unknown) => {
          const point = (items as { value: Point }[])[0]?.value;
          return point ? `${quantityShown(property, point[1])}\n${moment(new Date(point[0]))}` : '';
        },
      },
      xAxis: {
        type: 'time',
        axisLine: { lineStyle: { color: colour.line } },
        axisTick: { show: false },
        axisLabel: { color: colour.muted, hideOverlap: true, fontSize: 12, margin: 10, formatter: (time: number) => tick(time) },
      },
      yAxis: {
        type: 'value',
        scale: limit === undefined,
        name: symbolOf(property),
        nameTextStyle: { color: colour.muted, align: 'left', padding: [0, 0, 4, 0], fontSize: 12 },
        nameGap: 10,
        splitNumber: 4,
        splitLine: { lineStyle: { color: colour.line } },
        axisLabel: { color: colour.muted, fontSize: 12, formatter: (value: number) => new Intl.NumberFormat(locale()).format(value) },
      },
      series: [
        {
          type: 'line',
          name: nameOf(property),
          data: withGaps(this.#points.map(([time, value]): Point => [time, shown(property, value)])),
          showSymbol: false,
          lineStyle: { width: 2.25, color: colour['series-1'], join: 'round' },
          itemStyle: { color: colour['series-1'] },
          areaStyle: {
            origin: 'start',
            color: { type: 'linear', x: 0, y: 0, x2: 0, y2: 1, colorStops: [{ offset: 0, color: translucent(colour['series-1'], 0.26) }, { offset: 1, color: translucent(colour['series-1'], 0.02) }] },
          },
          emphasis: { disabled: true },
          markLine: {
            silent: true,
            symbol: 'none',
            data: limit === undefined ? [] : [{ yAxis: limit }],
            lineStyle: { color: colour.limit, type: 'dashed', width: 1.5 },
            label: { formatter: `${text('guideline')} ${number(property, limit ?? 0)}`, position: 'insideEndTop', color: colour.limit, fontSize: 12 },
          },
        },
      ],
    });
  }

  #summary(): string {
    const label = this.element.getAttribute('label') ?? `${this.history.name}, ${nameOf(this.history.property)}`;
    const found = extremes(this.#points);
    if (!found) return `${label}. ${text('empty')}`;
    const say = (value: number) => quantity(this.history.property, value);
    return `${text('summary', label, say(found.low), say(found.high), say(found.latest[1]), moment(new Date(found.latest[0])))} ${text('keys')}`;
  }

  #step(event: KeyboardEvent): void {
    const last = this.#points.length - 1;
    const at = this.#at ?? last;
    const next = { ArrowLeft: this.#at === undefined ? last : at - 1, ArrowRight: at + 1, Home: 0, End: last, PageUp: at - 24, PageDown: at + 24 }[event.key];
    if (next === undefined || last < 0) return;
    event.preventDefault();
    this.#at = Math.min(last, Math.max(0, next));
    const [time, value] = this.#points[this.#at]!;
    const gaps = withGaps(this.#points).findIndex((point) => point[0] === time);
    this.#chart.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: gaps });
    this.#reading.textContent = `${quantity(this.history.property, value)}, ${moment(new Date(time))}`;
  }
}

const quantityShown = (property: string, value: number): string => [new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(value), symbolOf(property)].join('\u00a0');

/** Midnight is told by its date, any other hour by its time. */
function tick(time: number): string {
  const at = new Date(time);
  const midnight = at.getHours() === 0 && at.getMinutes() === 0;
  return new Intl.DateTimeFormat(locale(), midnight ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** rgb(1, 2, 3) → rgba(1, 2, 3, share) */
const translucent = (colour: string, share: number): string => {
  const [red, green, blue] = colour.match(/[\d.]+/g) ?? ['0', '0', '0'];
  return `rgba(${red}, ${green}, ${blue}, ${share})`;
};
