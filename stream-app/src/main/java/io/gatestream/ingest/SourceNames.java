package io.gatestream.ingest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Stream ids that differ for URLs whose last parts are equal: by host, by host and port, or by
 * query. Passwords never become part of one.
 */
final class SourceNames {
  private static final Pattern AUTHORITY = Pattern.compile("://(?:\\*{3}@)?([^/?#]*)");
  private static final List<Function<VideoSource, String>> WAYS =
      List.of(
          source -> host(source, false) + "-" + source.streamId(),
          source -> host(source, true) + "-" + source.streamId(),
          source -> source.streamId() + query(source),
          source -> host(source, true) + "-" + source.streamId() + query(source));

  private SourceNames() {}

  /**
   * Gives ids of their own to URLs that would share one.
   *
   * @param named sources whose ids the user gave: these stay
   * @param notes hears what was named how
   */
  static List<VideoSource> apart(
      List<VideoSource> sources, Set<VideoSource> named, Consumer<String> notes) {
    Map<String, List<VideoSource>> groups = new LinkedHashMap<>();
    for (VideoSource source : sources) {
      if (source.place().url() && !named.contains(source)) {
        groups.computeIfAbsent(source.streamId(), id -> new ArrayList<>()).add(source);
      }
    }
    Map<VideoSource, VideoSource> changed = new LinkedHashMap<>();
    groups.values().stream()
        .filter(group -> group.size() > 1)
        .forEach(group -> rename(group, changed, notes));
    return sources.stream().map(source -> changed.getOrDefault(source, source)).toList();
  }

  private static void rename(
      List<VideoSource> group, Map<VideoSource, VideoSource> changed, Consumer<String> notes) {
    for (Function<VideoSource, String> way : WAYS) {
      Set<String> ids =
          group.stream().map(way).collect(Collectors.toCollection(LinkedHashSet::new));
      if (ids.size() == group.size()) {
        for (VideoSource source : group) {
          changed.put(
              source, new VideoSource(way.apply(source), source.location(), source.images()));
        }
        notes.accept(
            "URLs that end alike become the streams %s; NAME=URL gives names that do not depend on the others"
                .formatted(String.join(", ", ids)));
        return;
      }
    }
  }

  private static String host(VideoSource source, boolean port) {
    Matcher matcher = AUTHORITY.matcher(source.place().toString());
    String authority = matcher.find() ? matcher.group(1) : "";
    return plain(port ? authority : authority.replaceFirst("(?<=[^:]):\\d*$", ""));
  }

  private static String query(VideoSource source) {
    String url = source.place().toString();
    int at = url.indexOf('?');
    if (at < 0) {
      return "";
    }
    StringBuilder id = new StringBuilder();
    for (String part : url.substring(at + 1).split("[&;]", -1)) {
      if (!part.contains("***") && !part.isBlank()) {
        id.append('-').append(plain(part));
      }
    }
    return id.toString();
  }

  private static String plain(String text) {
    return text.replaceAll("[^\\p{L}\\p{N}._]+", "-").replaceAll("^-|-$", "");
  }
}
