// @ts-check
import * as format from './format.js';
import { html, nothing } from './lit.js';
import { picture } from './picture.js';
import { reviewText } from './review.js';
import { streamAddress } from './router.js';

/** @typedef {import('./types.js').StreamEvent} StreamEvent */

/**
 * What the buttons of an event do.
 * @typedef {Object} RowActions
 * @property {(event: StreamEvent) => void} select
 * @property {(event: StreamEvent, kind: 'RIGHT' | 'WRONG') => void} review
 * @property {(event: StreamEvent | null) => void} ask what it was; null asks no more
 * @property {(event: StreamEvent, truth: string) => void} other
 * @property {(event: StreamEvent) => void} undo
 * @property {(event: StreamEvent) => void} clip
 */

/** Pictures of a strip are at least so far apart. */
const APART_MILLIS = 200;

/** Which frames stand for the event. @param {StreamEvent} event */
export function stripTimes(event) {
  const length = event.end - event.start;
  const wanted = event.state === 'open'
    ? [event.start, event.peak]
    : [0, 1, 2, 3].map((i) => event.start + (length * i) / 3);
  return wanted.filter((time, i) => i === 0 || time - wanted[i - 1] >= APART_MILLIS);
}

/**
 * @param {StreamEvent} event
 * @param {{selected: boolean, reachable: boolean, asking: boolean, pending: boolean, error: string, labels: string[],
 *   canReview: boolean, pictures: boolean, clip: unknown}} state
 * @param {RowActions} act
 */
export const eventRow = (event, state, act) => html`
  <li data-event=${event.id} data-reviewed=${event.review?.kind ?? nothing} class="event" tabindex=${state.reachable ? 0 : -1}
    aria-current=${state.selected ? 'true' : 'false'} aria-label=${`${event.label} on ${event.stream}, ${format.dayTime(event.start)}`}
    @focusin=${() => act.select(event)}>
    <div class="what">
      <p class="told"><span class="label">${event.label}</span>
        ${event.state === 'open' ? html`<span class="chip on">open</span>` : nothing}
        <span class="score" title="Best score">${format.score(event.peakScore)}</span></p>
      <p class="name"><a href=${streamAddress(event.stream, { from: Math.floor(event.start), to: Math.ceil(event.end) })} title=${event.stream}>${event.stream}</a></p>
      <p class="facts"><span>${format.dayTime(event.start)}</span><span>${format.duration(event.end - event.start)}</span>
        <span>mean ${format.score(event.meanScore)}</span>${ending(event)}</p>
    </div>
    ${state.pictures ? html`<div class="strip" role="img" aria-label="Pictures from start to end">
      ${stripTimes(event).map((time) => html`<img class="picture" alt="" title=${format.preciseTime(time)} ${picture(event.stream, Math.round(time), 160)}>`)}</div>` : nothing}
    <div class="judge">
      ${reviewButtons(event, state, act)}
      ${state.error ? html`<p class="alarm" role="alert">${state.error}</p>` : nothing}
    </div>
    ${state.asking ? truthForm(event, state.labels, act) : nothing}
    ${state.clip}
  </li>`;

/** @param {StreamEvent} event */
function ending(event) {
  const usual = event.reason === null || event.reason === 'LABEL_ENDED';
  return usual ? nothing : html`<span>ended by ${format.words(event.reset ?? event.reason ?? '')}</span>`;
}

/** @param {StreamEvent} event @param {{canReview: boolean, pending: boolean}} state @param {RowActions} act */
function reviewButtons(event, { canReview, pending }, act) {
  const kind = event.review?.kind;
  /** @param {'RIGHT' | 'WRONG' | 'OTHER'} of @param {string} text @param {() => void} use */
  const button = (of, text, use) => html`<button type="button" data-review=${of} aria-pressed=${kind === of}
    ?disabled=${!canReview || pending} @click=${use}>${text}</button>`;
  return html`<div class="row">
    ${button('RIGHT', 'Right', () => act.review(event, 'RIGHT'))}
    ${button('WRONG', 'Wrong', () => act.review(event, 'WRONG'))}
    ${button('OTHER', event.review?.kind === 'OTHER' ? reviewText(event.review) : 'It was…', () => act.ask(event))}
    <button type="button" @click=${() => act.clip(event)}>Clip</button>
    <button type="button" class="quiet" ?hidden=${!event.review} ?disabled=${pending} @click=${() => act.undo(event)}>Undo</button>
    ${event.review && event.state === 'open' ? html`<span class="hint">still on: its end is taken when it ends</span>` : nothing}
  </div>`;
}

/** @param {StreamEvent} event @param {string[]} labels @param {RowActions} act */
const truthForm = (event, labels, act) => html`
  <form class="row truth" @submit=${(/** @type {SubmitEvent} */ e) => {
    e.preventDefault();
    act.other(event, String(new FormData(/** @type {HTMLFormElement} */ (e.target)).get('truth')).trim());
  }} @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Escape' && act.ask(null)}>
    <label>It was <input name="truth" list="known-labels" required autocomplete="off"></label>
    <datalist id="known-labels">${labels.filter((label) => label !== event.label).map((label) => html`<option value=${label}></option>`)}</datalist>
    <button class="primary">Save</button><button type="button" @click=${() => act.ask(null)}>Cancel</button>
  </form>`;
