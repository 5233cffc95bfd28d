/**
 * Measures Gatestream on the user's own machine: its stages, its limit without Kafka, the rate and
 * delay end to end, and the naive ways to do the same.
 */
@NullMarked
package io.gatestream.bench;

import org.jspecify.annotations.NullMarked;
