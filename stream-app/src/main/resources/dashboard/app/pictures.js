// @ts-check
import * as api from './api.js';

/** What the server is asked for at most by one page: a share of what it gives to all. */
const SHARE = 0.5;
const AT_ONCE = 3;
const KEPT = 240;
/** A picture on the wall is asked for anew after so long, if its stream went on. */
const REFRESH_MILLIS = 1000;
const TRY_AGAIN_MILLIS = 15_000;
/** A picture that failed otherwise. */
const FAILED_MILLIS = 5000;
/** Due before all that have a picture already. */
const FIRST = 0;

/** Spreads requests over time; all pictures of the page go through one of these. */
export class Gate {
  #interval = 100;
  #next = 0;

  /** @param {number} perSecond */
  limit(perSecond) {
    this.#interval = 1000 / Math.max(0.2, perSecond * SHARE);
  }

  /** Takes the turn, or says how long to wait for it. */
  take() {
    const now = performance.now();
    if (now < this.#next) {
      return this.#next - now;
    }
    this.#next = now + this.#interval;
    return 0;
  }

  /** Pauses all pictures where there were too many; other failures are of one stream. @param {unknown} failure */
  respect(failure) {
    if (failure instanceof api.ApiError && failure.status === 429) {
      this.#next = Math.max(this.#next, performance.now() + Math.max(1000, failure.retryAfter));
    }
  }
}

/**
 * @typedef {Object} Wanted an image element on the page and the picture that belongs in it
 * @property {string} id of the stream
 * @property {number | null} at null is the last frame, again and again
 * @property {number} width
 * @property {boolean} seen whether the element is near the viewport
 * @property {boolean} busy
 * @property {number} due when to ask for it, by performance.now()
 * @property {number} captureTime of the picture shown
 */

/** Fetches the pictures of the image elements that are on screen, those that waited longest first. */
export class Pictures {
  gate = new Gate();
  /** Whether there are any to be had. */
  available = true;
  /** The stream's last capture time, so that a silent stream is not asked for anew. @type {(id: string) => number} */
  lastCapture = () => Infinity;
  /** @type {Map<HTMLImageElement, Wanted>} */
  #wanted = new Map();
  /** Least recently used first. @type {Map<string, {url: string, captureTime: number}>} */
  #kept = new Map();
  #running = 0;
  #timer = 0;
  #observer = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: '80px' });

  /** @param {HTMLImageElement} image @param {string} id @param {number | null} at @param {number} width */
  want(image, id, at, width) {
    const kept = this.#kept.get(keyOf(id, at, width));
    const due = kept ? (at === null ? performance.now() : Infinity) : FIRST;
    const captureTime = kept?.captureTime ?? -1;
    const former = this.#wanted.get(image);
    this.#wanted.set(image, { id, at, width, seen: false, busy: false, due, captureTime });
    image.classList.remove('missing');
    if (kept) {
      image.src = kept.url;
    } else if (former?.id !== id) {
      image.removeAttribute('src'); // another time of the same stream is shown until this one comes
    }
    this.#observer.observe(image);
  }

  /** @param {HTMLImageElement} image */
  drop(image) {
    this.#observer.unobserve(image);
    this.#wanted.delete(image);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    for (const entry of entries) {
      const wanted = this.#wanted.get(/** @type {HTMLImageElement} */ (entry.target));
      if (wanted) {
        wanted.seen = entry.isIntersecting;
      }
    }
    this.#pump();
  }

  #pump() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    if (document.hidden || !this.available) {
      this.#later(1000);
      return;
    }
    while (this.#running < AT_ONCE) {
      const next = this.#next();
      if (!next) {
        this.#later(250);
        return;
      }
      const wait = this.gate.take();
      if (wait > 0) {
        this.#later(wait);
        return;
      }
      void this.#fetch(...next);
    }
  }

  /** @param {number} millis */
  #later(millis) {
    if (this.#wanted.size > 0) {
      this.#timer = window.setTimeout(() => this.#pump(), millis);
    }
  }

  /** @returns {[HTMLImageElement, Wanted] | null} */
  #next() {
    const now = performance.now();
    /** @type {[HTMLImageElement, Wanted] | null} */
    let longest = null;
    for (const entry of this.#wanted) {
      const wanted = entry[1];
      const ready = wanted.seen && !wanted.busy && wanted.due <= now && this.#isNews(wanted);
      if (ready && (longest === null || wanted.due < longest[1].due)) {
        longest = entry;
      }
    }
    return longest;
  }

  /** @param {Wanted} wanted */
  #isNews(wanted) {
    return wanted.at !== null || this.lastCapture(wanted.id) > wanted.captureTime;
  }

  /** @param {HTMLImageElement} image @param {Wanted} wanted */
  async #fetch(image, wanted) {
    wanted.busy = true;
    this.#running++;
    try {
      const picture = await api.picture(wanted.id, wanted.width, wanted.at);
      wanted.captureTime = picture.captureTime;
      wanted.due = wanted.at === null ? performance.now() + REFRESH_MILLIS : Infinity;
      this.#keep(keyOf(wanted.id, wanted.at, wanted.width), picture);
      if (this.#wanted.get(image) === wanted) {
        image.src = picture.url;
        image.classList.remove('missing');
      }
    } catch (failure) {
      this.gate.respect(failure);
      const gone = failure instanceof api.ApiError && failure.status === 404;
      wanted.due = gone && wanted.at !== null ? Infinity : performance.now() + waitAfter(failure);
      if (this.#wanted.get(image) === wanted) {
        image.classList.toggle('missing', gone);
      }
    } finally {
      wanted.busy = false;
      this.#running--;
      this.#pump();
    }
  }

  /** @param {string} key @param {{url: string, captureTime: number}} picture */
  #keep(key, picture) {
    const former = this.#kept.get(key);
    this.#kept.delete(key);
    this.#kept.set(key, picture);
    if (former) {
      release(former.url);
    }
    if (this.#kept.size > KEPT) {
      const [oldest, { url }] = /** @type {[string, {url: string}]} */ (this.#kept.entries().next().value);
      this.#kept.delete(oldest);
      release(url);
    }
  }
}

/** How long the picture of one stream waits. @param {unknown} failure */
function waitAfter(failure) {
  if (!(failure instanceof api.ApiError)) {
    return TRY_AGAIN_MILLIS;
  }
  const least = failure.status === 429 ? 1000 : failure.status === 404 ? TRY_AGAIN_MILLIS : FAILED_MILLIS;
  return Math.max(least, failure.retryAfter);
}

/** Frees a picture once an image that was about to show it has done so. @param {string} url */
export const release = (url) => window.setTimeout(() => URL.revokeObjectURL(url), 5000);

/** @param {string} id @param {number | null} at @param {number} width */
export const keyOf = (id, at, width) => `${at ?? 'last'} ${width} ${id}`;

export const pictures = new Pictures();
