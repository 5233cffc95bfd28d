// @ts-check
import * as api from './api.js';
import * as format from './format.js';

/** @typedef {import('./types.js').StreamEvent} StreamEvent */

/** Writes what people say about events, and takes it back. */
export class Reviews {
  /** Ids of events whose review is on its way. @type {Set<string>} */
  pending = new Set();
  /** By event id. @type {Map<string, string>} */
  errors = new Map();
  /** What happened last, for a live region. */
  told = '';
  /** Reviewed here, last one last. @type {StreamEvent[]} */
  #course = [];

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** @param {StreamEvent} event @param {'RIGHT' | 'WRONG' | 'OTHER'} kind @param {string} [truth] for OTHER */
  put(event, kind, truth) {
    return this.#write(event, async () => {
      const body = kind === 'OTHER' ? { kind, truth, note: '' } : { kind, note: '' };
      event.review = await api.putReview(event.id, body);
      this.#course = [...this.#course.filter(({ id }) => id !== event.id), event];
      this.told = `${event.label} on ${event.stream}: ${reviewText(event.review)}`;
    });
  }

  /** The event whose review {@link undo} takes back. @param {StreamEvent | undefined} chosen */
  last(chosen) {
    return chosen?.review ? chosen : this.#course.at(-1);
  }

  /** @param {StreamEvent} event */
  undo(event) {
    return this.#write(event, async () => {
      await api.deleteReview(event.id);
      event.review = null;
      this.#course = this.#course.filter(({ id }) => id !== event.id);
      this.told = `${event.label} on ${event.stream}: no review`;
    });
  }

  /** @param {StreamEvent} event @param {() => Promise<void>} write */
  async #write(event, write) {
    if (this.pending.has(event.id)) {
      return;
    }
    this.pending.add(event.id);
    this.errors.delete(event.id);
    this.changed();
    try {
      await write();
    } catch (failure) {
      this.errors.set(event.id, failure instanceof Error ? failure.message : String(failure));
    } finally {
      this.pending.delete(event.id);
      this.changed();
    }
  }
}

/** @param {import('./types.js').Review} review */
export const reviewText = (review) =>
  review.kind === 'OTHER' ? `it was ${review.truth}` : format.words(review.kind);
