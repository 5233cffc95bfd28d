// @ts-check
/** Small pieces that several views show. */
import { html, svg } from './lit.js';

/** @param {number} score */
export const scoreBar = (score) => html`
  <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect width=${Math.round(Math.min(1, Math.max(0, score)) * 100)} height="4"></rect>`}
  </svg>`;

/** @param {Event} event */
export const inputOf = (event) => /** @type {HTMLInputElement} */ (event.currentTarget);
