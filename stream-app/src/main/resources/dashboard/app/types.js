// @ts-check
/**
 * What the server sends. Times are milliseconds since the epoch.
 *
 * @typedef {{reason: string, at: number}} Reset
 * @typedef {{from: number, to: number}} Span
 *
 * @typedef {Object} Stream
 * @property {string} id
 * @property {number} partition
 * @property {number} sequence
 * @property {number} captureTime
 * @property {number} labelledAt
 * @property {string | null} label null where there is none
 * @property {number} score
 * @property {[string, number][]} scores best first
 * @property {string[]} active labels that are on
 * @property {number | null} delay null while history is read
 * @property {number} rate
 * @property {number} labels
 * @property {number} framesSinceReset
 * @property {number} resets
 * @property {Reset | null} lastReset
 * @property {number} duplicates
 * @property {number} skipped
 * @property {number} rejected
 * @property {string} model
 * @property {number} attention 0 is none, higher is more urgent
 * @property {string[]} why
 *
 * @typedef {'RIGHT' | 'WRONG' | 'OTHER' | 'MISSED'} ReviewKind
 *
 * @typedef {Object} Review
 * @property {string} id
 * @property {ReviewKind} kind
 * @property {string} stream
 * @property {string} label
 * @property {string} truth
 * @property {number} start
 * @property {number} end
 * @property {number} at
 * @property {string} note
 *
 * @typedef {Object} StreamEvent
 * @property {string} id
 * @property {string} stream
 * @property {string} label
 * @property {'open' | 'ended'} state
 * @property {number} start
 * @property {number} end
 * @property {number} peak
 * @property {number} peakScore
 * @property {number} meanScore
 * @property {number} frames
 * @property {string | null} reason
 * @property {string | null} reset
 * @property {string | null} continues
 * @property {string} model
 * @property {Review | null} review
 *
 * @typedef {Object} TimelineData
 * @property {string} id
 * @property {number} now
 * @property {number} from
 * @property {number} to
 * @property {number} bucketMillis
 * @property {string[]} labels
 * @property {number[]} at
 * @property {number[][]} scores
 * @property {number[]} best
 * @property {Reset[]} resets
 * @property {Span[]} gaps
 * @property {{at: number, reason: string, message: string, partition: number, offset: number}[]} rejected
 * @property {StreamEvent[]} events
 * @property {Stream} stream
 * @property {{name: string, version: string, fingerprint: string}} model
 *
 * @typedef {Object} Config
 * @property {string} version
 * @property {string} application
 * @property {{frames: string, labels: string, rejected: string, events: string | null, reviews: string}} topics
 * @property {boolean} reviews
 * @property {boolean} pictures
 * @property {number} picturesPerSecond
 * @property {number} historyMillis
 *
 * @typedef {Object} System
 * @property {{id: string, state: string, protocol: string}} group
 * @property {{id: string, host: string, partitions: number[], lag: number}[]} instances
 * @property {{partition: number, end: number, committed: number, lag: number, owner: string | null, standsStill: number}[]} partitions
 * @property {{labelled: number, duplicates: number, skipped: number, rejected: number}} rates
 * @property {{streams: number, labels: number, events: number, rejected: number}} totals
 * @property {{reason: string, count: number, likelyCause: string | null}[]} rejectedReasons
 * @property {{at: number, text: string}[]} changes
 * @property {string | null} error
 *
 * @typedef {Object} RejectedRecord
 * @property {number} partition
 * @property {number} offset
 * @property {string | null} stream
 * @property {number} at
 * @property {string} reason
 * @property {string} message
 * @property {string | null} origin
 * @property {number | null} valueBytes
 * @property {boolean} omitted
 * @property {string | null} likelyCause
 *
 * @typedef {Object} View a page of the application
 * @property {string} title
 * @property {[string, string][]} keys what the help shows: keys and what they do
 * @property {(route: import('./router.js').Route) => void} enter
 * @property {() => void} leave
 * @property {() => unknown} template
 * @property {() => void} [rendered] called after each rendering
 * @property {() => void} [configured] called after the configuration was asked for again
 * @property {(event: KeyboardEvent) => boolean} [key] true if the key was used
 */
export {};
