package io.gatestream.http;

/** A request that is not answered as asked; its message goes to whoever asked. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public static final int BAD_REQUEST = 400;
  public static final int UNAUTHORIZED = 401;
  public static final int FORBIDDEN = 403;
  public static final int NOT_FOUND = 404;
  public static final int NOT_ALLOWED = 405;
  public static final int TOO_LARGE = 413;
  public static final int TOO_MANY = 429;
  public static final int BROKEN = 500;
  public static final int UNAVAILABLE = 503;

  private final int status;

  public Refusal(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  public static Refusal badRequest(String message) {
    return new Refusal(BAD_REQUEST, message);
  }

  public static Refusal notFound(String message) {
    return new Refusal(NOT_FOUND, message);
  }

  public int status() {
    return status;
  }
}
