import type { Update } from './data';
import { clock } from './format';
import { follow, type StreamEvent, type StreamState } from './stream';
import { text } from './texts';

/** What the page's parts hear of the stream: `update` with what was observed, `reset` when everything is to be read anew. */
export const live = new EventTarget();

export const onUpdate = (listener: (update: Update) => void, signal: AbortSignal): void =>
  live.addEventListener('update', (event) => listener((event as CustomEvent<Update>).detail), { signal });

export const onReset = (listener: () => void, signal: AbortSignal): void => live.addEventListener('reset', listener, { signal });

/** `<live-status src>`: keeps the page's stream, and says how it is. Screen readers hear of a change of state, not of each reading. */
export class LiveStatus extends HTMLElement {
  #ending: AbortController | undefined;
  #said = document.createElement('span');
  #detail = document.createElement('span');

  connectedCallback(): void {
    this.#said.setAttribute('role', 'status');
    this.#said.className = 'live-said';
    this.#detail.className = 'live-detail';
    this.#detail.setAttribute('aria-hidden', 'true');
    this.replaceChildren(this.#said, this.#detail);
    this.#ending = new AbortController();
    const patience = Number(this.getAttribute('patience'));
    void follow(this.getAttribute('src') ?? '/portal/stream', {
      onEvent: (event) => this.#hear(event),
      onState: (state) => this.#show(state),
      signal: this.#ending.signal,
      ...(patience > 0 ? { patience: patience * 1000 } : {}),
    });
  }

  disconnectedCallback(): void {
    this.#ending?.abort();
  }

  #hear(event: StreamEvent): void {
    if (event.name === 'reset') {
      live.dispatchEvent(new Event('reset'));
    } else if (event.name === 'observations') {
      live.dispatchEvent(new CustomEvent<Update>('update', { detail: JSON.parse(event.data) as Update }));
      this.#detail.textContent = text('updatedAt', clock(new Date())).replace(`${text('live')}. `, '');
    }
  }

  #show(state: StreamState): void {
    if (this.dataset['state'] === state) return;
    this.dataset['state'] = state;
    this.#said.textContent = text(state);
    this.#detail.hidden = state !== 'live';
  }
}
