package io.gatestream.ingest;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the sources that arguments name: files, folders, globs, image patterns and URLs, each as it
 * is or after {@code NAME=}.
 *
 * <p>Images of one folder are one stream. Problems of all arguments are reported together.
 */
public final class SourceFinder {
  private static final Set<String> VIDEOS =
      Set.of(
          "mp4", "m4v", "mov", "mkv", "webm", "avi", "ts", "m2ts", "mts", "mpg", "mpeg", "flv",
          "wmv", "3gp", "ogv", "h264", "264", "mjpeg", "mxf", "dv", "gif", "apng");
  private static final Set<String> IMAGES =
      Set.of("jpg", "jpeg", "png", "bmp", "tif", "tiff", "webp");
  private static final Pattern NAMED = Pattern.compile("([^=/\\\\?*]+)=(.+)", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("%(?:0?\\d+)?d");

  private final List<String> problems = new ArrayList<>();
  private final List<VideoSource> sources = new ArrayList<>();
  private final Map<Path, List<Path>> images = new LinkedHashMap<>();
  private final Set<VideoSource> named = new HashSet<>();
  private final Consumer<String> notes;

  private SourceFinder(Consumer<String> notes) {
    this.notes = notes;
  }

  /** As below; nobody hears the notes. */
  public static List<VideoSource> find(
      List<String> arguments, Optional<String> streamId, String prefix) {
    return find(arguments, streamId, prefix, note -> {});
  }

  /**
   * Finds the sources.
   *
   * @param streamId the only source's stream id
   * @param prefix put before every id that is made from a name
   * @param notes hears what the user should know: files passed over, names made up
   * @throws ConfigException nothing there, an unknown protocol, two streams of one name, or an id
   *     for several sources
   */
  public static List<VideoSource> find(
      List<String> arguments, Optional<String> streamId, String prefix, Consumer<String> notes) {
    SourceFinder finder = new SourceFinder(notes);
    arguments.forEach(finder::addNamed);
    finder.addImagesOfFolders();
    List<VideoSource> named = new ArrayList<>();
    for (VideoSource source : SourceNames.apart(finder.sources, finder.named, notes)) {
      named.add(
          new VideoSource(
              streamId.orElse(prefix + source.streamId()), source.location(), source.images()));
    }
    if (streamId.isPresent() && named.size() > 1) {
      finder.problems.add(
          "--stream '%s' names one stream, but there are %d sources: use --stream-prefix"
              .formatted(streamId.get(), named.size()));
    } else {
      finder.refuseEqualIds(named);
    }
    if (!finder.problems.isEmpty()) {
      throw new ConfigException(finder.problems);
    }
    return named;
  }

  private void refuseEqualIds(List<VideoSource> named) {
    Map<String, VideoSource> seen = new LinkedHashMap<>();
    for (VideoSource source : named) {
      VideoSource other = seen.putIfAbsent(source.streamId(), source);
      if (other != null) {
        problems.add(
            "%s and %s would both be stream '%s': name them, such as 'NAME=%s'"
                .formatted(other.shown(), source.shown(), source.streamId(), source.shown()));
      }
    }
  }

  /** {@code NAME=PATH|URL} names the stream; a file that is called so comes first. */
  private void addNamed(String argument) {
    Matcher parts = NAMED.matcher(argument);
    if (Location.looksLikeUrl(argument) || exists(argument) || !parts.matches()) {
      add(argument);
      return;
    }
    SourceFinder one = new SourceFinder(notes);
    one.add(parts.group(2));
    one.addImagesOfFolders();
    problems.addAll(one.problems);
    if (one.sources.size() > 1) {
      problems.add(
          "'%s' names one stream, but there are %d sources in %s"
              .formatted(parts.group(1), one.sources.size(), parts.group(2)));
    }
    for (VideoSource source : one.sources) {
      VideoSource fresh = new VideoSource(parts.group(1), source.location(), source.images());
      sources.add(fresh);
      named.add(fresh);
    }
  }

  private static boolean exists(String argument) {
    try {
      return Files.exists(Path.of(argument));
    } catch (java.nio.file.InvalidPathException e) {
      return false;
    }
  }

  private void addImagesOfFolders() {
    images.forEach(
        (folder, files) -> addImages(NaturalOrder.nameOf(folder), folder.toString(), files));
  }

  private void add(String argument) {
    try {
      if (Webcam.is(argument)) {
        sources.add(new VideoSource(new Location(argument, true).name(), argument, List.of()));
        return;
      }
      if (Location.looksLikeUrl(argument)) {
        sources.add(new VideoSource(Location.ofUrl(argument).name(), argument, List.of()));
        return;
      }
      Path path = Path.of(argument);
      if (Files.isDirectory(path)) {
        addFolder(path);
      } else if (Files.exists(path)) {
        addFile(path);
      } else if (NUMBER.matcher(argument).find()) {
        addPattern(path);
      } else if (argument.matches(".*[*?\\[{].*")) {
        addGlob(argument);
      } else {
        problems.add("%s: no such file or folder".formatted(argument));
      }
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    } catch (IOException | UncheckedIOException e) {
      problems.add("%s cannot be read: %s".formatted(argument, IoReason.of(e)));
    } catch (InvalidPathException e) {
      problems.add("%s cannot be read: %s".formatted(argument, e.getReason()));
    }
  }

  private void addFile(Path file) {
    if (AnimatedImage.isWebp(file)) {
      problems.add(
          "%s is an animated WebP, which is not taken: convert it to GIF or MP4".formatted(file));
    } else if (hasExtension(IMAGES).test(file) && !AnimatedImage.isPng(file)) {
      images.computeIfAbsent(NaturalOrder.folderOf(file), folder -> new ArrayList<>()).add(file);
    } else {
      sources.add(VideoSource.of(file));
    }
  }

  private void addFolder(Path folder) throws IOException {
    int before = sources.size() + images.size();
    Path real = folder.toRealPath(); // a walk does not begin behind a link
    List<Path> files;
    try (Stream<Path> walk = Files.walk(real)) {
      files =
          walk.filter(Files::isRegularFile)
              .map(file -> folder.resolve(real.relativize(file)))
              .sorted(NaturalOrder.PATHS)
              .toList();
    }
    Predicate<Path> taken =
        hasExtension(VIDEOS).or(hasExtension(IMAGES).and(Predicate.not(AnimatedImage::isWebp)));
    files.stream().filter(taken).forEach(this::addFile);
    PassedOver.sentence(folder, files, taken).ifPresent(notes);
    if (sources.size() + images.size() == before) {
      problems.add("%s: no video and no image in this folder".formatted(folder));
    }
  }

  private void addPattern(Path pattern) throws IOException {
    String name = NaturalOrder.nameOf(pattern);
    String regex =
        NUMBER
            .splitAsStream(name)
            .map(Pattern::quote)
            .reduce((a, b) -> a + "\\d+" + b)
            .orElseThrow();
    List<Path> files =
        matching(NaturalOrder.folderOf(pattern), file -> NaturalOrder.nameOf(file).matches(regex));
    if (files.isEmpty()) {
      problems.add("%s: no image has such a name".formatted(pattern));
      return;
    }
    String id =
        Location.withoutExtension(NUMBER.matcher(name).replaceAll("")).replaceAll("[-_. ]+$", "");
    addImages(
        id.isEmpty() || id.startsWith(".")
            ? NaturalOrder.nameOf(NaturalOrder.folderOf(pattern))
            : id,
        pattern.toString(),
        files);
  }

  private void addGlob(String glob) throws IOException {
    Path folder = NaturalOrder.folderOf(Path.of(glob));
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + Path.of(glob));
    List<Path> files = matching(folder, file -> matcher.matches(file) || matchesName(glob, file));
    if (files.isEmpty()) {
      problems.add("%s: no file has such a name".formatted(glob));
    }
    files.forEach(this::addFile);
  }

  private static boolean matchesName(String glob, Path file) {
    return Path.of(glob).getParent() == null
        && FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(file.getFileName());
  }

  private static List<Path> matching(Path folder, Predicate<Path> wanted) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(Files::isRegularFile).filter(wanted).sorted(NaturalOrder.PATHS).toList();
    }
  }

  private void addImages(String id, String location, List<Path> files) {
    sources.add(new VideoSource(id, location, files.stream().sorted(NaturalOrder.PATHS).toList()));
  }

  private static Predicate<Path> hasExtension(Set<String> extensions) {
    return file -> {
      String name = NaturalOrder.nameOf(file);
      return extensions.contains(
          name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    };
  }
}
