import type { Condition, Station } from '../data';

/** Stations that stand at the same place: one marker. */
export interface Site {
  readonly key: string;
  readonly name: string;
  readonly position: [number, number];
  readonly stations: readonly Station[];
}

const order: readonly Condition[] = ['unknown', 'good', 'attention', 'poor'];

/** Groups what has a position by it, to about ten metres, from north to south: the order in which the tab key visits. */
export function sites(stations: readonly Station[]): Site[] {
  const groups = new Map<string, Station[]>();
  for (const station of stations) {
    if (station.longitude === null || station.latitude === null) continue;
    const key = `${station.longitude.toFixed(4)} ${station.latitude.toFixed(4)}`;
    groups.set(key, [...(groups.get(key) ?? []), station]);
  }
  return [...groups]
    .map(([key, group]) => ({ key, name: group[0]!.name, position: [group[0]!.longitude!, group[0]!.latitude!] as [number, number], stations: group }))
    .sort((a, b) => b.position[1] - a.position[1]);
}

/** The worst that is known of a place. */
export const conditionOf = (site: Site): Condition =>
  site.stations.reduce<Condition>((worst, station) => (order.indexOf(station.condition) > order.indexOf(worst) ? station.condition : worst), 'unknown');

/** What is measured of a property at a place. */
export const valueAt = (site: Site, property: string): number | undefined => site.stations.map((station) => station.values[property]).find((value) => value !== undefined);

/** Properties that at least two places measure: fewer are no comparison. */
export function comparable(all: readonly Site[]): string[] {
  const names = [...new Set(all.flatMap((site) => site.stations.flatMap((station) => Object.keys(station.values))))];
  return names.filter((name) => all.filter((site) => valueAt(site, name) !== undefined).length > 1);
}
