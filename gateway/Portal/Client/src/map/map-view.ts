import { LngLatBounds, Map as MapLibre, Marker, Popup, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import './map.css';
import { apply, read, type CityModel, type Station } from '../data';
import type { View } from '../lazy';
import { onReset, onUpdate } from '../live';
import { domain } from '../ramps';
import { nameOf, text } from '../texts';
import { calm, colours, onThemeChange } from '../theme';
import { card, links } from './card';
import { drawLegend, drawMarker, drawPlace } from './marker';
import { planColours, planStyle, recolour } from './plan-style';
import { comparable, sites, valueAt, type Site } from './sites';

setWorkerUrl(workerUrl);

interface Placed {
  readonly marker: Marker;
  readonly button: HTMLButtonElement;
  site: Site;
}

/** The map: the plan, a button per place, what they show, and how to move about. */
export class MapView implements View {
  readonly #ending = new AbortController();
  readonly #placed = new Map<string, Placed>();
  readonly #legend = document.createElement('div');
  readonly #measure = document.createElement('select');
  #stations: readonly Station[] = [];

  private constructor(
    private readonly element: HTMLElement,
    private readonly stage: HTMLElement,
    private readonly map: MapLibre,
    private readonly model: CityModel,
  ) {}

  static async create(element: HTMLElement, stage: HTMLElement): Promise<MapView> {
    const source = element.getAttribute('src') ?? '/portal/data/stations';
    const [model, stations] = await Promise.all([read<CityModel>(element.getAttribute('model') ?? '/portal/data/city-model'), read<Station[]>(source)]);
    const canvas = document.createElement('div');
    canvas.className = 'viz-canvas';
    stage.append(canvas);
    const map = new MapLibre({
      container: canvas,
      style: planStyle(model, colours(element, planColours)),
      bounds: boundsOf(model),
      fitBoundsOptions: { padding: room(stage) },
      minZoom: element.hasAttribute('plain') ? 1 : 9,
      maxZoom: 17,
      attributionControl: false,
      fadeDuration: 0,
      pitchWithRotate: false,
      dragRotate: false,
      // The page scrolls as it always does; the map takes the wheel only with the control key.
      cooperativeGestures: false,
      scrollZoom: false,
      locale: { 'Map.Title': element.getAttribute('label') ?? text('map') },
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    const view = new MapView(element, stage, map, model);
    view.#furnish(source);
    view.#update(stations);
    await map.once('load');
    return view;
  }

  destroy(): void {
    this.#ending.abort();
    this.map.remove();
  }

  #furnish(source: string): void {
    const { signal } = this.#ending;
    this.#legend.className = 'viz-legend';
    this.#measure.setAttribute('aria-label', text('shows'));
    this.#measure.addEventListener('change', () => this.#draw());
    const note = document.createElement('p');
    note.className = 'viz-remark';
    note.textContent = this.element.getAttribute('note') ?? text('schematic');
    const tools = panel('viz-tools', ...this.#tools());
    if (this.#plain) this.stage.append(tools, note);
    else this.stage.append(panel('viz-top', this.#measure), tools, panel('viz-bottom', this.#legend), note);
    this.#label();
    onThemeChange(() => {
      for (const [layer, property, value] of recolour(colours(this.element, planColours))) this.map.setPaintProperty(layer, property as 'fill-color', value);
    }, signal);
    onUpdate((update) => {
      this.#update(apply(this.#stations, update.observations));
      this.#ping(update.observations.map((change) => change.station));
    }, signal);
    onReset(() => void read<Station[]>(source).then((stations) => this.#update(stations)).catch(() => undefined), signal);
  }

  #tools(): HTMLButtonElement[] {
    const animate = { duration: calm() ? 0 : 250 };
    return [
      tool('+', text('zoomIn'), () => this.map.zoomIn(animate)),
      tool('−', text('zoomOut'), () => this.map.zoomOut(animate)),
      tool('⤢', text('whole'), () => this.map.fitBounds(boundsOf(this.model), { padding: room(this.stage), ...animate })),
    ];
  }

  /** The districts' names, as text of the page: the map needs no font. */
  #label(): void {
    for (const { properties } of this.model.features) {
      if (properties.layer !== 'district' || !properties.name || !properties.label) continue;
      const label = document.createElement('span');
      label.className = 'viz-label';
      label.textContent = properties.name;
      label.setAttribute('aria-hidden', 'true');
      new Marker({ element: label, anchor: 'top', offset: [0, 18] }).setLngLat(properties.label).addTo(this.map);
    }
  }

  #update(stations: readonly Station[]): void {
    this.#stations = stations;
    const places = sites(stations);
    for (const site of places) {
      const known = this.#placed.get(site.key);
      if (known) known.site = site;
      else this.#placed.set(site.key, this.#place(site));
    }
    const properties = ['condition', ...comparable(places)];
    if (properties.join() !== [...this.#measure.options].map((option) => option.value).join()) {
      const chosen = this.#measure.value || this.element.getAttribute('property') || 'condition';
      this.#measure.replaceChildren(...properties.map((property) => new Option(nameOf(property), property, false, property === chosen)));
    }
    this.#draw();
  }

  #place(site: Site): Placed {
    const button = document.createElement('button');
    button.type = 'button';
    const marker = new Marker({ element: button, anchor: 'center' }).setLngLat(site.position).addTo(this.map);
    const placed: Placed = { marker, button, site };
    button.addEventListener('click', (event) => {
      event.stopPropagation();
      this.#open(placed);
    });
    return placed;
  }

  #open({ site, button }: Placed): void {
    const popup = new Popup({ offset: 18, maxWidth: '20rem', focusAfterOpen: true, closeButton: false })
      .setLngLat(site.position)
      .setDOMContent(this.#plain ? links(site, this.element.getAttribute('station-link') ?? '', this.element.getAttribute('link-text') ?? '') : card(site, this.element.getAttribute('station-link'), new Date()))
      .addTo(this.map);
    const content = popup.getElement();
    const close = tool('×', text('close'), () => popup.remove());
    close.classList.add('viz-close');
    content?.querySelector('.maplibregl-popup-content')?.prepend(close);
    content?.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') popup.remove();
    });
    popup.on('close', () => button.focus({ preventScroll: true }));
    close.focus({ preventScroll: true });
  }

  /** Places that are only somewhere: nothing is measured there, so nothing is chosen and nothing has a colour. */
  get #plain(): boolean {
    return this.element.hasAttribute('plain');
  }

  #draw(): void {
    const property = this.#measure.value || 'condition';
    const values = [...this.#placed.values()].map(({ site }) => valueAt(site, property)).filter((value) => value !== undefined);
    const range = domain(values);
    for (const { button, site } of this.#placed.values()) {
      const classes = [...button.classList].filter((name) => name.startsWith('maplibregl'));
      if (this.#plain) drawPlace(button, site);
      else drawMarker(button, site, property, range);
      button.classList.add(...classes);
    }
    if (!this.#plain) drawLegend(this.#legend, property, range);
  }

  #ping(ids: readonly string[]): void {
    for (const { button, site } of this.#placed.values()) {
      if (!site.stations.some((station) => ids.includes(station.id))) continue;
      button.classList.remove('is-new');
      requestAnimationFrame(() => button.classList.add('is-new'));
    }
  }
}

const boundsOf = (model: CityModel): LngLatBounds => new LngLatBounds(model.bbox);

/** On a phone the panels stand above and below the plan, not on it. */
const room = (stage: HTMLElement) => (stage.clientWidth < 640 ? { top: 60, bottom: 76, left: 8, right: 8 } : 8);

function panel(name: string, ...content: readonly HTMLElement[]): HTMLElement {
  const element = document.createElement('div');
  element.className = `viz-panel ${name}`;
  element.append(...content);
  return element;
}

function tool(sign: string, name: string, act: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'viz-tool';
  button.textContent = sign;
  button.setAttribute('aria-label', name);
  button.title = name;
  button.addEventListener('click', act);
  return button;
}
