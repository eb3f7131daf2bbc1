interface Saved {
  state: 'saved' | 'conflict' | 'refused' | 'incomplete';
  version?: string | number;
  hidden?: string[];
  open?: number;
  by?: string;
  text?: string;
  detail?: string;
}

interface Change {
  position: number;
  question: string;
  answer: { value?: unknown; version: number; answeredBy: string };
}

const pollEvery = 5000;
const retryAfter = 2000;

const fill = (text: string, ...values: readonly string[]): string => values.reduce((result, value, index) => result.replace(`{${index}}`, value), text);

/**
 * `<answer-sheet changes position data-…>` around the questions of a section: saves each answer as it is given, one after the other within a question, tells of conflicts and of what colleagues
 * change meanwhile. Without it each question has its own button.
 */
export class AnswerSheet extends HTMLElement {
  readonly #ending = new AbortController();
  readonly #busy = new Map<HTMLFormElement, Promise<void>>();

  connectedCallback(): void {
    const { signal } = this.#ending;
    for (const form of this.#forms()) {
      for (const button of form.querySelectorAll<HTMLElement>('.save')) button.hidden = true;
    }
    this.addEventListener('change', (event) => this.#changed(event), { signal });
    this.addEventListener(
      'submit',
      (event) => {
        const form = event.target;
        if (form instanceof HTMLFormElement && form.action.includes('/answers/')) {
          event.preventDefault();
          this.#save(form);
        }
      },
      { signal },
    );
    void this.#watch();
  }

  disconnectedCallback(): void {
    this.#ending.abort();
  }

  #forms(): HTMLFormElement[] {
    return [...this.querySelectorAll<HTMLFormElement>('form[action*="/answers/"]')];
  }

  #changed(event: Event): void {
    const input = event.target;
    if (!(input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement)) return;
    const form = input.form;
    if (form === null || !form.action.includes('/answers/')) return;
    // An answer and "does not apply" rule each other out.
    const none = form.elements.namedItem('notApplicable');
    if (none instanceof HTMLInputElement && input !== none) none.checked = false;
    this.#save(form);
  }

  #save(form: HTMLFormElement): void {
    const before = this.#busy.get(form) ?? Promise.resolve();
    this.#busy.set(form, before.then(() => this.#send(form)));
  }

  async #send(form: HTMLFormElement): Promise<void> {
    this.#say(form, this.dataset['saving'] ?? '');
    for (;;) {
      try {
        const answer = await fetch(form.action, { method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' }, signal: this.#ending.signal });
        if (answer.ok) return this.#take(form, (await answer.json()) as Saved);
        if (answer.status !== 503) return this.#say(form, this.dataset['notSaved'] ?? '', true);
      } catch {
        if (this.#ending.signal.aborted) return;
      }
      this.#say(form, this.dataset['retrying'] ?? '', true);
      await new Promise((resolve) => setTimeout(resolve, retryAfter));
    }
  }

  #take(form: HTMLFormElement, saved: Saved): void {
    if (saved.state === 'saved') {
      version(form).value = String(saved.version);
      this.#say(form, this.dataset['saved'] ?? '');
      conflictOf(form).hidden = true;
      for (const card of this.querySelectorAll<HTMLElement>('[data-question]')) card.hidden = saved.hidden?.includes(card.dataset['question'] ?? '') ?? card.hidden;
      const count = document.querySelector('[data-open-count]');
      if (count !== null && saved.open !== undefined) count.textContent = saved.open === 0 ? (this.dataset['all'] ?? '') : fill(this.dataset['open'] ?? '', String(saved.open));
    } else if (saved.state === 'conflict') {
      this.#conflict(form, saved);
    } else {
      this.#say(form, saved.detail ?? '', saved.state === 'refused');
    }
  }

  /** Both answers are seen, and a person decides. */
  #conflict(form: HTMLFormElement, saved: Saved): void {
    const box = conflictOf(form);
    const text = document.createElement('p');
    text.textContent = fill(this.dataset['conflict'] ?? '', saved.by ?? '', saved.text ?? '');
    const keep = button(this.dataset['keep'] ?? '', () => location.reload());
    const use = button(this.dataset['use'] ?? '', () => {
      version(form).value = String(saved.version);
      box.hidden = true;
      this.#save(form);
    });
    box.replaceChildren(text, keep, use);
    box.hidden = false;
    this.#say(form, this.dataset['notSaved'] ?? '', true);
  }

  #say(form: HTMLFormElement, text: string, wrong = false): void {
    const state = form.querySelector<HTMLElement>('[data-state]');
    if (state === null) return;
    state.setAttribute('role', 'status');
    state.textContent = text;
    state.classList.toggle('error', wrong);
    state.classList.toggle('hint', !wrong);
  }

  /** Asks what colleagues changed. Their answer is told, not taken over: who goes on typing meets the conflict. */
  async #watch(): Promise<void> {
    let position = Number(this.getAttribute('position') ?? '0');
    while (!this.#ending.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, pollEvery));
      if (document.hidden) continue;
      try {
        const answer = await fetch(`${this.getAttribute('changes') ?? ''}?after=${position}`, { headers: { Accept: 'application/json' }, signal: this.#ending.signal });
        if (!answer.ok) continue;
        for (const change of (await answer.json()) as Change[]) {
          position = Math.max(position, change.position);
          const form = this.#forms().find((one) => one.closest<HTMLElement>('[data-question]')?.dataset['question'] === change.question);
          if (form !== undefined && change.answer.version > Number(version(form).value)) {
            this.#say(form, fill(this.dataset['colleague'] ?? '', change.answer.answeredBy, labelOf(form, change.answer.value)), true);
          }
        }
      } catch {
        // No connection: the next round asks again.
      }
    }
  }
}

const version = (form: HTMLFormElement): HTMLInputElement => form.elements.namedItem('version') as HTMLInputElement;

const conflictOf = (form: HTMLFormElement): HTMLElement => form.querySelector<HTMLElement>('[data-conflict]') ?? form;

/** What an answer is called on the page: the labels of its options, else itself. */
function labelOf(form: HTMLFormElement, value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => labelOf(form, item)).join(', ');
  if (value !== null && typeof value === 'object') return Object.values(value).map((item) => labelOf(form, item)).join(', ');
  const option = [...form.querySelectorAll<HTMLInputElement>('input[type=radio], input[type=checkbox]')].find((input) => input.value === String(value));
  return option?.labels?.[0]?.textContent ?? String(value ?? '');
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'button small quiet';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
}
