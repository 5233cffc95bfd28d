// @ts-check
/** Figures and times as people read them. */

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const whole = new Intl.NumberFormat('en');

/** @param {number} millis */
export const time = (millis) => clock.format(millis);

/** @param {number} millis */
export function preciseTime(millis) {
  const thousandths = Math.floor(((millis % 1000) + 1000) % 1000);
  return `${clock.format(millis)}.${String(thousandths).padStart(3, '0')}`;
}

/** The time, with the day unless that is today. @param {number} millis */
export function dayTime(millis) {
  const today = new Date().toDateString() === new Date(millis).toDateString();
  return today ? time(millis) : `${day.format(millis)} ${time(millis)}`;
}

/** @param {number} millis */
export function duration(millis) {
  const length = Math.abs(millis);
  if (length < 1000) {
    return `${Math.round(millis)} ms`;
  }
  const seconds = length / 1000;
  if (seconds < 60) {
    return `${(Math.sign(millis) * seconds).toFixed(1)} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  }
  if (seconds < 86_400) {
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  }
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/** Null while history is read. @param {number | null} millis */
export const delay = (millis) => (millis === null ? '–' : duration(millis));

/** @param {number} n */
export const count = (n) => whole.format(Math.round(n));

/** A count with its noun. @param {number} n @param {string} noun */
export const counted = (n, noun) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

/** @param {number} n */
export const score = (n) => (Number.isFinite(n) ? n.toFixed(2) : '–');

/** @param {number} perSecond */
export const rate = (perSecond) =>
  `${perSecond >= 100 ? count(perSecond) : perSecond.toFixed(1)}/s`;

/** @param {number} bytes */
export function bytes(bytes) {
  if (bytes < 1024) {
    return `${bytes} B`;
  }
  return bytes < 1024 * 1024
    ? `${(bytes / 1024).toFixed(1)} KiB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** GAP to "gap", NON_FINITE_STATE to "non finite state". @param {string} name */
export const words = (name) => name.toLowerCase().replaceAll('_', ' ');

/** For an input of type datetime-local. @param {number} millis */
export function localInput(millis) {
  const shifted = millis - new Date(millis).getTimezoneOffset() * 60_000;
  return new Date(shifted).toISOString().slice(0, 19);
}
