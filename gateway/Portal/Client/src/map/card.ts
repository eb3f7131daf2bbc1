import { ago, quantity } from '../format';
import { nameOf, text } from '../texts';
import { sign } from './marker';
import type { Site } from './sites';

/** What a place's stations say, for the map's popup. */
export function card(site: Site, link: string | null, now: Date): HTMLElement {
  const content = document.createElement('div');
  content.className = 'viz-card';
  content.append(make('h3', site.name));
  for (const station of site.stations) {
    const head = make('p', '', 'viz-card-head');
    head.append(sign(station.condition), make('strong', nameOf(station.type)), make('span', station.observedAt ? ago(new Date(station.observedAt), now) : text('noReading')));
    const list = document.createElement('dl');
    for (const [property, value] of Object.entries(station.values)) {
      list.append(make('dt', nameOf(property)), make('dd', quantity(property, value)));
    }
    content.append(head, list);
    if (link) {
      const anchor = document.createElement('a');
      anchor.href = link.replace('{id}', encodeURIComponent(station.id));
      anchor.textContent = text('openStation');
      anchor.setAttribute('aria-label', `${text('openStation')}: ${site.name}, ${nameOf(station.type)}`);
      content.append(anchor);
    }
  }
  if (site.stations.some((station) => station.synthetic)) content.append(make('p', text('synthetic'), 'viz-tag'));
  return content;
}

/** What is at a place of which nothing is measured: each by name, with the way to it. */
export function links(site: Site, link: string, words: string): HTMLElement {
  const content = document.createElement('div');
  content.className = 'viz-card';
  for (const station of site.stations) {
    const anchor = document.createElement('a');
    anchor.href = link.replace('{id}', encodeURIComponent(station.id));
    anchor.textContent = words;
    anchor.setAttribute('aria-label', `${words}: ${station.name}`);
    content.append(make('h3', station.name), anchor);
  }
  return content;
}

function make(tag: string, content: string, name = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = content;
  if (name) element.className = name;
  return element;
}
