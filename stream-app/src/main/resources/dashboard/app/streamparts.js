// @ts-check
/** The tables and lists beside the timeline of a stream. */
import * as format from './format.js';
import { html, nothing } from './lit.js';
import { scoreBar } from './parts.js';

/** @typedef {import('./types.js').StreamEvent} StreamEvent */

/** The style of a class: its colour in the chart. @param {string[]} labels @param {string} label */
const swatch = (labels, label) => {
  const i = labels.indexOf(label);
  return html`<span class="swatch c${i < 0 ? 'other' : i}" aria-hidden="true"></span>`;
};

/** @param {[string, number][] | null} scores @param {string[]} labels */
export function scoreList(scores, labels) {
  if (!scores) {
    return html`<p class="hint">No label here.</p>`;
  }
  return html`<ul class="scores">${scores.slice(0, 5).map(([label, score]) => html`
    <li>${swatch(labels, label)}<span class="name">${label}</span>${scoreBar(score)}<span class="number">${format.score(score)}</span></li>`)}</ul>`;
}

/** @param {import('./types.js').Stream} stream @param {{name: string, version: string, fingerprint: string}} model */
export function facts(stream, model) {
  const reset = stream.lastReset;
  /** @type {[string, unknown][]} */
  const rows = [
    ['Delay', format.delay(stream.delay)],
    ['Rate', format.rate(stream.rate)],
    ['Resets', html`${format.count(stream.resets)}${reset ? ` (${format.words(reset.reason)} at ${format.time(reset.at)})` : nothing}`],
    ['Frames since reset', format.count(stream.framesSinceReset)],
    ['Rejected', format.count(stream.rejected)],
    ['Skipped, duplicate', `${format.count(stream.skipped)}, ${format.count(stream.duplicates)}`],
    ['Partition', stream.partition],
    ['Model', html`${model.name} ${model.version} <code title=${model.fingerprint}>${model.fingerprint.slice(0, 8)}</code>`],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** @param {string[]} labels */
export const legend = (labels) => html`<p class="legend">
  ${labels.map((label) => html`<span>${swatch(labels, label)}${label}</span>`)}
  <span><span class="mark reset" aria-hidden="true">▲</span>reset</span>
  <span><span class="mark rejected" aria-hidden="true">✕</span>rejected</span>
  <span><span class="swatch gap" aria-hidden="true"></span>gap</span></p>`;

/** @param {StreamEvent[]} events @param {import('./types.js').Config | null} config @param {string} all @param {(event: StreamEvent) => void} choose */
export function eventTable(events, config, all, choose) {
  const latest = [...events].sort((a, b) => b.start - a.start).slice(0, 50);
  return html`<section class="card"><div class="headline"><h2>Events of the last hour</h2><a href=${all}>Review them</a></div>
    ${latest.length === 0
      ? html`<p class="hint">${config?.topics.events ? 'None.' : 'The application writes no events: its bundle has no rules.'}</p>`
      : html`<div class="scroll"><table><thead><tr><th>Start</th><th>Event</th><th class="number">Length</th><th class="number">Peak</th><th>Review</th></tr></thead>
        <tbody>${latest.map((event) => html`<tr>
          <td><button type="button" class="link" @click=${() => choose(event)} title="Show it on the timeline">${format.time(event.start)}</button></td>
          <td>${event.label}${event.state === 'open' ? html` <span class="chip on">open</span>` : nothing}</td>
          <td class="number">${format.duration(event.end - event.start)}</td><td class="number">${format.score(event.peakScore)}</td>
          <td>${event.review ? format.words(event.review.kind) : ''}</td></tr>`)}</tbody></table></div>`}
  </section>`;
}

/** @param {import('./types.js').TimelineData} data @param {(at: number) => void} goTo */
export function markTable(data, goTo) {
  /** @type {[number, string, string][]} */
  const rows = [
    ...data.resets.map(({ at, reason }) => /** @type {[number, string, string]} */ ([at, 'reset', format.words(reason)])),
    ...data.gaps.map(({ from, to }) => /** @type {[number, string, string]} */ ([from, 'gap', `${format.duration(to - from)} without a label`])),
    ...data.rejected.map((it) => /** @type {[number, string, string]} */ ([it.at, 'rejected', `${format.words(it.reason)}: ${it.message} (partition ${it.partition}, offset ${it.offset})`])),
  ];
  rows.sort((a, b) => b[0] - a[0]);
  return html`<section class="card"><h2>Resets, gaps and rejected frames</h2>
    ${rows.length === 0
      ? html`<p class="hint">None in the last hour.</p>`
      : html`<div class="scroll"><table><thead><tr><th>Time</th><th>What</th><th>Details</th></tr></thead>
        <tbody>${rows.slice(0, 100).map(([at, what, details]) => html`<tr>
          <td><button type="button" class="link" @click=${() => goTo(at)}>${format.time(at)}</button></td>
          <td>${what}</td><td>${details}</td></tr>`)}</tbody></table></div>`}
  </section>`;
}
