package io.gatestream.ingest;

import io.gatestream.config.ConfigException;
import io.gatestream.config.IoReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the sources that arguments name: files, folders, globs, image patterns and URLs.
 *
 * <p>Images of one folder are one stream. Problems of all arguments are reported together.
 */
public final class SourceFinder {
  private static final Set<String> VIDEOS =
      Set.of(
          "mp4", "m4v", "mov", "mkv", "webm", "avi", "ts", "m2ts", "mts", "mpg", "mpeg", "flv",
          "wmv", "3gp", "ogv", "h264", "264", "mjpeg", "mxf", "dv");
  private static final Set<String> IMAGES = Set.of("jpg", "jpeg", "png");
  private static final Pattern NUMBER = Pattern.compile("%(?:0?\\d+)?d");

  private final List<String> problems = new ArrayList<>();
  private final List<VideoSource> sources = new ArrayList<>();
  private final Map<Path, List<Path>> images = new LinkedHashMap<>();

  private SourceFinder() {}

  /**
   * Finds the sources.
   *
   * @param streamId the only source's stream id
   * @param prefix put before every id that is made from a name
   * @throws ConfigException nothing there, an unknown protocol, two streams of one name, or an id
   *     for several sources
   */
  public static List<VideoSource> find(
      List<String> arguments, Optional<String> streamId, String prefix) {
    SourceFinder finder = new SourceFinder();
    arguments.forEach(finder::add);
    finder.images.forEach(
        (folder, files) -> finder.addImages(NaturalOrder.nameOf(folder), folder.toString(), files));
    List<VideoSource> named = new ArrayList<>();
    for (VideoSource source : finder.sources) {
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
            "%s and %s would both be stream '%s': rename one, or ingest them apart with --stream"
                .formatted(
                    Location.mask(other.location()),
                    Location.mask(source.location()),
                    source.streamId()));
      }
    }
  }

  private void add(String argument) {
    try {
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
    if (hasExtension(IMAGES).test(file)) {
      images.computeIfAbsent(NaturalOrder.folderOf(file), folder -> new ArrayList<>()).add(file);
    } else {
      sources.add(VideoSource.of(file));
    }
  }

  private void addFolder(Path folder) throws IOException {
    int before = sources.size() + images.size();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).sorted(NaturalOrder.PATHS).toList();
    }
    files.stream().filter(hasExtension(VIDEOS).or(hasExtension(IMAGES))).forEach(this::addFile);
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
