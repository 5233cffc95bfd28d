// @ts-check
/** @typedef {import('./types.js').Stream} Stream */

const SORT_MILLIS = 4000;

/** @type {Record<string, (a: Stream, b: Stream) => number>} */
const ORDERS = {
  attention: (a, b) => b.attention - a.attention || byName(a, b),
  id: (a, b) => byName(a, b),
  delay: (a, b) => delayOf(b) - delayOf(a) || byName(a, b),
  score: (a, b) => b.score - a.score || byName(a, b),
};

/** Unknown delays come last. @param {Stream} stream */
const delayOf = (stream) => stream.delay ?? -Number.MAX_VALUE;

const names = new Intl.Collator('en', { numeric: true });

/** @param {Stream} a @param {Stream} b */
const byName = (a, b) => names.compare(a.id, b.id);

/**
 * The order of the tiles. It changes every few seconds at most. While it is held no tile moves:
 * new streams come last, and those that went away stay.
 */
export class Arrangement {
  /** @type {string[]} */
  ids = [];
  /** How many streams need attention. */
  urgent = 0;
  #sortedAt = -Infinity;
  /** @type {Set<string>} */
  #holders = new Set();
  /** As last seen. @type {Map<string, Stream>} */
  #seen = new Map();
  #text = '';
  #only = '';
  #compare = ORDERS.attention;

  /** @param {Map<string, Stream>} streams */
  constructor(streams) {
    this.streams = streams;
  }

  get held() {
    return this.#holders.size > 0;
  }

  /** @param {string} holder @param {boolean} held */
  hold(holder, held) {
    if (held) {
      this.#holders.add(holder);
    } else {
      this.#holders.delete(holder);
    }
  }

  release() {
    this.#holders.clear();
  }

  /** @param {string} id @returns {Stream} */
  get(id) {
    return /** @type {Stream} */ (this.streams.get(id) ?? this.#seen.get(id));
  }

  /** @param {URLSearchParams} params */
  choose(params) {
    this.#text = (params.get('q') ?? '').trim().toLowerCase();
    this.#only = params.get('only') ?? '';
    this.#compare = ORDERS[params.get('sort') || 'attention'] ?? ORDERS.attention;
    this.sort();
  }

  sort() {
    this.#sortedAt = performance.now();
    const streams = [...this.streams.values()].filter((stream) => this.#matches(stream));
    this.ids = streams.sort(this.#compare).map((stream) => stream.id);
    this.#seen = new Map(streams.map((stream) => [stream.id, stream]));
  }

  /** The ids to show now. */
  arrange() {
    this.urgent = 0;
    for (const stream of this.streams.values()) {
      this.urgent += stream.attention > 0 ? 1 : 0;
    }
    if (!this.held && performance.now() - this.#sortedAt > SORT_MILLIS) {
      this.sort();
      return this.ids;
    }
    if (!this.held) {
      this.ids = this.ids.filter((id) => this.streams.has(id));
    }
    for (const stream of this.streams.values()) {
      if (!this.#seen.has(stream.id) && this.#matches(stream)) {
        this.#seen.set(stream.id, stream);
        this.ids.push(stream.id);
      }
    }
    return this.ids;
  }

  /** @param {Stream} stream */
  #matches(stream) {
    if (this.#only === 'attention' && stream.attention <= 0) {
      return false;
    }
    if (this.#only === 'active' && stream.active.length === 0) {
      return false;
    }
    return (
      this.#text === '' ||
      stream.id.toLowerCase().includes(this.#text) ||
      (stream.label ?? '').toLowerCase().includes(this.#text)
    );
  }
}
