import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { CityModel } from '../data';

/** The plan's colours, each a custom property of the page's style sheet. */
export const planColours = ['ground', 'land', 'border', 'park', 'block', 'water', 'road', 'road-edge'] as const;
export type PlanColours = Record<(typeof planColours)[number], string>;

const grow = (thin: number, wide: number): ['interpolate', ['exponential', number], ['zoom'], number, number, number, number] =>
  ['interpolate', ['exponential', 1.6], ['zoom'], 10, thin, 15, wide];

const layers = (colour: PlanColours): LayerSpecification[] => [
  { id: 'ground', type: 'background', paint: { 'background-color': colour.ground } },
  { id: 'land', type: 'fill', source: 'plan', filter: ['==', ['get', 'layer'], 'land'], paint: { 'fill-color': colour.land } },
  { id: 'park', type: 'fill', source: 'plan', filter: ['==', ['get', 'layer'], 'park'], paint: { 'fill-color': colour.park } },
  { id: 'block', type: 'fill', source: 'plan', filter: ['==', ['get', 'layer'], 'block'], paint: { 'fill-color': colour.block } },
  { id: 'river', type: 'fill', source: 'plan', filter: ['==', ['get', 'layer'], 'river'], paint: { 'fill-color': colour.water } },
  ...([2, 1] as const).flatMap((rank): LayerSpecification[] => [
    {
      id: `road-edge-${rank}`, type: 'line', source: 'plan', filter: ['==', ['get', 'rank'], rank], layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': colour['road-edge'], 'line-width': rank === 1 ? grow(2.8, 17) : grow(1.8, 11) },
    },
    {
      id: `road-${rank}`, type: 'line', source: 'plan', filter: ['==', ['get', 'rank'], rank], layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': colour.road, 'line-width': rank === 1 ? grow(1.8, 14) : grow(1, 8.5) },
    },
  ]),
  {
    id: 'border', type: 'line', source: 'plan', filter: ['==', ['get', 'layer'], 'district'], layout: { 'line-join': 'round' },
    paint: { 'line-color': colour.border, 'line-width': 1.25 },
  },
];

/** A style made here: no sprite, no glyph, no tile of anyone else. */
export const planStyle = (model: CityModel, colour: PlanColours): StyleSpecification => ({
  version: 8,
  sources: { plan: { type: 'geojson', data: model as unknown as FeatureCollection } },
  layers: layers(colour),
});

/** Every paint property that holds a colour, for a change of theme. */
export const recolour = (colour: PlanColours): [layer: string, property: string, value: string][] =>
  layers(colour).flatMap((layer) =>
    Object.entries(layer.paint ?? {})
      .filter(([property]) => property.endsWith('-color'))
      .map(([property, value]): [string, string, string] => [layer.id, property, value as string]),
  );
