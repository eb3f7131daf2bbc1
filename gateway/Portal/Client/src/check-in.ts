import { check, outcomeOf, type Pack } from './tickets';

interface Scan {
  readonly id: string;
  readonly session: string;
  readonly ticket: string;
  readonly at: string;
  readonly device: string;
}

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

/**
 * `<check-in event>`: a scanner for a door. Once its list is loaded it needs no connection: tickets are checked here, and scans wait on the device until they are sent. A scanner that types
 * (or a person) uses the field; where the browser reads codes itself, the camera does too.
 */
export class CheckIn extends HTMLElement {
  #pack: Pack | undefined;
  readonly #door = document.createElement('select');
  readonly #code = document.createElement('input');
  readonly #result = document.createElement('p');
  readonly #state = document.createElement('p');
  readonly #seen = new Map<string, Set<string>>();

  get #event(): string {
    return this.getAttribute('event') ?? '';
  }

  async connectedCallback(): Promise<void> {
    this.#pack = await this.#load();
    if (!this.#pack) {
      this.replaceChildren(paragraph(this.#text('missing')));
      return;
    }
    this.#build(this.#pack);
    addEventListener('online', () => void this.#send());
    setInterval(() => void this.#send(), 5000);
    void this.#send();
    void this.#watch();
  }

  async #load(): Promise<Pack | undefined> {
    const key = `check-in ${this.#event}`;
    try {
      const answer = await fetch(`/check-in/${encodeURIComponent(this.#event)}/pack`);
      if (answer.ok) {
        const pack = (await answer.json()) as Pack;
        localStorage.setItem(key, JSON.stringify(pack));
        return pack;
      }
    } catch {
      // Without a connection: what is kept on the device.
    }
    const kept = localStorage.getItem(key);
    return kept ? (JSON.parse(kept) as Pack) : undefined;
  }

  #build(pack: Pack): void {
    this.#door.id = 'door';
    for (const session of pack.sessions) this.#door.append(new Option(session.title, session.id));
    this.#door.addEventListener('change', () => this.#count());
    this.#code.id = 'code';
    this.#code.autocomplete = 'off';
    const form = document.createElement('form');
    const take = document.createElement('button');
    take.className = 'button';
    take.textContent = this.#text('take');
    form.append(labelled(this.#text('door'), this.#door), labelled(this.#text('code'), this.#code), take);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#take(this.#code.value.trim());
      this.#code.value = '';
      this.#code.focus();
    });
    this.#result.className = 'scan-result';
    this.#result.setAttribute('role', 'status');
    this.#state.className = 'faint';
    this.replaceChildren(form, this.#result, this.#state);
    this.#count();
  }

  async #take(ticket: string): Promise<void> {
    if (!this.#pack || ticket === '') return;
    const session = this.#door.value;
    const participant = await check(this.#pack, ticket);
    const seen = this.#seen.get(session) ?? new Set<string>();
    this.#seen.set(session, seen);
    const outcome = outcomeOf(this.#pack, session, participant, seen);
    if (participant) {
      seen.add(participant);
      this.#keep([...this.#waiting(), { id: crypto.randomUUID(), session, ticket, at: new Date().toISOString(), device: this.#device() }]);
    }
    this.#result.textContent = this.#text(outcome).replace('{0}', (participant && this.#pack.names[participant]) ?? '?');
    this.#result.className = `scan-result ${outcome === 'admitted' ? 'good' : outcome === 'again' ? 'caution' : 'bad'}`;
    await this.#send();
  }

  async #send(): Promise<void> {
    const waiting = this.#waiting().slice(0, 500);
    if (waiting.length > 0) {
      try {
        const answer = await fetch(`/check-in/${encodeURIComponent(this.#event)}/scans`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(waiting) });
        if (answer.ok) {
          const sent = new Set(waiting.map((scan) => scan.id));
          this.#keep(this.#waiting().filter((scan) => !sent.has(scan.id)));
        }
      } catch {
        // Later, under the same ids: the service knows what it has.
      }
    }
    this.#count();
  }

  #count(): void {
    const waiting = this.#waiting().length;
    this.#state.textContent = `${this.#text('in').replace('{0}', String(this.#seen.get(this.#door.value)?.size ?? 0))} – ${waiting > 0 ? this.#text('kept').replace('{0}', String(waiting)) : this.#text('sent')}`;
  }

  async #watch(): Promise<void> {
    const Known = (globalThis as { BarcodeDetector?: new (options: { formats: string[] }) => Detector }).BarcodeDetector;
    if (!Known || !navigator.mediaDevices) return;
    try {
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      this.prepend(video);
      await video.play();
      const detector = new Known({ formats: ['qr_code'] });
      let last = '';
      setInterval(() => {
        detector.detect(video).then(
          async ([found]) => {
            if (found && found.rawValue !== last) {
              last = found.rawValue;
              await this.#take(found.rawValue);
            }
          },
          () => {}, // a frame that could not be read: the next one comes
        );
      }, 300);
    } catch {
      // No camera, or not allowed: the field is there.
    }
  }

  #waiting(): readonly Scan[] {
    return JSON.parse(localStorage.getItem(`scans ${this.#event}`) ?? '[]') as Scan[];
  }

  #keep(scans: readonly Scan[]): void {
    localStorage.setItem(`scans ${this.#event}`, JSON.stringify(scans));
  }

  #device(): string {
    const known = localStorage.getItem('scanner') ?? crypto.randomUUID();
    localStorage.setItem('scanner', known);
    return known;
  }

  #text(name: string): string {
    return this.getAttribute(`data-${name}`) ?? '';
  }
}

function paragraph(text: string): HTMLParagraphElement {
  const element = document.createElement('p');
  element.textContent = text;
  return element;
}

function labelled(text: string, input: HTMLElement): HTMLDivElement {
  const field = document.createElement('div');
  field.className = 'field';
  const label = document.createElement('label');
  label.htmlFor = input.id;
  label.textContent = text;
  field.append(label, input);
  return field;
}
