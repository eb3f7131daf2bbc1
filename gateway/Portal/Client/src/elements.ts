import { LazyElement, type View } from './lazy';

/** `<city-map src model station-link>`: the stations on the plan of their city. With `plain`, `note` and `link-text`: places of which nothing is measured. */
export class CityMap extends LazyElement {
  protected override async load(stage: HTMLElement): Promise<View> {
    return (await import('./map/map-view')).MapView.create(this, stage);
  }
}

/** `<time-chart src property label guideline>`: the history of one property of one station. */
export class TimeChart extends LazyElement {
  protected override async load(stage: HTMLElement): Promise<View> {
    return (await import('./charts/time-view')).TimeView.create(this, stage);
  }
}

/** `<radar-chart src label>`: several things compared on several axes. */
export class RadarChart extends LazyElement {
  protected override async load(stage: HTMLElement): Promise<View> {
    return (await import('./charts/radar-view')).RadarView.create(this, stage);
  }
}
