// @ts-check
import * as api from './api.js';
import { html } from './lit.js';

/** Asks for the token that the server wants. */
export class Login {
  wanted = false;
  #error = '';

  /** @param {() => void} entered */
  constructor(entered) {
    this.entered = entered;
  }

  template() {
    return html`<main class="center">
      <form id="login" class="card" @submit=${(/** @type {SubmitEvent} */ event) => this.#submit(event)}>
        <h1>Gatestream</h1>
        <p>This dashboard asks for its token. Whoever started it has set it.</p>
        <label>Token
          <input name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="login-error"></label>
        <p id="login-error" class="alarm" role="alert">${this.#error}</p>
        <button class="primary">Open</button>
      </form>
    </main>`;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    try {
      await api.login(String(new FormData(form).get('token')));
      this.#error = '';
      this.wanted = false;
    } catch (failure) {
      this.#error = failure instanceof Error ? failure.message : String(failure);
    }
    this.entered();
  }
}
