// @ts-check
import * as format from './format.js';
import { html, nothing } from './lit.js';
import { scoreBar } from './parts.js';
import { picture } from './picture.js';
import { streamAddress } from './router.js';

/**
 * A stream on the wall.
 *
 * @param {import('./types.js').Stream} stream
 * @param {{place: number, of: number, reachable: boolean, pictureWidth: number, reached: () => void}} at
 */
export const tile = (stream, at) => html`
  <li data-stream=${stream.id} aria-posinset=${at.place + 1} aria-setsize=${at.of} class=${stream.attention > 0 ? 'tile urgent' : 'tile'}>
    <a href=${streamAddress(stream.id)} tabindex=${at.reachable ? 0 : -1} data-place=${at.place} @focus=${at.reached}>
      <span class="frame"><img class="picture" alt="" ${picture(stream.id, null, at.pictureWidth)}>
        <span class="chips over">${stream.why.map((why) => html`<span class="chip why">${why}</span>`)}</span></span>
      <span class="name" title=${stream.id}>${stream.id}</span>
      <span class="told"><span class="label">${stream.label ?? '–'}</span><span class="score">${format.score(stream.score)}</span></span>
      ${scoreBar(stream.score)}
      <span class="chips">${stream.active.map((label) => html`<span class="chip on">${label}</span>`)}</span>
      <span class="facts"><span title="Delay from capture to label"><span class="word">delay</span> ${format.delay(stream.delay)}</span>
        <span title="Labels a second">${format.rate(stream.rate)}</span>
        <span title="Resets">${stream.resets > 0 ? format.counted(stream.resets, 'reset') : nothing}</span></span>
    </a>
  </li>`;
