// @ts-check
import * as api from './api.js';
import { pictures, release } from './pictures.js';

/** Shows one frame after the other in a single image, the wish that came last first. */
export class FrameViewer {
  #running = false;
  #closed = false;
  /** By performance.now(), where the server asked to wait. */
  #notBefore = 0;
  /** @type {(() => Promise<void>) | null} */
  #waiting = null;
  #url = '';

  /** @param {(shown: {url: string, captureTime: number, sequence: string} | null, error: string) => void} show */
  constructor(show) {
    this.show = show;
  }

  /** @param {string} id @param {number | null} at @param {number} width */
  want(id, at, width) {
    if (this.#closed) {
      return;
    }
    this.#waiting = () => this.#fetch(id, at, width);
    void this.#run();
  }

  close() {
    this.#closed = true;
    this.#waiting = null;
    this.show = () => {};
    release(this.#url);
  }

  async #run() {
    if (this.#running) {
      return;
    }
    this.#running = true;
    while (this.#waiting) {
      const wait = Math.max(0, this.#notBefore - performance.now()) || pictures.gate.take();
      if (wait > 0) {
        await new Promise((resolve) => window.setTimeout(resolve, wait));
        continue;
      }
      const next = this.#waiting;
      this.#waiting = null;
      await next();
    }
    this.#running = false;
  }

  /** @param {string} id @param {number | null} at @param {number} width */
  async #fetch(id, at, width) {
    try {
      const shown = await api.picture(id, width, at);
      if (this.#closed) {
        release(shown.url);
        return;
      }
      const former = this.#url;
      this.#url = shown.url;
      this.show(shown, '');
      release(former);
    } catch (failure) {
      pictures.gate.respect(failure);
      if (this.#closed) {
        return;
      }
      const refused = failure instanceof api.ApiError;
      this.#notBefore = performance.now() + (refused ? failure.retryAfter : 0);
      if (refused && failure.status === 429) {
        this.#waiting ??= () => this.#fetch(id, at, width);
      } else {
        this.show(null, failure instanceof Error ? failure.message : String(failure));
      }
    }
  }
}
