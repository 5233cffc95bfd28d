// @ts-check
import * as format from './format.js';
import { html } from './lit.js';
import { inputOf } from './parts.js';

const REVIEWS = [['', 'any'], ['none', 'none yet'], ['right', 'right'], ['wrong', 'wrong'], ['other', 'it was another'], ['missed', 'missed']];
const TYPING_MILLIS = 300;
let typing = 0;

/** @param {URLSearchParams} params @param {string[]} labels @param {(name: string, value: string) => void} set */
export function filters(params, labels, set) {
  const value = (/** @type {string} */ name) => params.get(name) ?? '';
  const known = labels.includes(value('label')) || value('label') === '' ? labels : [...labels, value('label')];
  return html`<form class="tools" role="search" aria-label="Filter" @submit=${(/** @type {Event} */ e) => e.preventDefault()}>
    <input id="search" type="search" placeholder="Stream" aria-label="Stream" autocomplete="off" spellcheck="false" .value=${value('stream')}
      @input=${(/** @type {Event} */ e) => soon(inputOf(e), (text) => set('stream', text))}>
    ${choice('Label', value('label'), [['', 'any'], ...known.map((label) => [label, label])], (label) => set('label', label))}
    ${choice('Review', value('review'), REVIEWS, (review) => set('review', review))}
    ${moment('From', value('from'), (from) => set('from', from))}
    ${moment('To', value('to'), (to) => set('to', to))}
  </form>`;
}

/** @param {string} name @param {string} chosen @param {string[][]} options @param {(value: string) => void} set */
const choice = (name, chosen, options, set) => html`<label>${name}
  <select @change=${(/** @type {Event} */ e) => set(inputOf(e).value)}>
    ${options.map(([value, text]) => html`<option value=${value} .selected=${value === chosen}>${text}</option>`)}
  </select></label>`;

/** @param {string} name @param {string} millis @param {(millis: string) => void} set */
const moment = (name, millis, set) => html`<label>${name}
  <input type="datetime-local" step="1" .value=${Number(millis) > 0 ? format.localInput(Number(millis)) : ''}
    @change=${(/** @type {Event} */ e) => set(inputOf(e).value === '' ? '' : String(new Date(inputOf(e).value).getTime()))}></label>`;

/** @param {HTMLInputElement} input @param {(text: string) => void} use */
function soon(input, use) {
  window.clearTimeout(typing);
  typing = window.setTimeout(() => use(input.value), TYPING_MILLIS);
}
