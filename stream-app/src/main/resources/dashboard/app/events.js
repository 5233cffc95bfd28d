// @ts-check
import * as api from './api.js';
import { Clip } from './clip.js';
import { KEYS, uses } from './eventkeys.js';
import { EventList } from './eventlist.js';
import { eventRow } from './eventrow.js';
import { filters } from './filters.js';
import * as format from './format.js';
import { html, nothing, repeat } from './lit.js';
import { MissedList } from './missedlist.js';
import { Reviews } from './review.js';

/** @typedef {import('./types.js').StreamEvent} StreamEvent */

/** Events as a list, to look at and to review. */
export class Events {
  title = 'Events';
  keys = KEYS;
  #selected = '';
  #asking = '';
  #pointed = false;
  /** Whether the list was asked for; without a topic it is not. */
  #asked = false;
  #params = new URLSearchParams();
  #merge = (/** @type {Event} */ event) => this.#told(/** @type {CustomEvent} */ (event).detail.events);

  #resume = () => (this.#untouched ? this.#load() : this.#asked && void this.list.catchUp());

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
    const changed = () => app.refresh();
    this.list = new EventList(changed);
    this.reviews = new Reviews(changed);
    this.clip = new Clip(changed);
    this.missed = new MissedList(changed);
  }

  /** @param {import('./router.js').Route} route */
  enter(route) {
    this.#params = route.params;
    this.#selected = this.#asking = '';
    this.#pointed = false;
    this.app.live.addEventListener('events', this.#merge);
    this.app.live.addEventListener('resumed', this.#resume);
    this.#load();
    void this.app.askConfig();
  }

  /** Loads the events whose topic has come since. */
  configured() {
    if (!this.#asked && !this.#onlyMissed) {
      this.#load();
    }
  }

  leave() {
    this.app.live.removeEventListener('events', this.#merge);
    this.app.live.removeEventListener('resumed', this.#resume);
    this.list.close();
    this.missed.close();
    this.clip.of = null;
  }

  /** Whether rows may move: nobody is about to use one. */
  get #untouched() {
    return this.#selected === '' && !this.#pointed && window.scrollY < 100;
  }

  get #onlyMissed() {
    return this.#params.get('review') === 'missed';
  }

  #load() {
    this.#asked = !this.#onlyMissed && Boolean(this.app.config?.topics.events);
    if (this.#onlyMissed) {
      void this.missed.load();
    } else if (this.#asked) {
      void this.list.load(this.#params);
    }
  }

  /** @param {StreamEvent[]} changes */
  #told(changes) {
    if (!this.app.config?.topics.events) {
      void this.app.askConfig(); // where events come from, there is a topic
    }
    this.list.merge(changes);
    if (this.#untouched) {
      this.list.take();
    }
  }

  /** @param {string} name @param {string} value */
  #filter(name, value) {
    this.app.setParam(name, value);
    this.#selected = '';
    this.#load();
  }

  template() {
    return html`
      <div class="headline"><h1 tabindex="-1">Events</h1>
        <a href="/api/truth.csv" download title="What evaluate --truth and training read">Download the truth file</a></div>
      ${filters(this.#params, this.list.labels, (name, value) => this.#filter(name, value))}
      ${this.#reasons()}
      <p class="sr" role="status">${this.reviews.told}</p>
      ${this.#onlyMissed ? this.missed.template() : this.#events()}`;
  }

  #reasons() {
    const { config } = this.app;
    if (config && !config.reviews) {
      return html`<p class="notice">Reviews cannot be written: the dashboard was started without them, or the topic <code>${config.topics.reviews}</code> is missing or may not be written.</p>`;
    }
    return nothing;
  }

  #events() {
    if (!this.app.config?.topics.events) {
      return html`<div class="empty"><h2>No events</h2>
        <p>The application has no topic of events. Events begin and end by rules: give the bundle's <code>model.json</code> an <code>events</code> block, or start it with a file of rules:</p>
        <pre>./gatestream run --bootstrap-servers HOST:9092 --events-rules rules.json</pre>
        <p>The page docs/events.md describes the rules. Scores and labels are on the <a href="#/">wall</a> meanwhile.</p></div>`;
    }
    const { events, fresh, loading, error, next } = this.list;
    return html`
      <p ?hidden=${fresh.length === 0}><button type="button" @click=${() => this.#showNew()}>Show ${format.counted(fresh.length, 'new event')}</button></p>
      ${error ? html`<p class="notice bad" role="alert">${error}</p>` : nothing}
      <ul class="events" aria-label="Events" @pointerenter=${() => (this.#pointed = true)} @pointerleave=${() => (this.#pointed = false)}>
        ${repeat(events, ({ id }) => id, (event, i) => this.#row(event, i))}
      </ul>
      ${events.length === 0 && !loading && !error ? this.#none() : nothing}
      <p class="row">${loading ? 'Loading…' : nothing}
        <button type="button" ?hidden=${!next || loading} @click=${() => this.list.more()}>Older events</button></p>`;
  }

  #none() {
    return [...this.#params].length > 0
      ? html`<p class="empty">No event matches. <a href="#/events">Show all</a></p>`
      : html`<p class="empty">No events yet. One shows up here as soon as its rule says that it has begun.</p>`;
  }

  /** @param {StreamEvent} event @param {number} i */
  #row(event, i) {
    return eventRow(event, {
      selected: event.id === this.#selected,
      reachable: this.#selected === '' ? i === 0 : event.id === this.#selected,
      asking: event.id === this.#asking,
      pending: this.reviews.pending.has(event.id),
      error: this.reviews.errors.get(event.id) ?? '',
      labels: this.list.labels,
      canReview: this.app.config?.reviews ?? false,
      pictures: this.app.config?.pictures ?? false,
      clip: this.clip.of === event.id ? this.clip.template() : nothing,
    }, this.#actions);
  }

  /** @type {import('./eventrow.js').RowActions} */
  #actions = {
    select: (event) => {
      this.#selected = event.id;
      this.app.refresh();
    },
    review: (event, kind) => void this.reviews.put(event, kind),
    ask: (event) => this.#ask(event),
    other: (event, truth) => {
      this.#ask(null);
      void this.reviews.put(event, 'OTHER', truth);
    },
    undo: (event) => void this.reviews.undo(event),
    clip: (event) => {
      if (this.clip.of === event.id) {
        this.clip.close();
      } else {
        this.clip.open(event.id, (labels) => api.eventClip(event.id, labels));
      }
    },
  };

  /** @param {StreamEvent | null} event */
  #ask(event) {
    this.#asking = event?.id ?? '';
    this.app.refresh();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const form = /** @type {HTMLElement | null} */ (document.querySelector('form.truth input'));
      (form ?? this.#element(this.#selected))?.focus();
    }));
  }

  #showNew() {
    this.list.take();
    window.scrollTo(0, 0);
    this.app.refresh();
  }

  /** @param {string} id */
  #element(id) {
    return /** @type {HTMLElement | null} */ (document.querySelector(`[data-event="${CSS.escape(id)}"]`));
  }

  /** @param {number} step */
  #move(step) {
    const { events } = this.list;
    const place = events.findIndex(({ id }) => id === this.#selected);
    const to = place < 0 ? 0 : Math.min(events.length - 1, Math.max(0, place + step));
    this.#goTo(events[to]);
  }

  /** @param {StreamEvent | undefined} event */
  #goTo(event) {
    const element = event && this.#element(event.id);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const selected = this.list.events.find(({ id }) => id === this.#selected);
    const onRow = event.target instanceof Element && event.target.matches('[data-event]');
    const use = uses(selected, this.#keyActions, this.app.config?.reviews ?? false, onRow)[event.key];
    use?.();
    return use !== undefined;
  }

  /** @type {import('./eventkeys.js').KeyActions} */
  #keyActions = {
    move: (step) => this.#move(step),
    showNew: () => this.#showNew(),
    undo: (event) => this.#undo(event),
    clip: (event) => this.#actions.clip(event),
    review: (event, kind) => this.#reviewAndGoOn(event, kind),
    ask: (event) => this.#ask(event),
  };

  /** @param {StreamEvent} event @param {'RIGHT' | 'WRONG'} kind */
  #reviewAndGoOn(event, kind) {
    void this.reviews.put(event, kind);
    this.#move(1);
  }

  /** @param {StreamEvent | undefined} selected */
  #undo(selected) {
    const last = this.reviews.last(selected);
    if (last) {
      void this.reviews.undo(last);
      this.#goTo(last);
    }
  }
}
