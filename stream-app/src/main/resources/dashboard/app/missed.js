// @ts-check
import * as api from './api.js';
import { html, nothing } from './lit.js';

/** Tells that something was on which no event says: a review of kind MISSED. */
export class Missed {
  #shown = false;
  #told = '';
  #error = '';

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  open() {
    this.#shown = true;
    this.#told = this.#error = '';
    this.changed();
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById('missed-truth')?.focus()));
  }

  close() {
    this.#shown = false;
    this.#told = this.#error = '';
    this.changed();
  }

  /** @param {string} stream @param {import('./types.js').Span} span @param {string[]} labels */
  template(stream, span, labels) {
    return html`
      <p class="good" role="status">${this.#told}</p>
      ${this.#shown ? html`<form id="missed" class="row" @submit=${(/** @type {SubmitEvent} */ e) => this.#send(e, stream, span)}
          @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Escape' && this.close()}>
          <label>What was on <input id="missed-truth" name="truth" list="missed-labels" required autocomplete="off"></label>
          <datalist id="missed-labels">${labels.map((label) => html`<option value=${label}></option>`)}</datalist>
          <label>Note <input name="note" autocomplete="off"></label>
          <button class="primary">Save as missed</button>
          <button type="button" @click=${() => this.close()}>Cancel</button>
          <span class="alarm" role="alert">${this.#error}</span>
        </form>` : nothing}`;
  }

  /** @param {SubmitEvent} event @param {string} stream @param {import('./types.js').Span} span */
  async #send(event, stream, span) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const truth = String(form.get('truth')).trim();
    try {
      await api.postMissed(stream, { truth, start: span.from, end: span.to, note: String(form.get('note')) });
      this.close();
      this.#told = `Saved: ${truth} was missed here. Events, filter "missed", takes it back.`;
    } catch (failure) {
      this.#error = failure instanceof Error ? failure.message : String(failure);
    }
    this.changed();
  }
}
