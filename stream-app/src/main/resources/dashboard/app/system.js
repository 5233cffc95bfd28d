// @ts-check
import * as api from './api.js';
import * as format from './format.js';
import { html, nothing } from './lit.js';
import { inputOf } from './parts.js';
import { rejectedTable } from './rejectedtable.js';

/** @typedef {import('./types.js').System} System */

/** A partition commits several times a second; so long without is worth a word. */
const STILL_MILLIS = 5000;

/** Instances, partitions, lag, rates, and what was rejected. */
export class SystemView {
  title = 'System';
  /** @type {[string, string][]} */
  keys = [['/', 'search rejected frames by stream']];
  /** @type {import('./types.js').RejectedRecord[] | null} */
  #rejected = null;
  #error = '';
  #stream = '';
  #loadedAt = -1;
  #typing = 0;

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
  }

  /** @param {import('./router.js').Route} route */
  enter(route) {
    this.#stream = route.params.get('stream') ?? '';
    this.#loadedAt = -1;
  }

  leave() {
    window.clearTimeout(this.#typing);
  }

  /** Reads the rejected records again once there are more of them. */
  rendered() {
    const count = this.app.live.system?.totals.rejected ?? 0;
    if (count !== this.#loadedAt) {
      this.#loadedAt = count;
      void this.#load();
    }
  }

  async #load() {
    const asked = this.#stream;
    try {
      const rejected = await api.rejected(asked);
      if (asked === this.#stream) {
        this.#rejected = rejected;
        this.#error = '';
      }
    } catch (failure) {
      this.#error = failure instanceof Error ? failure.message : String(failure);
    }
    this.app.refresh();
  }

  /** @param {string} text */
  #search(text) {
    this.#stream = text;
    window.clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => {
      this.app.setParam('stream', text);
      void this.#load();
    }, 300);
  }

  template() {
    const { system } = this.app.live;
    return html`<h1 tabindex="-1">System</h1>
      ${system ? html`${figures(system)}
        <div class="halves">${instances(system)}${partitions(system)}</div>
        <div class="halves">${reasons(system)}${changes(system)}</div>` : html`<p class="empty">Waiting for the dashboard…</p>`}
      <section class="card"><div class="headline"><h2>Rejected records</h2>
        <input id="search" type="search" placeholder="Stream" aria-label="Stream" .value=${this.#stream} @input=${(/** @type {Event} */ e) => this.#search(inputOf(e).value)}></div>
        ${this.#error ? html`<p class="notice bad" role="alert">${this.#error}</p>` : nothing}
        ${rejectedTable(this.#rejected ?? [], this.app.config?.topics.rejected ?? '')}
      </section>`;
  }
}

/** @param {System} system */
function figures({ group, rates, totals, partitions }) {
  const lag = partitions.reduce((sum, partition) => sum + partition.lag, 0);
  /** @type {[string, string, boolean][]} */
  const shown = [
    ['group', `${format.words(group.state)}`, group.state !== 'STABLE'],
    ['streams', format.count(totals.streams), false],
    ['labelled', format.rate(rates.labelled), false],
    ['rejected', format.rate(rates.rejected), rates.rejected > 0],
    ['skipped', format.rate(rates.skipped), false],
    ['duplicates', format.rate(rates.duplicates), false],
    ['lag, records', format.count(lag), false],
    ['labels', format.count(totals.labels), false],
    ['events', format.count(totals.events), false],
  ];
  return html`<dl class="board">${shown.map(([name, value, alarm]) => html`<div><dt>${name}</dt><dd class=${alarm ? 'alarm' : ''}>${value}</dd></div>`)}</dl>`;
}

/** @param {System} system */
const instances = ({ group, instances }) => html`<section class="card"><h2>Instances</h2>
  <p class="hint">group ${group.id}, protocol ${group.protocol}</p>
  ${instances.length === 0
    ? html`<p class="empty">No instance runs. Start one: <code>./gatestream run --bootstrap-servers HOST:9092</code></p>`
    : html`<div class="scroll"><table><thead><tr><th>Instance</th><th>Host</th><th>Partitions</th><th class="number">Lag</th></tr></thead>
      <tbody>${instances.map((it) => html`<tr><td>${it.id}</td><td>${it.host}</td><td>${it.partitions.join(', ')}</td><td class="number">${format.count(it.lag)}</td></tr>`)}</tbody></table></div>`}
</section>`;

/** @param {System} system */
const partitions = ({ partitions }) => html`<section class="card"><h2>Partitions</h2><div class="scroll"><table>
  <thead><tr><th class="number">Partition</th><th class="number">End</th><th class="number">Committed</th><th class="number">Lag</th><th>Owner</th></tr></thead>
  <tbody>${partitions.map((it) => html`<tr><td class="number">${it.partition}</td><td class="number">${format.count(it.end)}</td>
    <td class="number">${format.count(it.committed)}</td><td class="number">${format.count(it.lag)}</td>
    <td>${it.owner ?? html`<span class="alarm">nobody</span>`}${it.standsStill > STILL_MILLIS
      ? html` <span class="chip why">nothing for ${format.duration(it.standsStill)}: restoring, or stuck</span>`
      : nothing}</td></tr>`)}</tbody></table></div></section>`;

/** @param {System} system */
const reasons = ({ rejectedReasons }) => html`<section class="card"><h2>Why frames are rejected</h2>
  ${rejectedReasons.length === 0
    ? html`<p class="hint">None is.</p>`
    : html`<div class="scroll"><table><thead><tr><th>Reason</th><th class="number">Records</th><th>Likely cause</th></tr></thead>
      <tbody>${rejectedReasons.map((it) => html`<tr><td>${format.words(it.reason)}</td><td class="number">${format.count(it.count)}</td><td>${it.likelyCause ?? ''}</td></tr>`)}</tbody></table></div>`}
</section>`;

/** @param {System} system */
const changes = ({ changes }) => html`<section class="card"><h2>Changes of the group</h2>
  ${changes.length === 0
    ? html`<p class="hint">None since the dashboard started.</p>`
    : html`<ol class="changes scroll">${changes.map((it) => html`<li><time>${format.dayTime(it.at)}</time> ${it.text}</li>`)}</ol>`}
</section>`;
