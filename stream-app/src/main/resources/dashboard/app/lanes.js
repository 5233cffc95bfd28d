// @ts-check
/** @typedef {import('./types.js').TimelineData} TimelineData */
/** @typedef {ReturnType<typeof import('./scorechart.js').paletteOf>} Palette */

const BEST = { top: 8, height: 9 };
const EVENTS = { top: 23, height: 8, rows: 3 };
const MARKS = { top: 60 };

/**
 * What lies below the scores: the best class of each moment, the events, and marks for resets and
 * rejected frames. Gaps are shaded over all of it.
 *
 * @param {() => TimelineData | undefined} data
 * @param {Palette} palette
 */
export const lanes = (data, palette) => ({
  id: 'lanes',
  /** @param {any} chart */
  afterDraw(chart) {
    const shown = data();
    if (shown) {
      new Lanes(chart, shown, palette).draw();
    }
  },
});

class Lanes {
  /** @param {any} chart @param {TimelineData} data @param {Palette} palette */
  constructor(chart, data, palette) {
    this.area = chart.chartArea;
    this.axis = chart.scales.x;
    this.context = /** @type {CanvasRenderingContext2D} */ (chart.ctx);
    this.data = data;
    this.palette = palette;
  }

  draw() {
    const { context, area } = this;
    context.save();
    this.#names();
    context.beginPath();
    context.rect(area.left, area.top, area.width, area.height + MARKS.top + 14);
    context.clip();
    this.#gaps();
    this.#best();
    this.#events();
    this.#resets();
    this.#rejected();
    context.restore();
  }

  /** @param {number} time */
  #x(time) {
    return this.axis.getPixelForValue(time);
  }

  #names() {
    const { context, area, palette } = this;
    context.font = `11px ${palette.font}`;
    context.fillStyle = palette.text;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.fillText('best', area.left - 6, area.bottom + BEST.top + BEST.height / 2);
    context.fillText('events', area.left - 6, area.bottom + EVENTS.top + EVENTS.rows * EVENTS.height / 2);
    context.fillText('marks', area.left - 6, area.bottom + MARKS.top + 3);
  }

  #gaps() {
    this.context.fillStyle = this.palette.gap;
    for (const gap of this.data.gaps) {
      const x = this.#x(gap.from);
      this.context.fillRect(x, this.area.top, Math.max(1, this.#x(gap.to) - x), this.area.height + MARKS.top + 10);
    }
  }

  #best() {
    const { at, best, bucketMillis } = this.data;
    const top = this.area.bottom + BEST.top;
    for (let i = 0; i < at.length; ) {
      let end = i + 1;
      while (end < at.length && best[end] === best[i] && at[end] - at[end - 1] < 1.5 * bucketMillis) {
        end++;
      }
      const x = this.#x(at[i]);
      this.context.fillStyle = this.palette.classes[best[i]] ?? this.palette.other;
      this.context.fillRect(x, top, Math.max(1, this.#x(at[end - 1] + bucketMillis) - x), BEST.height);
      i = end;
    }
  }

  #events() {
    const { context, data, palette } = this;
    /** Where each row is taken until. */
    const taken = Array(EVENTS.rows).fill(-Infinity);
    for (const event of [...data.events].sort((a, b) => a.start - b.start)) {
      const free = taken.findIndex((until) => until <= event.start);
      const row = free < 0 ? EVENTS.rows - 1 : free;
      taken[row] = event.end;
      const x = this.#x(event.start);
      const top = this.area.bottom + EVENTS.top + row * EVENTS.height;
      context.fillStyle = palette.classes[data.labels.indexOf(event.label)] ?? palette.other;
      context.fillRect(x, top, Math.max(2, this.#x(event.end) - x - 1), EVENTS.height - 2);
    }
  }

  #resets() {
    const { context, area, palette } = this;
    const top = area.bottom + MARKS.top;
    context.strokeStyle = palette.warn;
    context.fillStyle = palette.warn;
    for (const reset of this.data.resets) {
      const x = Math.round(this.#x(reset.at)) + 0.5;
      context.setLineDash([3, 3]);
      context.beginPath();
      context.moveTo(x, area.top);
      context.lineTo(x, top - 3);
      context.stroke();
      context.setLineDash([]);
      context.beginPath();
      context.moveTo(x, top - 3);
      context.lineTo(x + 5, top + 7);
      context.lineTo(x - 5, top + 7);
      context.fill();
    }
  }

  #rejected() {
    const { context, palette } = this;
    const y = this.area.bottom + MARKS.top + 3;
    context.strokeStyle = palette.bad;
    context.lineWidth = 2;
    for (const { at } of this.data.rejected) {
      const x = this.#x(at);
      context.beginPath();
      context.moveTo(x - 4, y - 4);
      context.lineTo(x + 4, y + 4);
      context.moveTo(x + 4, y - 4);
      context.lineTo(x - 4, y + 4);
      context.stroke();
    }
  }
}
