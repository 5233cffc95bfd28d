// @ts-check

/** A pointer that moves less than this has clicked. */
const CLICK_PIXELS = 4;

/** The pointer on the timeline: it shows a time by pointing, goes there by a click, and chooses a span by dragging. */
export class Pointer {
  /** The time that is pointed at. @type {number | null} */
  hover = null;
  /** @type {{x: number, time: number} | null} */
  #drag = null;

  /** @param {import('./timeline.js').Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
  }

  /** @param {PointerEvent} event */
  #timeOf(event) {
    const box = /** @type {HTMLElement} */ (event.currentTarget);
    return this.timeline.timeAt(event.clientX - box.getBoundingClientRect().left);
  }

  down = (/** @type {PointerEvent} */ event) => {
    const time = this.#timeOf(event);
    if (event.button === 0 && time !== null) {
      /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
      this.#drag = { x: event.clientX, time };
    }
  };

  move = (/** @type {PointerEvent} */ event) => {
    this.hover = this.#timeOf(event);
    if (this.#drag && this.hover !== null && !this.#isClick(event, this.#drag)) {
      this.timeline.choose({ from: this.#drag.time, to: this.hover });
    }
    this.timeline.changed();
  };

  up = (/** @type {PointerEvent} */ event) => {
    const drag = this.#drag;
    this.#drag = null;
    if (drag && this.#isClick(event, drag)) {
      this.timeline.goTo(drag.time);
    }
  };

  cancel = () => {
    this.#drag = null;
  };

  leave = () => {
    if (!this.#drag) {
      this.hover = null;
      this.timeline.changed();
    }
  };

  /** @param {PointerEvent} event @param {{x: number}} drag */
  #isClick(event, drag) {
    return Math.abs(event.clientX - drag.x) <= CLICK_PIXELS;
  }
}
