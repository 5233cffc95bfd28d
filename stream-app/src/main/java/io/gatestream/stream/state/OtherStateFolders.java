package io.gatestream.stream.state;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What else lies in {@code state.dir}: folders of other instances and applications, and those of
 * versions that numbered folders for all applications together ({@code state.dir/0}). Never more
 * than a help: what cannot be read or moved is restored from the changelog. Used once.
 */
final class OtherStateFolders {
  private static final Logger log = LoggerFactory.getLogger(OtherStateFolders.class);
  private static final Pattern OLD = Pattern.compile("\\d{1,4}");
  private static final Pattern NEW = Pattern.compile("(.+)-\\d{1,4}");

  private final Path stateDir;
  private final String applicationId;

  OtherStateFolders(Path stateDir, String applicationId) {
    this.stateDir = stateDir;
    this.applicationId = applicationId;
  }

  /**
   * Moves this application's state out of the first old folder that has some and that no instance
   * holds, where {@code folder} has none. An instance of an earlier version that still runs holds
   * its own.
   *
   * @param folder that this instance holds
   */
  void moveOldInto(Path folder) {
    Path target = folder.resolve(applicationId);
    for (Path old : folders(OLD)) {
      Path source = old.resolve(applicationId);
      if (Files.exists(target)) {
        return;
      }
      if (!Files.isDirectory(source)) {
        continue;
      }
      try (FolderLock held = FolderLock.tryLock(old).orElse(null)) {
        if (held != null) {
          Files.move(source, target);
          log.info("the local state in {} is of an earlier version: moved to {}", source, target);
        }
      } catch (IOException e) {
        log.warn(
            "cannot move {} to {} ({}): the changelog restores it", source, target, e.toString());
      }
    }
  }

  /** Names in one line the folders with state that no instance uses now. */
  void nameUnused(Path own) {
    List<String> unused = new ArrayList<>();
    for (Path folder : folders(Pattern.compile(OLD + "|" + NEW))) {
      if (!folder.equals(own)) {
        application(folder)
            .filter(application -> isFree(folder))
            .ifPresent(
                application -> unused.add("%s (application %s)".formatted(folder, application)));
      }
    }
    if (!unused.isEmpty()) {
      log.info(
          "local state that no instance uses now: {}; delete what will not be started here again",
          String.join(", ", unused));
    }
  }

  /** Whose state it holds, empty where it holds none. */
  private static Optional<String> application(Path folder) {
    Matcher name = NEW.matcher(folder.getFileName().toString());
    List<String> held = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      entries.forEach(entry -> held.add(entry.getFileName().toString()));
    } catch (IOException e) {
      log.debug("cannot look into {}: {}", folder, e.toString());
    }
    if (name.matches()) {
      held.removeIf(entry -> !entry.equals(name.group(1))); // else no folder of ours
    }
    return held.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(" and ", new TreeSet<>(held)));
  }

  private static boolean isFree(Path folder) {
    try (FolderLock held = FolderLock.tryLock(folder).orElse(null)) {
      return held != null;
    } catch (IOException e) {
      log.debug("cannot lock {}: {}", folder, e.toString());
      return false;
    }
  }

  private List<Path> folders(Pattern name) {
    try (Stream<Path> entries = Files.list(stateDir)) {
      return entries
          .filter(entry -> name.matcher(entry.getFileName().toString()).matches())
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    } catch (IOException e) {
      log.debug("cannot list {}: {}", stateDir, e.toString());
      return List.of();
    }
  }
}
