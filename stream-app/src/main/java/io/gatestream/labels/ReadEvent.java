package io.gatestream.labels;

import io.gatestream.schema.LabelEvent;

/** A committed record of an event, and where it lies. */
public record ReadEvent(int partition, long offset, LabelEvent event) {}
