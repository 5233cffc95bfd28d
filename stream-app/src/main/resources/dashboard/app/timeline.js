// @ts-check
import * as format from './format.js';
import { html } from './lit.js';
import { Pointer } from './pointer.js';
import { ScoreChart } from './scorechart.js';

/** @typedef {import('./types.js').Span} Span */

const MINUTE = 60_000;
export const LENGTHS = [60 * MINUTE, 15 * MINUTE, 5 * MINUTE, MINUTE];
/** Keys that scroll the page unless the timeline has the focus. */
const SCROLLING = new Set(['PageUp', 'PageDown', 'Home', 'End']);

/** The time of a stream: what part of it is in view, where the cursor stands, which span is chosen. */
export class Timeline {
  /** @type {import('./types.js').TimelineData | null} */
  data = null;
  length = LENGTHS[0];
  /** Where the view ends; null follows the stream. @type {number | null} */
  #end = null;
  /** Null is the last frame. @type {number | null} */
  cursor = null;
  #pointer = new Pointer(this);
  /** @type {Span | null} */
  chosen = null;
  /** @type {ScoreChart | null} */
  #chart = null;
  #drawn = '';
  #closed = false;
  #opening = false;
  #scheme = matchMedia('(prefers-color-scheme: dark)');
  #repaint = () => this.#discard();

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.#scheme.addEventListener('change', this.#repaint);
  }

  close() {
    this.#closed = true;
    this.#scheme.removeEventListener('change', this.#repaint);
    this.#chart?.close();
  }

  /** The time whose frame is to be seen; null is the last frame. */
  get time() {
    return this.#pointer.hover ?? this.cursor;
  }

  get live() {
    return this.time === null;
  }

  /** @returns {Span} */
  get window() {
    const to = this.#end ?? this.data?.to ?? 0;
    return { from: to - this.length, to };
  }

  get #step() {
    return Math.min(this.data?.bucketMillis ?? 2000, this.length / 600);
  }

  /** @param {number | null} time */
  goTo(time) {
    const data = this.data;
    if (!data) {
      return;
    }
    const from = Math.max(data.from, data.to - LENGTHS[0]);
    this.cursor = time === null || time >= data.to ? null : Math.max(from, time);
    this.#pointer.hover = null;
    this.#reveal();
    this.changed();
  }

  /** @param {Span | null} span */
  choose(span) {
    this.chosen = span && { from: Math.min(span.from, span.to), to: Math.max(span.from, span.to) };
    this.changed();
  }

  /** @param {number} length */
  zoom(length) {
    this.length = length;
    this.#end = this.cursor === null ? null : this.cursor + length / 2;
    this.#reveal();
    this.changed();
  }

  /** Moves the view to where the cursor is. */
  #reveal() {
    const last = this.data?.to ?? 0;
    const { from, to } = this.window;
    if (this.cursor === null) {
      this.#end = null;
    } else if (this.cursor < from || this.cursor > to) {
      this.#end = this.cursor + this.length / 2;
    }
    if (this.#end !== null && this.#end >= last) {
      this.#end = null;
    }
  }

  /** The scores of the bucket at the cursor, best first; null where there is none. */
  scores() {
    const { data, time } = this;
    if (!data || time === null) {
      return null;
    }
    const bucket = data.at.findLastIndex((start) => start <= time);
    if (bucket < 0 || time - data.at[bucket] > 1.5 * data.bucketMillis) {
      return null;
    }
    return data.labels
      .map((label, i) => /** @type {[string, number]} */ ([label, data.scores[i][bucket]]))
      .sort((a, b) => b[1] - a[1]);
  }

  template() {
    const { from, to } = this.data ?? { from: 0, to: 0 };
    const at = this.time ?? to;
    const best = this.scores()?.[0];
    const text = this.live ? 'live' : `${format.preciseTime(at)}${best ? `, ${best[0]} ${format.score(best[1])}` : ''}`;
    return html`
      <div id="timeline" role="slider" tabindex="0" aria-label="Time of the picture"
        aria-valuemin=${from} aria-valuemax=${to} aria-valuenow=${at} aria-valuetext=${text}
        @pointerdown=${this.#pointer.down} @pointermove=${this.#pointer.move} @pointerup=${this.#pointer.up}
        @pointercancel=${this.#pointer.cancel} @pointerleave=${this.#pointer.leave}>
        <canvas aria-hidden="true"></canvas>
        <div class="chosen" ?hidden=${!this.chosen}></div>
        <div class="cursor" ?hidden=${this.live}></div>
      </div>`;
  }

  rendered() {
    const box = document.getElementById('timeline');
    const canvas = box?.querySelector('canvas');
    if (!box || !canvas || !this.data) {
      return;
    }
    if (!this.#chart) {
      void this.#open(canvas);
      return;
    }
    const { from, to } = this.window;
    const drawn = `${this.data.now} ${from} ${to}`;
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      this.#chart.show(this.data, { from, to });
    }
    this.#place(box, this.#chart);
  }

  /** @param {HTMLCanvasElement} canvas */
  async #open(canvas) {
    if (this.#opening) {
      return;
    }
    this.#opening = true;
    const chart = await ScoreChart.on(canvas);
    this.#opening = false;
    if (this.#closed) {
      chart.close();
      return;
    }
    this.#chart = chart;
    this.changed();
  }

  #discard() {
    this.#chart?.close();
    this.#chart = null;
    this.#drawn = '';
    this.changed();
  }

  /** @param {HTMLElement} box @param {ScoreChart} chart */
  #place(box, chart) {
    const cursor = /** @type {HTMLElement} */ (box.querySelector('.cursor'));
    if (this.time !== null) {
      cursor.style.left = `${chart.xOf(this.time)}px`;
    }
    const chosen = /** @type {HTMLElement} */ (box.querySelector('.chosen'));
    if (this.chosen) {
      const left = chart.xOf(this.chosen.from);
      chosen.style.left = `${left}px`;
      chosen.style.width = `${Math.max(1, chart.xOf(this.chosen.to) - left)}px`;
    }
  }

  /** The time at a place of the chart; null before it is drawn. @param {number} x pixels from its left */
  timeAt(x) {
    const { data } = this;
    if (!this.#chart || !data) {
      return null;
    }
    const { from, to } = this.window;
    return Math.min(to, data.to, Math.max(from, data.from, this.#chart.timeAt(x)));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.time ?? this.data?.to ?? 0;
    const step = this.#step * (event.shiftKey ? 10 : 1);
    const near = LENGTHS.indexOf(this.length);
    /** @type {Record<string, () => void>} */
    const uses = {
      ArrowLeft: () => this.goTo(at - step),
      ArrowRight: () => this.goTo(at + step),
      PageUp: () => this.goTo(at - this.length / 2),
      PageDown: () => this.goTo(at + this.length / 2),
      Home: () => this.goTo(this.data?.from ?? 0),
      End: () => this.goTo(null),
      l: () => this.goTo(null),
      i: () => this.choose({ from: at, to: Math.max(at, this.chosen?.to ?? at) }),
      o: () => this.choose({ from: Math.min(at, this.chosen?.from ?? at), to: at }),
      Escape: () => this.choose(null),
      '+': () => this.zoom(LENGTHS[Math.min(LENGTHS.length - 1, near + 1)]),
      '-': () => this.zoom(LENGTHS[Math.max(0, near - 1)]),
    };
    const scrolls = SCROLLING.has(event.key) && document.activeElement?.id !== 'timeline';
    const use = scrolls ? undefined : uses[event.key];
    use?.();
    return use !== undefined;
  }
}
