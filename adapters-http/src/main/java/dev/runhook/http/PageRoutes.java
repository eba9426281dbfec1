package dev.runhook.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The web page: files of our own jar, which use the API like anybody else.
///
/// The browser is told to run and load nothing that is not one of them, to frame the page nowhere,
/// and to turn no text into markup (`require-trusted-types-for`), so that what people type stays
/// text. It keeps the files, and asks each time whether they are still the same.
final class PageRoutes {
  static final String ASSETS = "/assets/";
  private static final String INDEX = "index.html";
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
              + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-cache");

  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  /// Whether the path is one of these, and not of the API.
  static boolean isOfThePage(String path) {
    return path.equals("/") || path.startsWith(ASSETS);
  }

  void mount(RoutesConfig config) {
    for (HandlerType method : new HandlerType[] {HandlerType.GET, HandlerType.HEAD}) {
      config.addHttpHandler(method, "/", context -> answer(context, find(INDEX)));
      config.addHttpHandler(
          method, ASSETS + "{file}", context -> answer(context, find(context.pathParam("file"))));
    }
  }

  private Optional<PageFile> find(String name) {
    PageFile known = files.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<PageFile> found = PageFile.find(name);
    found.ifPresent(file -> files.put(name, file));
    return found;
  }

  private static void answer(Context context, Optional<PageFile> found) {
    if (found.isEmpty()) {
      Answer.of(Problem.ofStatus(404)).write(context);
      return;
    }
    PageFile file = found.get();
    HEADERS.forEach(context::header);
    context.header("ETag", file.tag());
    context.attribute(Answer.WRITTEN, true);
    if (file.isTagIn(Optional.ofNullable(context.header("If-None-Match")).orElse(""))) {
      context.status(304);
      return;
    }
    context.contentType(file.mediaType());
    context.result(file.open());
  }
}
