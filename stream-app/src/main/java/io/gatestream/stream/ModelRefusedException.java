package io.gatestream.stream;

/**
 * A stored state belongs to another model and the settings forbid to reset it: the application
 * stops.
 */
final class ModelRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ModelRefusedException(String message) {
    super(message + ": run the old model, set model.change=reset, or use another application.id");
  }
}
