// @ts-check
import * as api from './api.js';
import { Clip } from './clip.js';
import * as format from './format.js';
import { html, nothing } from './lit.js';
import { Missed } from './missed.js';
import { FrameViewer } from './frameviewer.js';
import { eventsAddress } from './router.js';
import { eventTable, facts, legend, markTable, scoreList } from './streamparts.js';
import { LENGTHS, Timeline } from './timeline.js';

const TIMELINE_MILLIS = 2000;
const PICTURE_MILLIS = 1000;
const PICTURE_WIDTH = 960;

/** One stream: its picture at any time of the last hour, its scores, events and marks. */
export class Stream {
  title = 'Stream';
  id = '';
  /** @type {[string, string][]} */
  keys = [
    ['← →', 'step through time; with Shift ten steps'],
    ['Page up, down', 'half a view back, on'],
    ['Home, End or l', 'the beginning, live'],
    ['+ −', 'zoom'],
    ['i, o', 'start and end of the span'],
    ['c', 'clip of the span'],
    ['m', 'missed here'],
    ['Esc', 'no span'],
  ];
  /** @type {{url: string, captureTime: number, sequence: string} | null} */
  #frame = null;
  #frameError = '';
  #error = '';
  #pictureAt = -Infinity;
  /** @type {number | null} */
  #asked = null;
  #timer = 0;
  #abort = new AbortController();
  #viewer = new FrameViewer(() => {});

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
    this.time = new Timeline(() => this.app.refresh());
    this.clip = new Clip(() => this.app.refresh());
    this.missed = new Missed(() => this.app.refresh());
  }

  /** @param {import('./router.js').Route} route */
  enter(route) {
    this.id = route.id;
    this.title = route.id;
    this.#frame = null;
    this.#error = this.#frameError = '';
    this.#pictureAt = -Infinity;
    this.#abort = new AbortController();
    this.time = new Timeline(() => this.app.refresh());
    this.#viewer = new FrameViewer((shown, error) => this.#show(shown, error));
    this.missed.close();
    void this.#load(route.params);
  }

  leave() {
    window.clearTimeout(this.#timer);
    this.#abort.abort();
    this.#viewer.close();
    this.time.close();
    this.clip.of = null;
  }

  /** @param {URLSearchParams} [params] what the address asks for, once */
  async #load(params) {
    const { signal } = this.#abort;
    try {
      const data = document.hidden && this.time.data ? this.time.data : await api.timeline(this.id, signal);
      if (signal.aborted) {
        return;
      }
      this.time.data = data;
      this.#error = '';
      if (params) {
        this.#begin(params);
      }
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      this.#error = failure instanceof Error ? failure.message : String(failure);
    }
    this.app.refresh();
    this.#timer = window.setTimeout(() => this.#load(this.time.data ? undefined : params), TIMELINE_MILLIS);
  }

  /** @param {URLSearchParams} params */
  #begin(params) {
    const [from, to] = [Number(params.get('from')), Number(params.get('to'))];
    if (from > 0 && to > 0) {
      this.#showSpan({ from, to }, from);
    } else if (this.time.data) {
      const known = this.time.data.to - this.time.data.from;
      this.time.length = [...LENGTHS].reverse().find((length) => length >= known) ?? LENGTHS[0];
    }
    if (params.has('missed')) {
      this.missed.open();
    }
  }

  /** @param {import('./types.js').Span} span @param {number} at */
  #showSpan(span, at) {
    this.time.choose(span);
    this.time.goTo(at);
    this.time.zoom([...LENGTHS].reverse().find((length) => length > 3 * (span.to - span.from)) ?? LENGTHS[0]);
  }

  /** @param {{url: string, captureTime: number, sequence: string} | null} shown @param {string} error */
  #show(shown, error) {
    this.#frame = shown ?? this.#frame;
    this.#frameError = error;
    this.app.refresh();
  }

  template() {
    const { data } = this.time;
    if (!data) {
      return html`<h1 tabindex="-1" class="id">${this.id}</h1>
        <p class="empty" role="status">${this.#error || 'Loading…'} ${this.#error ? html`<a href="#/">To the wall</a>` : nothing}</p>`;
    }
    const stream = this.app.live.streams.get(this.id) ?? data.stream;
    return html`
      <div class="headline"><h1 tabindex="-1" class="id">${this.id}</h1>
        <span class="chips">${stream.why.map((why) => html`<span class="chip why">${why}</span>`)}</span>
        ${this.#error ? html`<span class="alarm">${this.#error}</span>` : nothing}</div>
      <div class="stream">
        ${this.#picture()}
        <section class="card" aria-label="Now">
          <h2>Now</h2>
          <p class="told big"><span class="label">${stream.label ?? '–'}</span><span class="score">${format.score(stream.score)}</span></p>
          <p class="chips">${stream.active.map((label) => html`<span class="chip on">${label}</span>`)}</p>
          <h2>${this.time.live ? 'Scores' : `Scores at ${format.time(/** @type {number} */ (this.time.time))}`}</h2>
          ${scoreList(this.time.live ? stream.scores : this.time.scores(), data.labels)}
          ${facts(stream, data.model)}
        </section>
      </div>
      <section class="card" aria-label="Timeline">
        ${this.#tools(stream)}
        ${this.time.template()}
        ${legend(data.labels)}
        ${this.#span(data)}
      </section>
      <div class="halves below">
        ${eventTable(data.events, this.app.config, eventsAddress({ stream: this.id }), (event) => this.#showSpan({ from: event.start, to: event.end }, event.peak))}
        ${markTable(data, (at) => this.time.goTo(at))}
      </div>`;
  }

  #picture() {
    if (!this.app.config?.pictures) {
      return html`<p class="empty frame">There are no pictures: the dashboard cannot read the topic <code>${this.app.config?.topics.frames}</code>.</p>`;
    }
    const late = this.#frame && !this.time.live && Math.abs(this.#frame.captureTime - (this.time.time ?? 0)) > 2000;
    return html`<figure class="frame">
      <img class="picture" alt=${`Frame of ${this.id}`} src=${this.#frame?.url ?? nothing}>
      <figcaption><span class=${this.time.live ? 'chip on' : 'chip'}>${this.time.live ? 'live' : 'at the cursor'}</span>
        ${this.#frame ? html`<span>${format.preciseTime(this.#frame.captureTime)}</span> <span>frame ${this.#frame.sequence}</span>` : nothing}
        ${late && !this.#frameError ? html`<span>the last before the cursor</span>` : nothing}
        <span class="alarm">${this.#frameError}</span></figcaption>
    </figure>`;
  }

  /** @param {import('./types.js').Stream} stream */
  #tools(stream) {
    const minutes = (/** @type {number} */ length) => (length >= 3_600_000 ? '1 h' : `${length / 60_000} min`);
    return html`<div class="row" role="group" aria-label="View">
      ${LENGTHS.map((length) => html`<button type="button" aria-pressed=${this.time.length === length} @click=${() => this.time.zoom(length)}>${minutes(length)}</button>`)}
      <button type="button" aria-pressed=${this.time.cursor === null} @click=${() => this.time.goTo(null)}>Live</button>
      <span class="hint">${this.time.live
        ? `last frame ${format.time(stream.captureTime)}`
        : format.preciseTime(/** @type {number} */ (this.time.time))} · point or ← → to see a frame, drag or i and o to choose a span</span>
    </div>`;
  }

  /** @param {import('./types.js').TimelineData} data */
  #span(data) {
    const span = this.time.chosen;
    const clip = this.clip.of === null ? nothing : this.clip.template();
    if (!span) {
      return clip;
    }
    return html`<div class="row span">
        <span>Span <b>${format.preciseTime(span.from)}</b> to <b>${format.preciseTime(span.to)}</b> (${format.duration(span.to - span.from)})</span>
        <button type="button" @click=${() => this.#play()}>Play clip</button>
        <a href=${api.streamClip(this.id, span, false)} download>Download MP4</a>
        <button type="button" ?disabled=${!this.app.config?.reviews} title=${this.app.config?.reviews ? '' : 'Reviews cannot be written here'}
          @click=${() => this.missed.open()}>Missed here…</button>
        <button type="button" class="quiet" @click=${() => this.time.choose(null)}>No span</button>
      </div>
      ${this.missed.template(this.id, span, data.labels)}
      ${clip}`;
  }

  #play() {
    const span = this.time.chosen;
    if (span) {
      this.clip.open('span', (labels) => api.streamClip(this.id, span, labels));
    }
  }

  rendered() {
    this.time.rendered();
    const at = this.time.time;
    const due = performance.now() - this.#pictureAt > PICTURE_MILLIS;
    if (this.app.config?.pictures && this.time.data && (at !== this.#asked || (at === null && due))) {
      this.#asked = at;
      this.#pictureAt = performance.now();
      this.#viewer.want(this.id, at, PICTURE_WIDTH);
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.time.data) {
      return false;
    }
    if (event.key === 'c' && this.time.chosen) {
      this.#play();
      return true;
    }
    if (event.key === 'm' && this.time.chosen && this.app.config?.reviews) {
      this.missed.open();
      return true;
    }
    return this.time.key(event);
  }
}
