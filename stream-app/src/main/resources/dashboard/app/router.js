// @ts-check
/** Addresses within the page: `#/`, `#/stream/ID`, `#/events?...`, `#/system`. */

/** @typedef {{view: 'wall' | 'stream' | 'events' | 'system', id: string, params: URLSearchParams}} Route */

/** @param {string} hash @returns {Route} */
export function parse(hash) {
  const address = hash.replace(/^#/, '');
  const mark = address.indexOf('?');
  const path = mark < 0 ? address : address.slice(0, mark);
  const params = new URLSearchParams(mark < 0 ? '' : address.slice(mark + 1));
  const [view, id] = path.split('/').filter((part) => part !== '');
  if (view === 'stream' && id !== undefined) {
    return { view, id: decoded(id), params };
  }
  return { view: view === 'events' || view === 'system' ? view : 'wall', id: '', params };
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @param {Route} route */
export function format(route) {
  const paths = {
    wall: '#/',
    stream: `#/stream/${encodeURIComponent(route.id)}`,
    events: '#/events',
    system: '#/system',
  };
  const query = route.params.toString();
  return paths[route.view] + (query === '' ? '' : `?${query}`);
}

/** @param {string} id @param {Record<string, string | number>} [params] */
export function streamAddress(id, params = {}) {
  return format({ view: 'stream', id, params: query(params) });
}

/** @param {Record<string, string | number>} params */
export function eventsAddress(params) {
  return format({ view: 'events', id: '', params: query(params) });
}

/** @param {Record<string, string | number>} params */
function query(params) {
  return new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
}
