// @ts-check
import * as api from './api.js';
import * as format from './format.js';
import { html } from './lit.js';
import { streamAddress } from './router.js';

/** @typedef {import('./types.js').Review} Review */

/** What was told as missed: reviews that belong to no event. */
export class MissedList {
  /** @type {Review[] | null} */
  #reviews = null;
  #error = '';
  #abort = new AbortController();

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  async load() {
    this.close();
    const { signal } = this.#abort;
    try {
      this.#reviews = (await api.reviews(signal)).filter(({ kind }) => kind === 'MISSED');
      this.#error = '';
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      this.#failed(failure);
    }
    this.changed();
  }

  close() {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  template() {
    return missedTable(this.#reviews, this.#error, (review) => this.#undo(review));
  }

  /** @param {Review} review */
  async #undo(review) {
    try {
      await api.deleteReview(review.id);
    } catch (failure) {
      this.#failed(failure);
      this.changed();
      return;
    }
    await this.load();
  }

  /** @param {unknown} failure */
  #failed(failure) {
    this.#error = failure instanceof Error ? failure.message : String(failure);
  }
}

/** @param {Review[] | null} reviews @param {string} error @param {(review: Review) => void} undo */
function missedTable(reviews, error, undo) {
  if (error) {
    return html`<p class="notice bad" role="alert">${error}</p>`;
  }
  if (!reviews) {
    return html`<p>Loading…</p>`;
  }
  if (reviews.length === 0) {
    return html`<p class="empty">Nothing is told as missed. On the page of a stream, choose a span of the timeline and press m.</p>`;
  }
  return html`<section class="card scroll"><table>
    <thead><tr><th>Start</th><th>Stream</th><th>It was</th><th class="number">Length</th><th>Note</th><th>Told</th><th></th></tr></thead>
    <tbody>${reviews.map((review) => html`<tr data-missed=${review.id}>
      <td>${format.dayTime(review.start)}</td>
      <td><a href=${streamAddress(review.stream, { from: Math.floor(review.start), to: Math.ceil(review.end) })}>${review.stream}</a></td>
      <td>${review.truth}</td><td class="number">${format.duration(review.end - review.start)}</td><td>${review.note}</td>
      <td>${format.dayTime(review.at)}</td>
      <td><button type="button" @click=${() => undo(review)}>Undo</button></td></tr>`)}</tbody>
  </table></section>`;
}
