package io.gatestream.frame.decode;

/**
 * The size of a canvas that an H.264 encoder takes: both sides even and not too small, and no more
 * pixels than its largest level allows.
 */
public record CanvasSize(int width, int height) {
  /** OpenH264 refuses smaller ones. */
  private static final int LEAST = 16;

  private static final int BLOCK = 16;

  /** Of level 5.2: blocks of 16 x 16 pixels. */
  private static final double MOST_BLOCKS = 36_864;

  public CanvasSize {
    if (width < LEAST || height < LEAST || width % 2 != 0 || height % 2 != 0) {
      throw new IllegalArgumentException("canvas of %d x %d pixels".formatted(width, height));
    }
  }

  /** The canvas for pictures of a size: of that size where it can be, else of nearly that shape. */
  public static CanvasSize of(int width, int height) {
    double scale = Math.sqrt(MOST_BLOCKS / ((double) blocks(width) * blocks(height)));
    return scale < 1
        ? new CanvasSize(smaller(width, scale), smaller(height, scale))
        : new CanvasSize(even(width), even(height));
  }

  private static int blocks(int pixels) {
    return (pixels + BLOCK - 1) / BLOCK;
  }

  /** In whole blocks. */
  private static int smaller(int pixels, double scale) {
    int whole = (int) (pixels * scale);
    return Math.max(LEAST, whole - whole % BLOCK);
  }

  private static int even(int pixels) {
    return Math.max(LEAST, pixels + pixels % 2);
  }
}
