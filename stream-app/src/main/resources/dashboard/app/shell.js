// @ts-check
import * as format from './format.js';
import { html } from './lit.js';

/** @type {['wall' | 'events' | 'system', string, string][]} */
const PAGES = [['wall', '#/', 'Wall'], ['events', '#/events', 'Events'], ['system', '#/system', 'System']];

/** @param {string} shown @param {import('./types.js').Config} config @param {unknown} state */
export const header = (shown, config, state) => html`
  <header>
    <a class="skip" href="#main" @click=${skip}>To the content</a>
    <a class="brand" href="#/" title="Gatestream ${config.version}">Gatestream <span>${config.application}</span></a>
    <nav aria-label="Pages">
      ${PAGES.map(([name, address, text]) => html`
        <a href=${address} data-nav=${name} aria-current=${shown === name ? 'page' : 'false'}>${text}</a>`)}
    </nav>
    ${state}
    <button class="quiet help" title="Keys" aria-label="Keys" @click=${() => /** @type {HTMLDialogElement} */ (document.getElementById('help')).showModal()}>?</button>
  </header>`;

/** The address belongs to the router, so the link moves the focus itself. @param {Event} event */
function skip(event) {
  event.preventDefault();
  /** @type {HTMLElement | null} */ (document.querySelector('main h1'))?.focus();
}

/** @param {import('./live.js').Live} live */
export function connection(live) {
  const texts = {
    live: 'live',
    reconnecting: 'reconnecting…',
    stale: `${format.duration(live.age())} old, reconnecting…`,
  };
  return html`<p id="connection" data-state=${live.connection} title="What is shown is of ${format.time(Date.now() - live.age())}">
    <span class="dot" aria-hidden="true"></span><span role="status" class="sr">${live.connection}</span><span aria-hidden="true">${texts[live.connection]}</span></p>`;
}
