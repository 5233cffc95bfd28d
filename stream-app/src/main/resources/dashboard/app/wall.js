// @ts-check
import { Arrangement } from './arrangement.js';
import * as format from './format.js';
import { guard, html, nothing, repeat } from './lit.js';
import { tile } from './tile.js';

const ROWS_AROUND = 2;
/** So few streams get large tiles, and more than so many small ones. */
const FEW = 6;
const MANY = 200;
const PICTURE_WIDTHS = { s: 240, m: 320, l: 640 };

/** Every stream as a tile. Only the tiles near the viewport are in the document. */
export class Wall {
  /** @type {[string, string][]} */
  keys = [
    ['/', 'search'],
    ['← ↑ → ↓', 'to the next tile'],
    ['Enter', 'open the stream'],
    ['s', 'sort now'],
  ];
  #cols = 1;
  #rowHeight = 240;
  /** The rows that are in the document. */
  #range = { first: 0, last: 0 };
  #reached = 0;
  #focusWanted = false;
  #onScroll = () => this.#scrolled();
  #observer = new ResizeObserver(() => this.app.refresh());

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
    this.order = new Arrangement(app.live.streams);
  }

  get title() {
    return this.order.urgent > 0 ? `(${this.order.urgent}) Wall` : 'Wall';
  }

  /** @param {import('./router.js').Route} route */
  enter(route) {
    this.params = route.params;
    this.order.choose(route.params);
    window.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#observer.observe(document.documentElement);
  }

  leave() {
    window.removeEventListener('scroll', this.#onScroll);
    this.#observer.disconnect();
    this.order.release();
  }

  get #grid() {
    return /** @type {HTMLElement | null} */ (document.getElementById('wall'));
  }

  get #size() {
    const size = this.params?.get('size');
    if (size === 's' || size === 'm' || size === 'l') {
      return size;
    }
    const streams = this.app.live.streams.size;
    return streams <= FEW ? 'l' : streams > MANY ? 's' : 'm';
  }

  template() {
    const ids = this.order.arrange();
    this.#range = this.#rangeInView();
    const from = this.#range.first * this.#cols;
    const shown = ids.slice(from, this.#range.last * this.#cols);
    return html`
      <h1 class="sr" tabindex="-1">Wall</h1>
      ${this.#tools(ids.length)}
      ${ids.length === 0 ? this.#nothing() : nothing}
      <ul id="wall" tabindex="-1" aria-label="Streams" class=${`wall size-${this.#size}`}
        @pointerenter=${() => this.order.hold('pointer', true)}
        @pointerleave=${() => this.order.hold('pointer', false)}
        @focusin=${() => this.order.hold('focus', true)}
        @focusout=${() => this.order.hold('focus', false)}>
        ${repeat(shown, (id) => id, (id, i) => this.#place(id, from + i, ids.length))}
      </ul>`;
  }

  /** @param {number} found */
  #tools(found) {
    const live = this.app.live;
    const param = (/** @type {string} */ name) => this.params?.get(name) ?? '';
    return html`
      <form class="tools" role="search" @submit=${(/** @type {Event} */ e) => e.preventDefault()}>
        <input id="search" type="search" placeholder="Search streams and labels" aria-label="Search streams and labels"
          autocomplete="off" spellcheck="false" .value=${param('q')}
          @input=${(/** @type {any} */ e) => this.#set('q', e.target.value)}>
        ${this.#choice('sort', 'Sort by', [['', 'needs attention'], ['id', 'name'], ['delay', 'delay'], ['score', 'score']])}
        ${this.#choice('only', 'Show', [['', 'all'], ['attention', 'needs attention'], ['active', 'with events']])}
        ${this.#choice('size', 'Size', [['', 'as fits'], ['s', 'small'], ['m', 'medium'], ['l', 'large']])}
        <p class="figures">
          <span><b>${found === live.streams.size ? format.count(found) : `${format.count(found)} of ${format.count(live.streams.size)}`}</b> streams</span>
          <span class=${this.order.urgent > 0 ? 'alarm' : ''}><b>${format.count(this.order.urgent)}</b> need attention</span>
          <span><b>${format.count(live.labelsPerSecond)}</b> labels/s</span>
          <button type="button" class="quiet" ?hidden=${!this.order.held} @click=${() => this.#sortNow()}
            title="The order stays while you point at the wall">order held · sort now</button>
        </p>
      </form>`;
  }

  /** @param {string} name @param {string} label @param {[string, string][]} options */
  #choice(name, label, options) {
    const chosen = this.params?.get(name) ?? '';
    return html`<label>${label}
      <select name=${name} @change=${(/** @type {any} */ e) => this.#set(name, e.target.value)}>
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
      </select></label>`;
  }

  /** @param {string} name @param {string} value */
  #set(name, value) {
    this.app.setParam(name, value);
    this.#reached = 0;
    this.order.choose(/** @type {URLSearchParams} */ (this.params));
  }

  #sortNow() {
    this.order.sort();
    this.app.refresh();
  }

  #nothing() {
    if (!this.app.live.known) {
      return html`<p class="empty">Waiting for the dashboard…</p>`;
    }
    if (this.app.live.streams.size > 0) {
      return html`<p class="empty">No stream matches. <a href="#/">Show all</a></p>`;
    }
    const topics = this.app.config?.topics;
    return html`<div class="empty">
      <h2>No streams yet</h2>
      <p>A stream shows up here with its first label on the topic <code>${topics?.labels}</code>. Start the application, and send it video:</p>
      <pre>./gatestream run    --bootstrap-servers HOST:9092 --create-topics
./gatestream ingest --bootstrap-servers HOST:9092 --realtime stream-app/samples</pre>
      <p>If both run, the <a href="#/system">system page</a> tells whether labels are made and why frames are rejected.</p>
    </div>`;
  }

  /** A tile that is drawn again only if something of it changed. @param {string} id @param {number} place @param {number} of */
  #place(id, place, of) {
    const stream = this.order.get(id);
    const reachable = place === this.#reached;
    return guard([stream, place, of, reachable, this.#size], () =>
      tile(stream, { place, of, reachable, pictureWidth: PICTURE_WIDTHS[this.#size], reached: () => (this.#reached = place) }));
  }

  rendered() {
    const grid = this.#grid;
    if (grid) {
      if (this.#measure(grid)) {
        this.app.refresh();
      }
      this.#pad(grid);
      this.#refocus(grid);
    }
  }

  /** True if the tiles are of another size now. @param {HTMLElement} grid */
  #measure(grid) {
    const tile = grid.querySelector('li');
    if (!tile) {
      return false;
    }
    const style = getComputedStyle(grid);
    const cols = style.gridTemplateColumns.split(' ').length;
    const rowHeight = tile.offsetHeight + parseFloat(style.rowGap);
    const changed = cols !== this.#cols || Math.abs(rowHeight - this.#rowHeight) > 0.5;
    this.#cols = cols;
    this.#rowHeight = rowHeight;
    return changed;
  }

  /** Keeps the place of the tiles that are not in the document. @param {HTMLElement} grid */
  #pad(grid) {
    const rows = Math.ceil(this.order.ids.length / this.#cols);
    grid.style.paddingTop = `${this.#range.first * this.#rowHeight}px`;
    grid.style.paddingBottom = `${Math.max(0, rows - this.#range.last) * this.#rowHeight}px`;
  }

  /** Which rows belong in the document: those in view, and some around them. */
  #rangeInView() {
    const top = -(this.#grid?.getBoundingClientRect().top ?? 0);
    const rows = Math.ceil(this.order.ids.length / this.#cols);
    const seen = Math.ceil(window.innerHeight / this.#rowHeight);
    const topmost = Math.max(0, Math.min(Math.floor(top / this.#rowHeight), rows - seen));
    return { first: Math.max(0, topmost - ROWS_AROUND), last: topmost + seen + ROWS_AROUND + 1 };
  }

  #scrolled() {
    const { first, last } = this.#rangeInView();
    if (first !== this.#range.first || last !== this.#range.last) {
      this.app.refresh();
    }
  }

  /** @param {HTMLElement} grid */
  #refocus(grid) {
    if (this.#focusWanted) {
      const link = /** @type {HTMLElement | null} */ (grid.querySelector(`[data-place="${this.#reached}"]`));
      link?.focus();
      this.#focusWanted = link === null;
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === 's') {
      this.#sortNow();
      return true;
    }
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.#cols, ArrowDown: this.#cols };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    const grid = this.#grid;
    if (step === undefined || !grid?.contains(document.activeElement)) {
      return false;
    }
    const to = this.#reached + step;
    if (to >= 0 && to < this.order.ids.length) {
      this.#reached = to;
      this.#focusWanted = true;
      this.#bringIntoView(grid, Math.floor(to / this.#cols));
      this.app.refresh();
    }
    return true;
  }

  /** @param {HTMLElement} grid @param {number} row */
  #bringIntoView(grid, row) {
    const top = grid.getBoundingClientRect().top + row * this.#rowHeight;
    const bottom = top + this.#rowHeight;
    const header = document.querySelector('header')?.getBoundingClientRect().bottom ?? 0;
    if (top < header) {
      window.scrollBy(0, top - header);
    } else if (bottom > window.innerHeight) {
      window.scrollBy(0, bottom - window.innerHeight);
    }
  }
}
