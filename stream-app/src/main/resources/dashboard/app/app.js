// @ts-check
import * as api from './api.js';
import { Events } from './events.js';
import { help, typing } from './keyboard.js';
import { Live } from './live.js';
import { html, nothing, render } from './lit.js';
import { Login } from './login.js';
import { pictures } from './pictures.js';
import { format as address, parse } from './router.js';
import { connection, header } from './shell.js';
import { Stream } from './stream.js';
import { SystemView } from './system.js';
import { Wall } from './wall.js';

/** What is live is drawn at most so often. */
const PATCH_MILLIS = 1000;
const REST_MILLIS = 30_000;

/** The page: which view is shown, and when it is drawn. */
export class App {
  live = new Live();
  /** @type {import('./types.js').Config | null} */
  config = null;
  login = new Login(() => this.start());
  error = '';
  #views = {
    wall: new Wall(this),
    stream: new Stream(this),
    events: new Events(this),
    system: new SystemView(this),
  };
  route = parse(location.hash);
  /** @type {import('./types.js').View} */
  view = this.#views.wall;
  #root = /** @type {HTMLElement} */ (document.getElementById('app'));
  #frame = 0;
  #timer = 0;
  #drawnAt = 0;
  #retry = 0;
  #resting = 0;

  constructor() {
    pictures.lastCapture = (id) => this.live.streams.get(id)?.captureTime ?? 0;
    for (const type of ['wall', 'events', 'system', 'connection']) {
      this.live.addEventListener(type, () => this.#refreshSoon());
    }
    this.live.addEventListener('opened', () => void this.askConfig());
    api.access.addEventListener('denied', () => this.#denied());
    document.addEventListener('visibilitychange', () => this.#rest());
    window.addEventListener('hashchange', () => this.#go());
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  async start() {
    window.clearTimeout(this.#retry);
    try {
      this.#use(await api.config());
    } catch (failure) {
      this.error = failure instanceof Error ? failure.message : String(failure);
      this.#retry = this.login.wanted ? 0 : window.setTimeout(() => this.start(), 2000);
      this.refresh();
      return;
    }
    this.error = '';
    this.login.wanted = false;
    this.live.start();
    this.route = parse(location.hash);
    this.view = this.#views[this.route.view];
    this.view.enter(this.route);
    this.refresh();
  }

  /** Asks for the configuration again: topics may have come since. */
  async askConfig() {
    try {
      this.#use(await api.config());
    } catch {
      return; // whoever connects or enters next asks again
    }
    if (!this.login.wanted) {
      this.view.configured?.();
    }
    this.refresh();
  }

  /** @param {import('./types.js').Config} config */
  #use(config) {
    this.config = config;
    pictures.gate.limit(config.picturesPerSecond);
    pictures.available = config.pictures;
  }

  /** A page that nobody sees gives its connection back: browsers allow six to a server. */
  #rest() {
    window.clearTimeout(this.#resting);
    if (document.hidden) {
      this.#resting = window.setTimeout(() => this.live.stop(), REST_MILLIS);
    } else if (!this.live.started && this.config !== null && !this.login.wanted) {
      this.live.start();
    }
  }

  #denied() {
    if (!this.login.wanted) {
      this.live.stop();
      this.view.leave();
      this.login.wanted = true;
      this.refresh();
    }
  }

  /** Draws with the next frame. */
  refresh() {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  /** Draws soon, with whatever else changed meanwhile. */
  #refreshSoon() {
    const wait = this.#drawnAt + PATCH_MILLIS - performance.now();
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      this.#drawnAt = performance.now();
      this.refresh();
    }, Math.max(0, wait));
  }

  /** Changes the address of the view that is shown, without a new entry in the history. @param {string} name @param {string} value */
  setParam(name, value) {
    if (value === '') {
      this.route.params.delete(name);
    } else {
      this.route.params.set(name, value);
    }
    history.replaceState(null, '', address(this.route));
    this.refresh();
  }

  #go() {
    const route = parse(location.hash);
    const other = route.view !== this.route.view || route.id !== this.route.id;
    this.route = route;
    if (this.config === null || this.login.wanted) {
      return;
    }
    this.view.leave();
    this.view = this.#views[route.view];
    this.view.enter(route);
    this.#draw();
    if (other) {
      window.scrollTo(0, 0);
      /** @type {HTMLElement | null} */ (this.#root.querySelector('h1'))?.focus({ preventScroll: true });
    }
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    document.title = `${this.view.title} · Gatestream`;
    document.body.classList.toggle('stale', this.live.connection === 'stale' && this.config !== null);
    render(this.#page(), this.#root);
    if (this.config !== null && !this.login.wanted) {
      this.view.rendered?.();
    }
  }

  #page() {
    if (this.login.wanted) {
      return this.login.template();
    }
    if (this.config === null) {
      return html`<main><p class="empty" role="status">${this.error || 'Loading…'}</p></main>`;
    }
    return html`
      ${header(this.route.view, this.config, connection(this.live))}
      <main id="main">
        ${this.live.system?.error ? html`<p class="notice bad" role="alert">${this.live.system.error}</p>` : nothing}
        ${this.view.template()}
      </main>
      ${help(this.view)}`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || this.config === null) {
      return;
    }
    if (typing(event.target) || document.querySelector('dialog[open]')) {
      return;
    }
    if (this.#pageKey(event.key) || this.view.key?.(event)) {
      event.preventDefault();
    }
  }

  /** @param {string} key */
  #pageKey(key) {
    if (key === '?') {
      /** @type {HTMLDialogElement} */ (document.getElementById('help')).showModal();
      return true;
    }
    const search = /** @type {HTMLInputElement | null} */ (document.getElementById('search'));
    if (key === '/' && search) {
      search.select();
      search.focus();
      return true;
    }
    return false;
  }
}

void new App().start();
