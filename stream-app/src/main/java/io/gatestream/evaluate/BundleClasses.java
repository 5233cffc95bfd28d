package io.gatestream.evaluate;

import io.gatestream.evaluate.score.Classes;
import io.gatestream.model.Activation;
import io.gatestream.model.ModelBundle;

/** The classes of a bundle as the scores take them. */
final class BundleClasses {
  private BundleClasses() {}

  static Classes of(ModelBundle bundle) {
    return new Classes(
        bundle.labels(),
        bundle.background(),
        bundle.activation() == Activation.SIGMOID,
        bundle.thresholds());
  }
}
