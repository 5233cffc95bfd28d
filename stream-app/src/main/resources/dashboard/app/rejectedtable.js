// @ts-check
import * as format from './format.js';
import { html, nothing } from './lit.js';
import { streamAddress } from './router.js';

/** @param {import('./types.js').RejectedRecord[]} records @param {string} topic */
export const rejectedTable = (records, topic) => html`
  <div class="scroll"><table id="rejected">
    <caption class="sr">Rejected records, newest first</caption>
    <thead><tr><th>Time</th><th>Stream</th><th>Reason</th><th>Details</th><th>Record</th><th class="number">Size</th></tr></thead>
    <tbody>${records.map(row)}</tbody>
  </table></div>
  ${records.length === 0 ? html`<p class="hint">None. A frame that cannot be labelled goes to the topic <code>${topic}</code>, and its stream goes on.</p>` : nothing}`;

/** @param {import('./types.js').RejectedRecord} it */
const row = (it) => html`<tr>
  <td>${format.dayTime(it.at)}</td>
  <td class="id">${it.stream === null ? html`<span class="hint">unknown</span>` : html`<a href=${streamAddress(it.stream)}>${it.stream}</a>`}</td>
  <td>${format.words(it.reason)}</td>
  <td>${it.message}${it.likelyCause ? html`<br><span class="hint">Likely cause: ${it.likelyCause}</span>` : nothing}</td>
  <td><code>${it.partition}@${it.offset}</code>${it.origin ? html`<br><span class="hint">of ${it.origin}</span>` : nothing}</td>
  <td class="number">${it.valueBytes === null ? '' : format.bytes(it.valueBytes)}${it.omitted ? html`<br><span class="hint">omitted</span>` : nothing}</td>
</tr>`;
