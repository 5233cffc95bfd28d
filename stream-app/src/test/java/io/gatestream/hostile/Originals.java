package io.gatestream.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatestream.frame.SegmentBombs;
import io.gatestream.frame.TestPictures;
import io.gatestream.frame.TestPngs;
import io.gatestream.frame.jpeg.JpegBombs;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.bytedeco.opencv.global.opencv_imgcodecs;

/** The files that are mutated, made once; their bytes are not to be changed. */
final class Originals {
  /** Pictures in {@link #ts} and {@link #mp4}. */
  static final int PICTURES = 3;

  static final int RAW_WIDTH = 9;
  static final int RAW_HEIGHT = 7;

  final byte[] jpeg = TestPictures.jpeg(24, 16, opencv_imgcodecs.IMWRITE_JPEG_QUALITY, 40);
  final byte[] png = TestPictures.png(9, 7);
  final byte[] raw = TestPictures.scene(RAW_WIDTH, RAW_HEIGHT, 0);
  final byte[] ts;
  final byte[] mp4;
  final byte[] otherSize;
  final byte[] otherTs;

  /**
   * JPEGs that are taken: 4:0:0, progressive, turned by EXIF, of one pixel, wide, with stray bytes,
   * with bytes behind their end.
   */
  final List<byte[]> kinds;

  final List<byte[]> pngKinds;
  final byte[] cmyk = cmyk();
  final byte[] sixteenK = TestPictures.jpeg(16_384, 4);
  final byte[] reordered;

  /** The transport stream whose second picture comes with the first one's time, before it, late. */
  final List<byte[]> brokenTimes;

  final List<byte[]> jpegBombs;
  final List<byte[]> pngBombs;
  final List<byte[]> jpegCosts;
  final List<byte[]> pngChunks;
  final List<byte[]> segmentCosts;
  final List<byte[]> strayTooMany;
  final byte[] pngInflates = png(16, 16, new byte[8 << 20]);

  /**
   * Makes them.
   *
   * @param clip an H.264 clip with reordered pictures
   */
  Originals(Path clip) {
    try {
      Path folder = Files.createTempDirectory("hostile");
      ts = TestPictures.segment(folder, "mpegts", 64, 48, PICTURES);
      otherTs = TestPictures.segment(folder, "mpegts", 64, 48, PICTURES + 2);
      mp4 = TestPictures.segment(folder, "mp4", 64, 48, PICTURES);
      otherSize = TestPictures.segment(folder, "mpegts", 96, 64, PICTURES);
      reordered = Files.readAllBytes(clip);
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    brokenTimes = List.of(secondPictureAt(0), secondPictureAt(-1), secondPictureAt(90_000 * 3_600));
    byte[] restarts = TestPictures.jpeg(24, 24, opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 1);
    byte[] wide = TestPictures.jpeg(8_192, 8, opencv_imgcodecs.IMWRITE_JPEG_QUALITY, 20);
    byte[] grey = new byte[40 * 24];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) (3 * i);
    }
    kinds =
        List.of(
            jpeg,
            TestPictures.image(".jpg", grey, 40, 24, 1),
            TestPictures.jpeg(33, 17, opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1),
            withExif(TestPictures.jpeg(32, 20)),
            TestPictures.jpeg(1, 1),
            restarts,
            withStray(restarts, 2),
            Bits.joined(jpeg, new byte[700]),
            Bits.joined(jpeg, "\r\n--frame\r\n".getBytes(ISO_8859_1)),
            Bits.joined(jpeg, TestPictures.jpeg(8, 8)),
            wide);
    byte[] indexed =
        TestPngs.of(
            TestPngs.header(8, 8, 8, 3, 0),
            TestPngs.chunk("PLTE", new byte[48]),
            TestPngs.chunk("tRNS", new byte[16]),
            TestPngs.pixels(new byte[72]),
            TestPngs.end());
    pngKinds =
        List.of(
            png,
            TestPictures.png(1, 1),
            TestPictures.image(".png", grey, 40, 24, 1),
            indexed,
            Bits.joined(png, new byte[50]));
    strayTooMany = List.of(withStray(restarts, 9), withStray(restarts, 3_000));
    jpegCosts =
        List.of(
            JpegBombs.scans(64, 64),
            JpegBombs.scans(2_048, 2_048),
            JpegBombs.withSegments(jpeg, 0xE1, new byte[2], 20_000),
            JpegBombs.withSegments(jpeg, 0xC4, new byte[17], 5_000));
    pngChunks =
        List.of(
            palettePng(TestPngs.chunk("PLTE", new byte[48]), TestPngs.chunk("tRNS", new byte[17])),
            palettePng(TestPngs.chunk("tRNS", new byte[16]), TestPngs.chunk("PLTE", new byte[48])),
            palettePng(TestPngs.chunk("PLTE", new byte[48]), TestPngs.chunk("PLTE", new byte[3])),
            palettePng(new byte[0], TestPngs.chunk("tRNS", new byte[2])),
            palettePng(
                TestPngs.chunk("PLTE", new byte[48]),
                Bits.joined(
                    Collections.nCopies(3_000, TestPngs.chunk("tEXt", new byte[0]))
                        .toArray(byte[][]::new))));
    segmentCosts =
        List.of(
            SegmentBombs.claimedSamples(mp4, 80_000_000),
            SegmentBombs.unitsBeforeKeyframe(mp4, SegmentBombs.pictureParameters(mp4), 20_000),
            SegmentBombs.unitsInStream(ts, SegmentBombs.pictureParameters(mp4), 300));
    jpegBombs = List.of(withSize(jpeg, 65_500, 65_500), withSize(jpeg, 8_192, 2_048));
    pngBombs =
        List.of(
            png(1 << 30, 1 << 30, new byte[100]),
            png(30_000, 30_000, new byte[100]),
            png(8_192, 2_048, new byte[100]),
            png(0, 5, new byte[100]),
            png(-1, -1, new byte[100]));
  }

  /** The transport stream with another time of its second picture, in ticks after the first. */
  private byte[] secondPictureAt(long ticks) {
    byte[] broken = ts.clone();
    long first = -1;
    for (int packet = 0; packet < broken.length; packet += 188) {
      boolean adapted = (broken[packet + 3] & 0x20) != 0;
      int pes = packet + 4 + (adapted ? 1 + (broken[packet + 4] & 0xFF) : 0);
      boolean starts = (broken[packet + 1] & 0x40) != 0;
      if (starts && broken[pes + 2] == 1 && (broken[pes + 3] & 0xF0) == 0xE0) {
        if (first >= 0) {
          time(broken, pes + 9, first + ticks);
          return broken;
        }
        first = time(broken, pes + 9);
      }
    }
    throw new IllegalStateException("no second picture");
  }

  /** The 33 bits of a time in a PES header, spread over five bytes. */
  private static long time(byte[] ts, int at) {
    return (ts[at] >> 1 & 7L) << 30
        | (ts[at + 1] & 0xFFL) << 22
        | (ts[at + 2] >> 1 & 0x7FL) << 15
        | (ts[at + 3] & 0xFFL) << 7
        | (ts[at + 4] >> 1 & 0x7FL);
  }

  private static void time(byte[] ts, int at, long time) {
    ts[at] = (byte) ((ts[at] & 0xF1) | (time >> 30 & 7) << 1);
    ts[at + 1] = (byte) (time >> 22);
    ts[at + 2] = (byte) ((time >> 15 & 0x7F) << 1 | 1);
    ts[at + 3] = (byte) (time >> 7);
    ts[at + 4] = (byte) ((time & 0x7F) << 1 | 1);
  }

  /** A PNG of indexed colours with two chunks before its pixels. */
  private static byte[] palettePng(byte[] first, byte[] second) {
    return TestPngs.of(
        TestPngs.header(8, 8, 8, 3, 0),
        first,
        second,
        TestPngs.pixels(new byte[72]),
        TestPngs.end());
  }

  /** A JPEG with bytes that belong to nothing before its first restart marker. */
  private static byte[] withStray(byte[] jpeg, int count) {
    for (int at = 2; ; at++) {
      if (jpeg[at] == (byte) 0xFF && jpeg[at + 1] == (byte) 0xD0) {
        byte[] stray = new byte[count];
        Arrays.fill(stray, (byte) 0x12);
        return Bits.joined(
            Arrays.copyOf(jpeg, at), stray, Arrays.copyOfRange(jpeg, at, jpeg.length));
      }
    }
  }

  /** A JPEG whose EXIF data ask to turn it by 90 degrees. */
  private static byte[] withExif(byte[] jpeg) {
    byte[] exif = {
      (byte) 0xFF,
      (byte) 0xE1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      6,
      0,
      0,
      0,
      0,
      0,
      0
    };
    return Bits.joined(Arrays.copyOf(jpeg, 2), exif, Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  /** A JPEG whose frame header lies about its size. */
  private static byte[] withSize(byte[] jpeg, int width, int height) {
    byte[] bomb = jpeg.clone();
    for (int i = 2; ; i += 2 + (bomb[i + 2] & 0xFF) * 256 + (bomb[i + 3] & 0xFF)) {
      if ((bomb[i + 1] & 0xFF) == 0xC0) {
        ByteBuffer.wrap(bomb, i + 5, 4).putShort((short) height).putShort((short) width);
        return bomb;
      }
    }
  }

  /** A PNG of 8 bits grey with right checksums around whatever pixels. */
  private static byte[] png(int width, int height, byte[] pixels) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8);
    chunk(out, "IHDR", header.array());
    Deflater deflater = new Deflater(9);
    deflater.setInput(pixels);
    deflater.finish();
    byte[] packed = new byte[pixels.length / 500 + 200];
    int length = deflater.deflate(packed);
    deflater.end();
    chunk(out, "IDAT", Arrays.copyOf(packed, length));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length).putInt(data.length);
    chunk.put(type.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + data.length);
    out.writeBytes(chunk.putInt((int) crc.getValue()).array());
  }

  /** Four colour components, as printers have them. */
  private static byte[] cmyk() {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(
          null, new IIOImage(Raster.createInterleavedRaster(0, 16, 16, 4, null), null, null), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }
}
