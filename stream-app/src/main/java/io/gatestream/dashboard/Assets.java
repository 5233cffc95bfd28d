package io.gatestream.dashboard;

import io.gatestream.http.Answer;
import io.gatestream.http.Page;
import io.gatestream.http.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/** The page's own files and those of its libraries, from the class path. */
final class Assets {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png");

  /** No folder above, nothing hidden. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_./-]*");

  private Assets() {}

  static List<Page> pages() {
    return List.of(
        Page.get("/", request -> file("/dashboard/index.html")),
        Page.get(
            "/app/{path*}", request -> file("/dashboard/app/" + checked(request.segment("path")))),
        library("lit-html"),
        library("chart.js"));
  }

  private static Page library(String name) {
    String folder = "/META-INF/resources/webjars/%s/%s/".formatted(name, version(name));
    return Page.get(
        "/lib/" + name + "/{path*}", request -> file(folder + checked(request.segment("path"))));
  }

  private static String version(String library) {
    String file = "/META-INF/maven/org.webjars.npm/%s/pom.properties".formatted(library);
    Properties properties = new Properties();
    try (InputStream in = Assets.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the library %s is missing".formatted(library));
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "");
  }

  private static String checked(String path) {
    if (!NAME.matcher(path).matches() || path.contains("..") || path.contains("//")) {
      throw Refusal.notFound("no such file");
    }
    return path;
  }

  private static Answer file(String path) throws IOException {
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    try (InputStream in = Assets.class.getResourceAsStream(path)) {
      if (in == null || type == null) {
        throw Refusal.notFound("no such file");
      }
      return Answer.bytes(type, in.readAllBytes());
    }
  }
}
