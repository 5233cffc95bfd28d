// @ts-check
import { lanes } from './lanes.js';

/** The same for every row of the picture below the scores. */
export const LANES_HEIGHT = 74;
export const AXIS_WIDTH = 56;

const CLASSES = 8;

/** Colours come from the style sheet. @param {Element} element */
export function paletteOf(element) {
  const style = getComputedStyle(element);
  const value = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    classes: Array.from({ length: CLASSES }, (_, i) => value(`--class-${i}`)),
    other: value('--class-other'),
    text: value('--muted'),
    line: value('--line'),
    bad: value('--bad'),
    warn: value('--warn'),
    gap: value('--gap'),
    font: style.fontFamily,
  };
}

/** Chart.js is a script that sets a global, so it is imported for that alone. */
async function library() {
  await import('/lib/chart.js/dist/chart.umd.js');
  return /** @type {any} */ (globalThis).Chart;
}

/** The scores of a stream over time as lines, and below them its lanes. */
export class ScoreChart {
  /** @type {import('./types.js').TimelineData | undefined} */
  data;
  #chart;

  /** @param {HTMLCanvasElement} canvas */
  static async on(canvas) {
    return new ScoreChart(await library(), canvas);
  }

  /** @param {any} Chart @param {HTMLCanvasElement} canvas */
  constructor(Chart, canvas) {
    this.canvas = canvas;
    this.palette = paletteOf(canvas);
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: options(this.palette),
      plugins: [lanes(() => this.data, this.palette)],
    });
  }

  /** @param {import('./types.js').TimelineData} data @param {import('./types.js').Span} window */
  show(data, window) {
    if (this.data !== data) {
      this.data = data;
      this.#chart.data.datasets = data.labels.map((label, i) => ({
        label,
        data: points(data, i),
        borderColor: this.palette.classes[i],
      }));
    }
    const axis = this.#chart.options.scales.x;
    axis.min = window.from;
    axis.max = window.to;
    this.#chart.update('none');
  }

  /** @param {number} x pixels from the left of the canvas */
  timeAt(x) {
    return this.#chart.scales.x.getValueForPixel(x);
  }

  /** @param {number} time */
  xOf(time) {
    const { left, right } = this.#chart.chartArea;
    return Math.min(right, Math.max(left, this.#chart.scales.x.getPixelForValue(time)));
  }

  close() {
    this.#chart.destroy();
  }
}

/** Where no bucket is, the line is broken. @param {import('./types.js').TimelineData} data @param {number} label */
function points({ at, scores, bucketMillis }, label) {
  const points = [];
  for (let i = 0; i < at.length; i++) {
    if (i > 0 && at[i] - at[i - 1] > 1.5 * bucketMillis) {
      points.push({ x: at[i - 1] + bucketMillis, y: NaN });
    }
    points.push({ x: at[i] + bucketMillis / 2, y: scores[label][i] });
  }
  return points;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const fineClock = new Intl.DateTimeFormat(undefined, { minute: '2-digit', second: '2-digit' });

/** Steps of the time axis that people count in, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((s) => s * 1000);

/** @param {any} axis */
function timeTicks(axis) {
  const room = Math.max(2, Math.floor(axis.chart.width / 80));
  const step = STEPS.find((s) => (axis.max - axis.min) / s <= room) ?? 3_600_000;
  axis.ticks = [];
  for (let t = Math.ceil(axis.min / step) * step; t <= axis.max; t += step) {
    axis.ticks.push({ value: t, label: step < 60_000 ? fineClock.format(t) : clock.format(t) });
  }
}

/** @param {ReturnType<typeof paletteOf>} palette */
const options = (palette) => ({
  animation: false,
  parsing: false,
  normalized: true,
  responsive: true,
  maintainAspectRatio: false,
  events: [],
  font: { family: palette.font },
  layout: { padding: { bottom: LANES_HEIGHT, right: 8 } },
  elements: { point: { radius: 0 }, line: { borderWidth: 1.5 } },
  plugins: { legend: { display: false }, tooltip: { enabled: false } },
  scales: {
    x: {
      type: 'linear',
      position: 'top',
      afterBuildTicks: timeTicks,
      grid: { color: palette.line },
      ticks: {
        color: palette.text, maxRotation: 0, autoSkip: false,
        callback: (/** @type {number} */ _, /** @type {number} */ i, /** @type {any[]} */ ticks) => ticks[i].label,
      },
    },
    y: {
      min: 0,
      max: 1,
      afterFit: (/** @type {any} */ axis) => (axis.width = AXIS_WIDTH),
      grid: { color: palette.line },
      ticks: { color: palette.text, stepSize: 0.25, callback: (/** @type {number} */ score) => score.toFixed(2) },
    },
  },
});
