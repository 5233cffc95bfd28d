// @ts-check
import { streamAddress } from './router.js';

/** @typedef {import('./types.js').StreamEvent} StreamEvent */

/**
 * @typedef {Object} KeyActions
 * @property {(step: number) => void} move
 * @property {() => void} showNew
 * @property {(event: StreamEvent | undefined) => void} undo
 * @property {(event: StreamEvent) => void} clip
 * @property {(event: StreamEvent, kind: 'RIGHT' | 'WRONG') => void} review
 * @property {(event: StreamEvent) => void} ask
 */

/** @type {[string, string][]} */
export const KEYS = [
  ['j k or ↓ ↑', 'next, former event'],
  ['r', 'right'],
  ['w', 'wrong'],
  ['o', 'it was…'],
  ['m', 'missed here: choose the span on the timeline'],
  ['u', 'undo'],
  ['c', 'clip'],
  ['Enter', 'open the stream at the event'],
  ['n', 'show new events'],
  ['/', 'search'],
];

/**
 * What each key does now.
 *
 * @param {StreamEvent | undefined} selected
 * @param {KeyActions} act
 * @param {boolean} canReview
 * @param {boolean} onRow whether the event itself has the focus, and not a button in it
 * @returns {Record<string, (() => void) | undefined>}
 */
export function uses(selected, act, canReview, onRow) {
  const general = {
    j: () => act.move(1),
    k: () => act.move(-1),
    ArrowDown: () => act.move(1),
    ArrowUp: () => act.move(-1),
    n: () => act.showNew(),
    u: canReview ? () => act.undo(selected) : undefined,
  };
  if (!selected) {
    return general;
  }
  const looks = { ...general, c: () => act.clip(selected), Enter: onRow ? () => open(selected, {}) : undefined };
  if (!canReview) {
    return looks;
  }
  return {
    ...looks,
    r: () => act.review(selected, 'RIGHT'),
    w: () => act.review(selected, 'WRONG'),
    o: () => act.ask(selected),
    m: () => open(selected, { missed: '' }),
  };
}

/** @param {StreamEvent} event @param {Record<string, string>} params */
function open(event, params) {
  location.hash = streamAddress(event.stream, { from: Math.floor(event.start), to: Math.ceil(event.end), ...params });
}
