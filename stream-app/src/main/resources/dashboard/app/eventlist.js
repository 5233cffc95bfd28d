// @ts-check
import * as api from './api.js';

/** @typedef {import('./types.js').StreamEvent} StreamEvent */

const PAGE = 60;
const KEPT = 600;

/** The events that match the filter, newest first, and the new ones that wait to be shown. */
export class EventList {
  /** @type {StreamEvent[]} */
  events = [];
  /** Newest first. @type {StreamEvent[]} */
  fresh = [];
  /** @type {string[]} */
  labels = [];
  /** @type {string | null} */
  next = null;
  loading = false;
  error = '';
  #filter = new URLSearchParams();
  #abort = new AbortController();

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** Loads the newest. @param {URLSearchParams} filter */
  async load(filter) {
    this.close();
    this.#filter = new URLSearchParams(filter);
    this.events = [];
    this.fresh = [];
    this.next = null;
    await this.more();
  }

  close() {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.loading = false;
  }

  /** Loads older ones. */
  async more() {
    const { signal } = this.#abort;
    const query = new URLSearchParams(this.#filter);
    query.set('limit', String(PAGE));
    if (this.next) {
      query.set('before', this.next);
    }
    this.loading = true;
    this.error = '';
    this.changed();
    try {
      const page = await api.events(query, signal);
      const known = new Set(this.events.map(({ id }) => id));
      this.events.push(...page.events.filter(({ id }) => !known.has(id)));
      this.next = page.next;
      this.labels = page.labels;
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      this.error = failure instanceof Error ? failure.message : String(failure);
    }
    this.loading = false;
    this.changed();
  }

  /** Asks for what came while the connection was broken. */
  async catchUp() {
    const query = new URLSearchParams(this.#filter);
    query.set('limit', String(PAGE));
    try {
      this.merge((await api.events(query, this.#abort.signal)).events.reverse());
      this.changed();
    } catch {
      // The connection broke again: the next one catches up.
    }
  }

  /** What the server tells anew. @param {StreamEvent[]} changes */
  merge(changes) {
    for (const change of changes) {
      const place = this.events.findIndex(({ id }) => id === change.id);
      if (place >= 0) {
        Object.assign(this.events[place], change);
      } else if (this.#isNew(change)) {
        this.fresh = [change, ...this.fresh.filter(({ id }) => id !== change.id)].slice(0, KEPT);
      }
    }
  }

  /** Shows the new ones. */
  take() {
    this.events = [...this.fresh, ...this.events].slice(0, KEPT);
    this.fresh = [];
  }

  /** @param {StreamEvent} event */
  #isNew(event) {
    const value = (/** @type {string} */ name) => this.#filter.get(name) ?? '';
    const review = event.review?.kind.toLowerCase() ?? 'none';
    return (
      !this.loading &&
      (this.events.length === 0 || event.start >= this.events[0].start) &&
      (value('label') === '' || value('label') === event.label) &&
      (value('review') === '' || value('review') === review) &&
      (value('to') === '' || event.start <= Number(value('to'))) &&
      (value('from') === '' || event.end >= Number(value('from'))) &&
      event.stream.toLowerCase().includes(value('stream').toLowerCase())
    );
  }
}
