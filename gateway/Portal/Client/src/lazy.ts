import { text } from './texts';

/** What draws an element once its code is there. */
export interface View {
  destroy(): void;
}

/** A custom element that costs nothing until it is about to be seen: then its code is loaded, and draws. Its size is the style sheet's from the start. */
export abstract class LazyElement extends HTMLElement {
  #observer: IntersectionObserver | undefined;
  #view: View | undefined;
  #note = document.createElement('p');

  /** Loads the code and draws into the stage. */
  protected abstract load(stage: HTMLElement): Promise<View>;

  connectedCallback(): void {
    this.#note.className = 'viz-note';
    this.#say('loading', text('loading'));
    const stage = document.createElement('div');
    stage.className = 'viz-stage';
    this.replaceChildren(stage, this.#note);
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          this.#observer?.disconnect();
          void this.#start(stage);
        }
      },
      { rootMargin: '200px' },
    );
    this.#observer.observe(this);
  }

  disconnectedCallback(): void {
    this.#observer?.disconnect();
    this.#view?.destroy();
    this.#view = undefined;
  }

  async #start(stage: HTMLElement): Promise<void> {
    try {
      const view = await this.load(stage);
      if (!this.isConnected) return view.destroy();
      this.#view = view;
      this.#say('ready', '');
      this.dispatchEvent(new CustomEvent('ready', { bubbles: true }));
    } catch (error) {
      console.warn(error);
      this.#say('failed', text('failed'));
    }
  }

  #say(state: string, message: string): void {
    this.dataset['state'] = state;
    this.#note.textContent = message;
    this.#note.hidden = message === '';
  }
}
