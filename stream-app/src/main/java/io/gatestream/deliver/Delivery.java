package io.gatestream.deliver;

import io.gatestream.schema.LabelEvent;

/**
 * An event on its way.
 *
 * @param position of its record, {@code TOPIC-PARTITION@OFFSET}: the same at each attempt
 * @param body the event as JSON
 */
public record Delivery(LabelEvent event, String position, String body) {}
