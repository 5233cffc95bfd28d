package io.gatestream.clip;

import java.util.List;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Draws lines of text into the upper left corner of a picture, white on black. Its font has ASCII
 * only: other characters become question marks.
 */
final class LabelPainter {
  private static final int FONT = opencv_imgproc.FONT_HERSHEY_SIMPLEX;

  /** Of the font at scale 1, in pixels: a line with what is above and below it. */
  private static final double LINE = 40;

  /** So many lines would fill a picture's height. */
  private static final double LINES = 16;

  private static final double LEAST = 0.3;
  private static final double MOST = 2;

  private LabelPainter() {}

  /** What is drawn on. */
  record Area(int width, int height) {}

  /** Draws, and says where: from the upper left corner on. */
  @SuppressWarnings("try") // the scope frees what is made within it
  static Area paint(Mat picture, List<String> lines) {
    try (PointerScope scope = new PointerScope()) {
      double scale = scale(picture, lines);
      int thickness = scale < 1 ? 1 : 2;
      int line = (int) Math.ceil(LINE * scale);
      int margin = Math.max(2, line / 5);
      Area area =
          new Area(
              Math.min(picture.cols(), width(lines, scale) + 2 * margin),
              Math.min(picture.rows(), line * lines.size() + margin));
      opencv_imgproc.rectangle(
          picture,
          new Rect(0, 0, area.width(), area.height()),
          Scalar.all(0),
          opencv_imgproc.FILLED,
          opencv_imgproc.LINE_8,
          0);
      Mat box = new Mat(picture, new Rect(0, 0, area.width(), area.height()));
      for (int i = 0; i < lines.size(); i++) {
        opencv_imgproc.putText(
            box,
            ascii(lines.get(i)),
            new Point(margin, (i + 1) * line - margin),
            FONT,
            scale,
            Scalar.all(255),
            thickness,
            opencv_imgproc.LINE_AA,
            false);
      }
      return area;
    }
  }

  /** By the picture's height, and smaller where a line would not fit into its width. */
  private static double scale(Mat picture, List<String> lines) {
    double scale = Math.min(MOST, Math.max(LEAST, picture.rows() / LINES / LINE));
    double wanted = width(lines, scale) + LINE * scale / 2;
    return Math.max(LEAST, wanted <= picture.cols() ? scale : scale * picture.cols() / wanted);
  }

  private static int width(List<String> lines, double scale) {
    return lines.stream()
        .mapToInt(
            line -> {
              Size size =
                  opencv_imgproc.getTextSize(ascii(line), FONT, scale, 1, (IntPointer) null);
              return size.width();
            })
        .max()
        .orElse(0);
  }

  static String ascii(String text) {
    return text.replaceAll("[^\\x20-\\x7E]", "?");
  }
}
