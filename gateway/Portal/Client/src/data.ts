export type Condition = 'unknown' | 'good' | 'attention' | 'poor';

export interface Station {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly longitude: number | null;
  readonly latitude: number | null;
  readonly synthetic: boolean;
  readonly observedAt: string | null;
  readonly condition: Condition;
  readonly values: Readonly<Record<string, number>>;
}

export interface History {
  readonly name: string;
  readonly station: string;
  readonly property: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface Radar {
  readonly axes: readonly { readonly name: string; readonly max: number }[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  readonly reference: number | null;
}

export interface CityModel {
  readonly center: [number, number];
  readonly bbox: [number, number, number, number];
  readonly features: readonly { readonly properties: { readonly layer: string; readonly name: string | null; readonly label: [number, number] | null } }[];
}

export interface Change {
  readonly station: string;
  readonly observedAt: string;
  readonly values: Readonly<Record<string, number>>;
}

export interface Update {
  readonly recordedAt: string;
  readonly bulk: boolean;
  readonly observations: readonly Change[];
}

const underWay = new Map<string, Promise<unknown>>();

/** JSON from the gateway. The browser asks whether what it has is still right (ETag), and several who ask at once share the answer. */
export function read<T>(url: string): Promise<T> {
  const known = underWay.get(url);
  if (known) return known as Promise<T>;
  const answer = load(url).finally(() => underWay.delete(url));
  underWay.set(url, answer);
  return answer as Promise<T>;
}

async function load(url: string): Promise<unknown> {
  const response = await fetch(url, { cache: 'no-cache', credentials: 'same-origin', headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${url}: status ${response.status}`);
  return response.json();
}

/** The stations after a change. What is older than what is known changes nothing. */
export function apply(stations: readonly Station[], changes: readonly Change[]): Station[] {
  return stations.map((station) =>
    changes
      .filter((change) => change.station === station.id)
      .reduce((known, change) => (isOlder(change, known) ? known : { ...known, observedAt: change.observedAt, values: { ...known.values, ...change.values } }), station),
  );
}

const isOlder = (change: Change, station: Station): boolean => station.observedAt !== null && Date.parse(change.observedAt) < Date.parse(station.observedAt);
