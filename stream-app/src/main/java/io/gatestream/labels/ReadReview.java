package io.gatestream.labels;

import io.gatestream.schema.Review;
import java.util.Optional;

/**
 * A record of a topic of reviews.
 *
 * @param id its key
 * @param review empty where it takes an earlier one back
 */
public record ReadReview(String id, Optional<Review> review) {}
