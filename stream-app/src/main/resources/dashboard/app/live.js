// @ts-check
import * as api from './api.js';

/** Without a message for so long the page is stale, whatever the connection says. */
const STALE_MILLIS = 6000;
/** Without a message for so long an open connection is taken for dead. */
const DEAD_MILLIS = 20_000;
const RETRY_MILLIS = 2000;

/** @typedef {'live' | 'reconnecting' | 'stale'} Connection */

/**
 * What the server tells over server-sent events, kept up to date. It fires `wall`, `system` and
 * `connection` after each change, `events` with the message as its detail, `opened` with each
 * connection, and `resumed` where events may have been missed.
 */
export class Live extends EventTarget {
  /** @type {Map<string, import('./types.js').Stream>} */
  streams = new Map();
  /** @type {import('./types.js').System | null} */
  system = null;
  /** @type {Connection} */
  connection = 'reconnecting';
  labelsPerSecond = 0;
  /** Whether the streams are known, be there any or not. */
  known = false;
  /** @type {EventSource | null} */
  #source = null;
  #clockAhead = 0;
  #heardAt = Date.now();
  #openedAt = 0;
  /** Whether the connection has told nothing of the wall yet. */
  #justOpened = false;
  #timer = 0;
  #retry = 0;

  start() {
    this.stop();
    this.#become('reconnecting');
    this.#timer = window.setInterval(() => this.#watch(), 1000);
    this.#open();
  }

  get started() {
    return this.#timer !== 0;
  }

  stop() {
    window.clearInterval(this.#timer);
    this.#timer = 0;
    window.clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  /** The dashboard's clock. */
  now() {
    return Date.now() + this.#clockAhead;
  }

  /** How old what the page shows is. */
  age() {
    return Date.now() - this.#heardAt;
  }

  #open() {
    this.#source?.close();
    this.#openedAt = Date.now();
    const source = new EventSource('/api/live');
    this.#source = source;
    source.onopen = () => {
      this.#justOpened = true;
      this.dispatchEvent(new Event('opened'));
    };
    source.onerror = () => this.#lost(source);
    this.#on(source, 'wall', (wall) => this.#wall(wall));
    this.#on(source, 'events', () => {});
    this.#on(source, 'system', (system) => (this.system = system));
  }

  /** @param {EventSource} source @param {string} type @param {(message: any) => void} apply */
  #on(source, type, apply) {
    source.addEventListener(type, (event) => {
      this.#heardAt = Date.now();
      const message = JSON.parse(/** @type {MessageEvent} */ (event).data);
      apply(message);
      this.#become('live');
      this.dispatchEvent(new CustomEvent(type, { detail: message }));
    });
  }

  /** @param {EventSource} source */
  #lost(source) {
    if (this.connection === 'live') {
      this.#become('reconnecting');
    }
    if (source.readyState !== EventSource.CLOSED || source !== this.#source) {
      return;
    }
    // The browser gives up after an answer that is no stream: it may be that a token is needed.
    window.clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => {
      // Stopped meanwhile, it stays so.
      api.config().then(() => source === this.#source && this.#open(), () => this.#lost(source));
    }, RETRY_MILLIS);
  }

  #watch() {
    const age = this.age();
    if (age > STALE_MILLIS) {
      this.#become('stale');
    }
    const tried = Date.now() - this.#openedAt;
    if (Math.min(age, tried) > DEAD_MILLIS && this.#source?.readyState === EventSource.OPEN) {
      this.#open();
    }
    if (this.connection !== 'live') {
      this.dispatchEvent(new Event('connection'));
    }
  }

  /** @param {Connection} connection */
  #become(connection) {
    if (this.connection !== connection) {
      this.connection = connection;
      this.dispatchEvent(new Event('connection'));
    }
  }

  /** @param {{now: number, full: boolean, streams: import('./types.js').Stream[], gone: string[], labelsPerSecond: number}} wall */
  #wall(wall) {
    if (wall.full) {
      this.streams.clear();
    }
    // Of many streams all are told each time: that alone says nothing of events.
    const resumed = wall.full && this.known && this.#justOpened;
    this.#justOpened = false;
    wall.streams.forEach((stream) => this.streams.set(stream.id, stream));
    wall.gone.forEach((id) => this.streams.delete(id));
    this.labelsPerSecond = wall.labelsPerSecond;
    this.#clockAhead = wall.now - Date.now();
    this.known = true;
    if (resumed) {
      this.dispatchEvent(new Event('resumed'));
    }
  }
}
