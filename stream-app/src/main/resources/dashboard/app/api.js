// @ts-check
/** Calls of the server. Every failure is an {@link ApiError} with one plain sentence. */

export class ApiError extends Error {
  /** @param {number} status 0 if the server did not answer @param {string} message @param {number} [retryAfter] milliseconds */
  constructor(status, message, retryAfter = 0) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Told with each 401, so that the page can ask for the token. */
export const access = new EventTarget();

const segment = encodeURIComponent;

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function call(path, options) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...options });
  } catch (failure) {
    if (options?.signal?.aborted) {
      throw failure;
    }
    throw new ApiError(0, 'The dashboard does not answer.');
  }
  if (response.ok) {
    return response;
  }
  const message = await errorOf(response);
  if (response.status === 401 && path !== '/api/login') {
    access.dispatchEvent(new Event('denied'));
  }
  throw new ApiError(response.status, message, retryAfter(response));
}

/** How long to wait in milliseconds: the header says seconds, or a date. @param {Response} response */
function retryAfter(response) {
  const said = response.headers.get('Retry-After') ?? '';
  const millis = /^\s*\d+\s*$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now();
  return millis > 0 ? millis : 0;
}

/** @param {Response} response */
async function errorOf(response) {
  try {
    return String((await response.json()).error);
  } catch {
    return `The dashboard answered ${response.status}.`;
  }
}

/** @param {string} path @param {AbortSignal} [signal] */
const getJson = async (path, signal) => (await call(path, { signal })).json();

/** @param {string} method @param {string} path @param {unknown} body */
const send = (method, path, body) =>
  call(path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

/** @returns {Promise<import('./types.js').Config>} */
export const config = () => getJson('/api/config');

/** @param {string} token */
export const login = (token) => send('POST', '/api/login', { token });

/** @param {string} id @param {AbortSignal} signal @returns {Promise<import('./types.js').TimelineData>} */
export const timeline = (id, signal) => getJson(`/api/streams/${segment(id)}/timeline`, signal);

/** @param {URLSearchParams} filter @param {AbortSignal} signal @returns {Promise<{events: import('./types.js').StreamEvent[], next: string | null, labels: string[]}>} */
export const events = (filter, signal) => getJson(`/api/events?${filter}`, signal);

/** @param {AbortSignal} signal @returns {Promise<import('./types.js').Review[]>} */
export const reviews = async (signal) => (await getJson('/api/reviews', signal)).reviews;

/** @param {string} stream @returns {Promise<import('./types.js').RejectedRecord[]>} */
export const rejected = async (stream) =>
  (await getJson(`/api/rejected?limit=100&stream=${segment(stream)}`)).rejected;

/** @param {string} eventId @param {{kind: string, truth?: string, note?: string}} review @returns {Promise<import('./types.js').Review>} */
export const putReview = async (eventId, review) =>
  (await send('PUT', `/api/events/${segment(eventId)}/review`, review)).json();

/** @param {string} stream @param {{truth: string, start: number, end: number, note: string}} missed @returns {Promise<import('./types.js').Review>} */
export const postMissed = async (stream, missed) =>
  (await send('POST', `/api/streams/${segment(stream)}/missed`, missed)).json();

/** @param {string} id */
export const deleteReview = (id) => call(`/api/reviews/${segment(id)}`, { method: 'DELETE' });

/**
 * @param {string} id
 * @param {number} width
 * @param {number | null} at null is the last frame
 * @param {AbortSignal} [signal]
 */
export async function picture(id, width, at, signal) {
  const when = at === null ? '' : `&at=${Math.round(at)}`;
  const response = await call(`/api/streams/${segment(id)}/picture?width=${width}${when}`, { signal });
  return {
    url: URL.createObjectURL(await response.blob()),
    captureTime: Number(response.headers.get('X-Capture-Time')),
    sequence: response.headers.get('X-Sequence') ?? '',
  };
}

/** @param {string} eventId @param {boolean} labels */
export const eventClip = (eventId, labels) =>
  `/api/events/${segment(eventId)}/clip?before=2&after=2${labels ? '&labels=true' : ''}`;

/** @param {string} id @param {import('./types.js').Span} span @param {boolean} labels */
export const streamClip = (id, span, labels) =>
  `/api/streams/${segment(id)}/clip?from=${Math.floor(span.from)}&to=${Math.ceil(span.to)}${labels ? '&labels=true' : ''}`;

/** Why a clip cannot be shown. @param {string} path */
export async function clipError(path) {
  try {
    const response = await call(path);
    await response.body?.cancel();
    return 'This browser cannot play the clip. Download it instead.';
  } catch (failure) {
    return failure instanceof Error ? failure.message : String(failure);
  }
}
