// @ts-check
import * as api from './api.js';
import { html, keyed } from './lit.js';
import { inputOf } from './parts.js';

/** The one clip that a view shows, fetched when it is asked for. */
export class Clip {
  /** What the clip is of; null while none is shown. @type {string | null} */
  of = null;
  #labels = false;
  #error = '';
  /** @type {(labels: boolean) => string} */
  #address = () => '';

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** @param {string} of @param {(labels: boolean) => string} address */
  open(of, address) {
    this.of = of;
    this.#address = address;
    this.#error = '';
    this.changed();
  }

  close() {
    this.of = null;
    this.changed();
  }

  template() {
    const address = this.#address(this.#labels);
    return html`<div class="clip">
      ${this.#error === ''
        ? keyed(address, html`<video controls autoplay muted playsinline src=${address} @error=${() => this.#failed(address)}></video>`)
        : html`<p class="notice bad" role="alert">${this.#error}</p>`}
      <p class="row"><label><input type="checkbox" ?checked=${this.#labels} @change=${(/** @type {Event} */ e) => this.#draw(inputOf(e).checked)}> draw the labels</label>
        <a href=${address} download>Download MP4</a>
        <button type="button" @click=${() => this.close()}>Close clip</button></p>
    </div>`;
  }

  /** @param {boolean} labels */
  #draw(labels) {
    this.#labels = labels;
    this.#error = '';
    this.changed();
  }

  /** @param {string} address */
  async #failed(address) {
    const error = await api.clipError(address);
    if (this.of !== null && this.#address(this.#labels) === address) {
      this.#error = error;
      this.changed();
    }
  }
}
