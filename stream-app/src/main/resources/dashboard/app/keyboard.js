// @ts-check
import { html } from './lit.js';

/** Whether keys belong to the element. @param {EventTarget | null} target */
export function typing(target) {
  return target instanceof Element && target.matches('input, textarea, select, video');
}

/** What the keys of a view do. @param {import('./types.js').View} view */
export const help = (view) => html`
  <dialog id="help" aria-labelledby="help-title">
    <h2 id="help-title">Keys</h2>
    <dl>${[...view.keys, ['?', 'these keys']].map(([key, use]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${use}</dd></div>`)}</dl>
    <form method="dialog"><button>Close</button></form>
  </dialog>`;
