/** One server-sent event. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
  readonly id: string | undefined;
}

/** Reads an event stream as it arrives, however it is cut into pieces (WHATWG HTML, 9.2.6). */
export class EventParser {
  /** What the server asks to wait before coming back, in milliseconds. */
  retry: number | undefined;
  #rest = '';
  #name = '';
  #data: string[] = [];
  #id: string | undefined;

  /** Takes the next piece and gives the events that it completes. */
  push(piece: string): StreamEvent[] {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => this.#read(line)).filter((event) => event !== undefined);
  }

  #read(line: string): StreamEvent | undefined {
    if (line === '') {
      const event = this.#data.length > 0 ? { name: this.#name || 'message', data: this.#data.join('\n'), id: this.#id } : undefined;
      this.#name = '';
      this.#data = [];
      this.#id = undefined;
      return event;
    }

    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
    return undefined;
  }
}

/**
 * connecting: the first time; live: heard from a moment ago; stale: nothing heard for longer than the patience, or the gateway itself hears nothing;
 * reconnecting: the connection is lost and will be tried again; ended: the session is over; unavailable: there is no stream here.
 */
export type StreamState = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'ended' | 'unavailable';

export interface StreamOptions {
  readonly onEvent: (event: StreamEvent) => void;
  readonly onState: (state: StreamState) => void;
  readonly signal: AbortSignal;
  /** How long silence is believed, in milliseconds: a little more than two heartbeats. */
  readonly patience?: number;
  readonly fetch?: typeof fetch;
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const longestWait = 30_000;

/** Follows a stream until the signal ends it: comes back after every loss with the id of the last event heard, later each time. */
export async function follow(url: string, options: StreamOptions): Promise<void> {
  const patience = options.patience ?? 40_000;
  const wait = options.wait ?? pause;
  let position: string | undefined;
  let pauseBefore = 1000;
  let failures = 0;
  options.onState('connecting');
  while (!options.signal.aborted) {
    const connection = new AbortController();
    const abort = () => connection.abort();
    options.signal.addEventListener('abort', abort, { once: true });
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        options.onState('stale');
        watchdog = setTimeout(abort, patience);
      }, patience);
    };
    try {
      listen();
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (position !== undefined) headers['Last-Event-ID'] = position;
      const response = await (options.fetch ?? fetch)(url, { headers, signal: connection.signal, cache: 'no-store', credentials: 'same-origin' });
      if (response.status === 401 || response.status === 403) return options.onState('ended');
      if (response.status === 404 || response.status === 204) return options.onState('unavailable');
      if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
      const parser = new EventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        listen();
        failures = 0;
        for (const event of parser.push(piece.value)) {
          if (event.id !== undefined) position = event.id;
          if (event.name === 'heartbeat') options.onState(isLive(event.data) ? 'live' : 'stale');
          else options.onEvent(event);
        }
        pauseBefore = parser.retry ?? pauseBefore;
      }
    } catch {
      // Whatever ended the connection, the answer is the same: come back.
    } finally {
      clearTimeout(watchdog);
      options.signal.removeEventListener('abort', abort);
    }

    if (options.signal.aborted) return;
    options.onState('reconnecting');
    await wait(Math.min(longestWait, pauseBefore * 2 ** failures++) * (0.75 + Math.random() / 2), options.signal);
  }
}

const isLive = (data: string): boolean => !data.includes('"live":false');

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
