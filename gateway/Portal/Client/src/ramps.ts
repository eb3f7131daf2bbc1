/**
 * Cividis (Nuñez, Anderton and Renslow 2018, doi:10.1371/journal.pone.0199239), sampled: even steps of lightness, and the same order for readers with and without a colour
 * vision deficiency.
 */
const cividis: readonly (readonly [number, number, number])[] = [
  [0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120], [165, 156, 116], [195, 179, 105], [225, 204, 85], [254, 232, 56],
];

export type Rgb = readonly [number, number, number];

/** The colour at a share from 0 to 1 of the ramp; what lies outside gets the end's colour. */
export function ramp(share: number): Rgb {
  const place = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * (cividis.length - 1);
  const below = cividis[Math.min(cividis.length - 2, Math.floor(place))]!;
  const above = cividis[Math.min(cividis.length - 1, Math.floor(place) + 1)]!;
  const part = place - Math.min(cividis.length - 2, Math.floor(place));
  return [0, 1, 2].map((channel) => Math.round(below[channel]! + (above[channel]! - below[channel]!) * part)) as unknown as Rgb;
}

export const css = (colour: Rgb): string => `rgb(${colour.join(' ')})`;

/** Relative luminance (WCAG 2.2). */
export function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => (value <= 10.31 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of two colours, from 1 to 21 (WCAG 2.2). */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const ink: Rgb = [0, 0, 0];
const paper: Rgb = [255, 255, 255];

/** Dark or light text, whichever reads better on a colour. */
export const textOn = (colour: Rgb): Rgb => (contrast(colour, ink) >= contrast(colour, paper) ? ink : paper);

/** The ends of a ramp that shows these values: round numbers, and never the same one twice. */
export function domain(values: readonly number[]): readonly [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const step = 10 ** Math.floor(Math.log10(Math.max(high - low, Math.abs(high) * 0.05, 0.1)));
  const from = Math.floor(low / step) * step;
  const to = Math.ceil(high / step) * step;
  return from === to ? [from, from + step] : [round(from), round(to)];
}

const round = (value: number): number => Number(value.toPrecision(12));
