import { number, quantity, symbolOf } from '../format';
import { css, ramp, textOn } from '../ramps';
import { nameOf, text } from '../texts';
import { conditionOf, valueAt, type Site } from './sites';

const svg = 'http://www.w3.org/2000/svg';

/** A shape and a sign per condition: nobody has to tell them apart by colour. */
const shapes = {
  good: ['M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20z', 'M7.5 12.5l3 3l6-6.5'],
  attention: ['M12 1L23 12L12 23L1 12z', 'M12 7v6M12 16.4v.4'],
  poor: ['M7.4 1.5h9.2L22.5 7.4v9.2l-5.9 5.9H7.4l-5.9-5.9V7.4z', 'M8.3 8.3l7.4 7.4M15.7 8.3l-7.4 7.4'],
  unknown: ['M12 5a7 7 0 1 1 0 14a7 7 0 1 1 0-14z', ''],
} as const;

export function sign(condition: keyof typeof shapes): SVGSVGElement {
  const [outline, mark] = shapes[condition];
  const drawing = document.createElementNS(svg, 'svg');
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('aria-hidden', 'true');
  drawing.setAttribute('class', `viz-sign viz-${condition}`);
  for (const [path, part] of [[outline, 'outline'], [mark, 'mark']] as const) {
    if (!path) continue;
    const line = document.createElementNS(svg, 'path');
    line.setAttribute('d', path);
    line.setAttribute('class', part);
    drawing.append(line);
  }
  return drawing;
}

/** Draws a place's marker: its condition, or the value of a property on the ramp from low to high. */
export function drawMarker(marker: HTMLButtonElement, site: Site, property: string, range: readonly [number, number]): void {
  const value = property === 'condition' ? undefined : valueAt(site, property);
  marker.hidden = property !== 'condition' && value === undefined;
  marker.className = value === undefined ? 'viz-marker' : 'viz-marker is-value';
  if (value === undefined) {
    const condition = conditionOf(site);
    marker.replaceChildren(sign(condition));
    marker.setAttribute('aria-label', `${site.name}: ${text(condition)}`);
    marker.style.removeProperty('background-color');
    marker.style.removeProperty('color');
    return;
  }

  const colour = ramp((value - range[0]) / (range[1] - range[0]));
  marker.textContent = number(property, value);
  marker.style.backgroundColor = css(colour);
  marker.style.color = css(textOn(colour));
  marker.setAttribute('aria-label', `${site.name}: ${nameOf(property)} ${quantity(property, value)}`);
}

/** Draws a marker of a place of which nothing is measured: how many things are there. */
export function drawPlace(marker: HTMLButtonElement, site: Site): void {
  marker.className = 'viz-marker is-value';
  marker.textContent = String(site.stations.length);
  const colour = ramp(0.5);
  marker.style.backgroundColor = css(colour);
  marker.style.color = css(textOn(colour));
  marker.setAttribute('aria-label', `${site.stations.length}: ${site.stations.map((station) => station.name).join(', ')}`);
}

/** What the marks mean. */
export function drawLegend(legend: HTMLElement, property: string, range: readonly [number, number]): void {
  if (property === 'condition') {
    legend.replaceChildren(
      ...(['good', 'attention', 'poor', 'unknown'] as const).map((condition) => {
        const entry = document.createElement('span');
        entry.append(sign(condition), text(condition));
        return entry;
      }),
    );
    return;
  }

  const strip = document.createElement('span');
  strip.className = 'viz-ramp';
  strip.append(
    ...Array.from({ length: 24 }, (_, step) => {
      const part = document.createElement('i');
      part.style.backgroundColor = css(ramp(step / 23));
      return part;
    }),
  );
  const ends = range.map((end) => {
    const label = document.createElement('span');
    label.textContent = number(property, end);
    return label;
  });
  const unit = document.createElement('span');
  unit.textContent = symbolOf(property);
  legend.replaceChildren(ends[0]!, strip, ends[1]!, unit);
}
