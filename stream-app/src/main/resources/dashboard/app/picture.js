// @ts-check
import { AsyncDirective, directive } from './lit.js';
import { keyOf, pictures } from './pictures.js';

class PictureDirective extends AsyncDirective {
  /** @type {HTMLImageElement | null} */
  #image = null;
  #key = '';

  /** @param {unknown[]} _ */
  render(..._) {}

  /** @param {any} part of an image element @param {any} wanted */
  update(part, [id, at, width]) {
    const key = keyOf(id, at, width);
    if (this.#image !== part.element || this.#key !== key) {
      this.#image = /** @type {HTMLImageElement} */ (part.element);
      this.#key = key;
      pictures.want(this.#image, id, at, width);
    }
  }

  disconnected() {
    if (this.#image) {
      pictures.drop(this.#image);
      this.#image = null;
    }
  }
}

/** On an image element: `<img ${picture(id, at, width)}>` shows a stream's frame, fetched when it is on screen. */
export const picture = directive(PictureDirective);
