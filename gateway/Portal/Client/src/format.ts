import { locale } from './texts';

/** How a property is shown: its symbol, by what its values are multiplied, and how many decimals it has. */
interface Unit {
  readonly symbol: string;
  readonly factor?: number;
  readonly decimals: number;
}

/** By the attribute's name in Smart Data Models; its units are those of UN/CEFACT Recommendation 20 that these models name. */
const units: Readonly<Record<string, Unit>> = {
  temperature: { symbol: '°C', decimals: 1 },
  relativeHumidity: { symbol: '%', factor: 100, decimals: 0 },
  windSpeed: { symbol: 'm/s', decimals: 1 },
  atmosphericPressure: { symbol: 'hPa', decimals: 0 },
  solarRadiation: { symbol: 'W/m²', decimals: 0 },
  precipitation: { symbol: 'mm', decimals: 1 },
  pm10: { symbol: 'µg/m³', decimals: 0 },
  pm25: { symbol: 'µg/m³', decimals: 0 },
  no2: { symbol: 'µg/m³', decimals: 0 },
  o3: { symbol: 'µg/m³', decimals: 0 },
  so2: { symbol: 'µg/m³', decimals: 0 },
  co: { symbol: 'mg/m³', decimals: 1 },
  intensity: { symbol: '/h', decimals: 0 },
  averageVehicleSpeed: { symbol: 'km/h', decimals: 0 },
  waterLevel: { symbol: 'm', decimals: 2 },
};

const plain: Unit = { symbol: '', decimals: 1 };
const unitOf = (property: string): Unit => units[property] ?? plain;

export const symbolOf = (property: string): string => unitOf(property).symbol;

/** The value in the unit in which it is shown. */
export const shown = (property: string, value: number): number => value * (unitOf(property).factor ?? 1);

/** A value without its unit, in the language's digits and separators. */
export function number(property: string, value: number): string {
  const { decimals } = unitOf(property);
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(shown(property, value));
}

/** A value with its unit, kept on one line. */
export const quantity = (property: string, value: number): string => [number(property, value), symbolOf(property)].filter(Boolean).join('\u00a0');

export const clock = (time: Date): string => new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' }).format(time);

export const moment = (time: Date): string => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(time);

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [['day', 86_400], ['hour', 3_600], ['minute', 60]];

/** How long ago, in the largest unit that fits; less than a minute is "now". */
export function ago(time: Date, now: Date): string {
  const seconds = (now.getTime() - time.getTime()) / 1000;
  const [unit, length] = steps.find(([, size]) => seconds >= size) ?? ['second', Number.POSITIVE_INFINITY];
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(-Math.floor(seconds / length) || 0, unit);
}
