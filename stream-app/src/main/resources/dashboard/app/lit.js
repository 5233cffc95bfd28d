/** The parts of lit-html that the page uses; the one place that knows where it lies. */
export { html, svg, render, nothing } from '/lib/lit-html/lit-html.js';
export { repeat } from '/lib/lit-html/directives/repeat.js';
export { guard } from '/lib/lit-html/directives/guard.js';
export { keyed } from '/lib/lit-html/directives/keyed.js';
export { AsyncDirective, directive } from '/lib/lit-html/async-directive.js';
