import { apply, read, type Station } from './data';
import { ago, quantity } from './format';
import { onReset, onUpdate } from './live';
import { text } from './texts';

/**
 * `<live-table src>` around a table: keeps the cells that say `data-property` or `data-observed` in rows that say `data-station` as they are at the city.
 * The table is the server's, and complete without this.
 */
export class LiveTable extends HTMLElement {
  #ending: AbortController | undefined;
  #stations: readonly Station[] = [];

  connectedCallback(): void {
    const { signal } = (this.#ending = new AbortController());
    const source = this.getAttribute('src') ?? '/portal/data/stations';
    const readAnew = async () => {
      this.#stations = await read<Station[]>(source).catch(() => this.#stations);
      this.#write();
    };
    onReset(() => void readAnew(), signal);
    onUpdate((update) => {
      this.#stations = apply(this.#stations, update.observations);
      this.#write();
      this.#mark(update.observations.map((change) => change.station));
    }, signal);
    const clock = setInterval(() => this.#write(), 30_000);
    signal.addEventListener('abort', () => clearInterval(clock));
  }

  disconnectedCallback(): void {
    this.#ending?.abort();
  }

  #write(): void {
    const now = new Date();
    for (const station of this.#stations) {
      const row = this.#row(station.id);
      for (const cell of row?.querySelectorAll<HTMLElement>('[data-property]') ?? []) {
        const value = station.values[cell.dataset['property']!];
        if (value !== undefined) put(cell, quantity(cell.dataset['property']!, value));
      }
      const seen = row?.querySelector<HTMLTimeElement>('time[data-observed]');
      if (seen && station.observedAt) {
        seen.dateTime = station.observedAt;
        put(seen, ago(new Date(station.observedAt), now));
      }
      const condition = row?.querySelector<HTMLElement>('[data-condition]');
      if (condition && condition.dataset['condition'] !== station.condition) {
        condition.dataset['condition'] = station.condition;
        put(condition, text(station.condition));
      }
    }
  }

  #row(id: string): HTMLElement | null {
    return this.querySelector(`[data-station="${CSS.escape(id)}"]`);
  }

  /** Shows for a moment which rows have changed. */
  #mark(ids: readonly string[]): void {
    for (const id of ids) {
      const row = this.#row(id);
      row?.classList.remove('is-new');
      requestAnimationFrame(() => row?.classList.add('is-new'));
    }
  }
}

function put(element: HTMLElement, value: string): void {
  if (element.textContent !== value) element.textContent = value;
}
