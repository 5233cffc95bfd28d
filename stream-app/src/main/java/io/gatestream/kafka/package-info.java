/** Brokers: topics, groups, transactions and committed reading, each asked in one way. */
@NullMarked
package io.gatestream.kafka;

import org.jspecify.annotations.NullMarked;
