// @ts-check
import * as api from './api.js';

/** @typedef {import('./types.js').StreamEvent} StreamEvent */

const PAGE = 60;
const KEPT = 600;
/** More than take() keeps, so that what is kept has no hole. */
const CATCH_UP_PAGES = KEPT / PAGE + 1;

/** @typedef {{start: number, id: string}} Place */

/** The order of the server. @param {Place} a @param {Place} b */
const newestFirst = (a, b) => b.start - a.start || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/** Where the server's list goes on after an event. @param {Place} last */
const cursorOf = (last) => `${last.start}.${last.id}`;

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
  /** Whether the new ones are to be shown once the page that is loading is there. */
  #takeLater = false;
  /** What is told while {@link catchUp} asks. @type {Set<string> | null} */
  #told = null;
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
    this.#takeLater = false;
    await this.more();
  }

  close() {
    this.#told = null;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.loading = false;
  }

  /** Loads older ones. */
  async more() {
    const { signal } = this.#abort;
    this.loading = true;
    this.error = '';
    this.changed();
    try {
      const page = await this.#page(this.next, signal);
      this.#add(page.events);
      this.next = page.next;
      this.labels = page.labels;
      this.fresh = this.fresh.filter((event) => this.#isWithin(event));
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      this.error = failure instanceof Error ? failure.message : String(failure);
    }
    this.loading = false;
    if (this.#takeLater) {
      this.take();
    }
    this.changed();
  }

  /** @param {string | null} before @param {AbortSignal} signal */
  #page(before, signal) {
    const query = new URLSearchParams(this.#filter);
    query.set('limit', String(PAGE));
    if (before) {
      query.set('before', before);
    }
    return api.events(query, signal);
  }

  /** Adds a page; what was told of its events meanwhile is newer. @param {StreamEvent[]} page */
  #add(page) {
    const told = new Map(this.fresh.map((event) => [event.id, event]));
    const known = new Set(this.events.map(({ id }) => id));
    const added = page.filter(({ id }) => !known.has(id)).map((event) => told.get(event.id) ?? event);
    this.events = [...this.events, ...added].sort(newestFirst);
    const shown = new Set(this.events.map(({ id }) => id));
    this.fresh = this.fresh.filter(({ id }) => !shown.has(id));
  }

  /** Asks for what came while the connection was broken, down to what is shown. */
  async catchUp() {
    if (this.events.length === 0) {
      return this.load(this.#filter);
    }
    const { signal } = this.#abort;
    /** @type {Set<string>} */
    const told = new Set();
    this.#told = told;
    const shown = new Set(this.events.map(({ id }) => id));
    /** @type {StreamEvent[]} */
    const missed = [];
    try {
      for (let pages = 0, next = /** @type {string | null} */ (null); pages < CATCH_UP_PAGES; pages++) {
        const page = await this.#page(next, signal);
        missed.push(...page.events);
        next = page.next;
        if (next === null || page.events.some(({ id }) => shown.has(id))) {
          break;
        }
      }
    } catch {
      return; // the connection broke again: the next one catches up
    } finally {
      this.#told = this.#told === told ? null : this.#told;
    }
    this.merge(missed.filter(({ id }) => !told.has(id)));
    this.changed();
  }

  /** What the server tells anew. @param {StreamEvent[]} changes */
  merge(changes) {
    for (const change of changes) {
      this.#told?.add(change.id);
      const place = this.events.findIndex(({ id }) => id === change.id);
      if (place >= 0) {
        Object.assign(this.events[place], change);
      } else if (this.#isNew(change)) {
        this.fresh = [change, ...this.fresh.filter(({ id }) => id !== change.id)];
      }
    }
    // One more than is kept, so that take() sees that there were more.
    this.fresh = this.fresh.sort(newestFirst).slice(0, KEPT + 1);
  }

  /** Shows the new ones. */
  take() {
    this.#takeLater = this.loading;
    if (this.loading || this.fresh.length === 0) {
      return;
    }
    const all = [...this.fresh, ...this.events].sort(newestFirst);
    this.fresh = [];
    this.events = all.slice(0, KEPT);
    if (all.length > KEPT) {
      this.next = cursorOf(this.events[KEPT - 1]);
    }
  }

  /** Whether the event belongs above where older ones go on. @param {StreamEvent} event */
  #isWithin(event) {
    const oldest = this.events.at(-1);
    return this.next === null || oldest === undefined || newestFirst(event, oldest) < 0;
  }

  /** @param {StreamEvent} event */
  #isNew(event) {
    const value = (/** @type {string} */ name) => this.#filter.get(name) ?? '';
    const review = event.review?.kind.toLowerCase() ?? 'none';
    return (
      (this.loading || this.#isWithin(event)) &&
      (value('label') === '' || value('label') === event.label) &&
      (value('review') === '' || value('review') === review) &&
      (value('to') === '' || event.start <= Number(value('to'))) &&
      (value('from') === '' || event.end >= Number(value('from'))) &&
      event.stream.toLowerCase().includes(value('stream').toLowerCase())
    );
  }
}
