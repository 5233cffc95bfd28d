package io.gatestream.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Payloads that ask FFmpeg to open something else: a file or an address. */
public final class References {
  private References() {}

  /**
   * All of them, each plain and dressed as the containers that a segment may be.
   *
   * @param file an absolute path that must not be read
   * @param address {@code host:port} that must not be connected to
   * @param mp4 a good fragmented MP4 whose data reference is replaced
   */
  public static List<byte[]> of(String file, String address, byte[] mp4) {
    List<String> texts =
        List.of(
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://%s\n#EXTINF:1,\nhttp://%s/a.ts\n#EXT-X-ENDLIST\n"
                .formatted(file, address),
            "ffconcat version 1.0\nfile '%s'\nfile 'tcp://%s'\n".formatted(file, address),
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video %s RTP/AVP 96\na=rtpmap:96 H264/90000\n"
                .formatted(address.substring(address.indexOf(':') + 1)),
            "file:" + file,
            "concat:%s|%s".formatted(file, file),
            "subfile,,start,0,end,0,,:" + file,
            "http://%s/segment.ts".formatted(address),
            "tcp://" + address,
            "rtsp://%s/1".formatted(address),
            "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><AdaptationSet><Representation id=\"1\" mimeType=\"video/mp4\"><BaseURL>http://%s/</BaseURL></Representation></AdaptationSet></Period></MPD>"
                .formatted(address));
    List<byte[]> all = new ArrayList<>();
    for (String text : texts) {
      byte[] plain = text.getBytes(US_ASCII);
      all.add(plain);
      all.add(asTransportStream(plain));
      all.add(asMovie(plain));
    }
    for (String path : List.of(file, "file:" + file, "http://" + address + "/a", "../" + file)) {
      all.add(withDataReference(mp4, dref("url ", path)));
      all.add(withDataReference(mp4, dref("alis", path)));
      all.add(withDataReference(mp4, alias(path)));
    }
    all.add(box("ftyp", "qt  \0\0\0\0qt  ".getBytes(ISO_8859_1), movieOfReferences(file, address)));
    return all;
  }

  /** 0x47 where a sync byte is looked for. */
  private static byte[] asTransportStream(byte[] text) {
    byte[] dressed = Arrays.copyOf(text, Math.max(text.length, 400) + 1);
    System.arraycopy(text, 0, dressed, 1, text.length);
    dressed[0] = 0x47;
    dressed[188] = 0x47;
    dressed[376] = 0x47;
    return dressed;
  }

  private static byte[] asMovie(byte[] text) {
    return box("ftyp", "isom\0\0\2\0isom".getBytes(ISO_8859_1), box("moov", text));
  }

  /** The QuickTime reference movie: moov, rmra, rmda, rdrf. */
  private static byte[] movieOfReferences(String file, String address) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String url : List.of("file://" + file, "http://" + address + "/a.mov")) {
      byte[] name = (url + "\0").getBytes(US_ASCII);
      ByteBuffer rdrf = ByteBuffer.allocate(12 + name.length);
      rdrf.putInt(0).put("url ".getBytes(US_ASCII)).putInt(name.length).put(name);
      all.writeBytes(box("rmda", box("rdrf", rdrf.array())));
    }
    return box("moov", box("rmra", all.toByteArray()));
  }

  /** A data reference with an address in place of "in this file". */
  private static byte[] dref(String type, String path) {
    byte[] name = (path + "\0").getBytes(US_ASCII);
    ByteBuffer entry = ByteBuffer.allocate(4 + name.length).putInt(0).put(name);
    return box("dref", new byte[] {0, 0, 0, 0, 0, 0, 0, 1}, box(type, entry.array()));
  }

  /** A Macintosh alias record, which FFmpeg would follow: volume, folder level, absolute path. */
  private static byte[] alias(String path) {
    byte[] name = path.getBytes(US_ASCII);
    ByteBuffer entry = ByteBuffer.allocate(4 + 150 + 4 + name.length + (name.length & 1) + 4);
    entry.position(4 + 10);
    entry.put((byte) 1).put((byte) 'v').position(4 + 10 + 28 + 12);
    entry.put((byte) 1).put((byte) 'f').position(4 + 10 + 28 + 12 + 64 + 16);
    entry.putShort((short) 1).putShort((short) 1);
    entry.position(4 + 150);
    entry.putShort((short) 2).putShort((short) name.length).put(name);
    entry.position(entry.capacity() - 4);
    entry.putShort((short) -1);
    return box("dref", new byte[] {0, 0, 0, 0, 0, 0, 0, 1}, box("alis", entry.array()));
  }

  /** The movie with another dref box; the boxes around it grow with it. */
  private static byte[] withDataReference(byte[] mp4, byte[] dref) {
    return replaced(mp4, 0, mp4.length, dref);
  }

  private static byte[] replaced(byte[] boxes, int start, int end, byte[] dref) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = start; at + 8 <= end; ) {
      int size = ByteBuffer.wrap(boxes).getInt(at);
      String type = new String(boxes, at + 4, 4, ISO_8859_1);
      if (size < 8 || at + size > end) {
        throw new IllegalArgumentException("box %s of %d bytes at %d".formatted(type, size, at));
      }
      switch (type) {
        case "moov", "trak", "mdia", "minf", "dinf" ->
            out.writeBytes(box(type, replaced(boxes, at + 8, at + size, dref)));
        case "dref" -> out.writeBytes(dref);
        default -> out.write(boxes, at, size);
      }
      at += size;
    }
    return out.toByteArray();
  }

  private static byte[] box(String type, byte[]... contents) {
    int size = 8 + Arrays.stream(contents).mapToInt(content -> content.length).sum();
    ByteBuffer box = ByteBuffer.allocate(size).putInt(size).put(type.getBytes(ISO_8859_1));
    for (byte[] content : contents) {
      box.put(content);
    }
    return box.array();
  }
}
