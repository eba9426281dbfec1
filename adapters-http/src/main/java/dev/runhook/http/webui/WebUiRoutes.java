package dev.runhook.http.webui;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.json.Problem;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The web page: files of our own jar, which use the API like anybody else.
///
/// The browser is told to run and load nothing that is not one of them, to frame the page nowhere,
/// and to turn no text into markup (`require-trusted-types-for`), so that what people type stays
/// text. It asks each time whether the page is still the same; the files that the page names are in
/// a folder called after their contents, and are kept without asking.
public final class WebUiRoutes {
  public static final String ASSETS = "/assets/";
  private static final String INDEX = "index.html";
  private static final String ASK = "no-cache";
  private static final String KEEP = "max-age=31536000, immutable";
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
          "same-origin");

  private final Map<String, WebUiFile> files = new HashMap<>();
  private final String folder;
  private final WebUiFile index;

  public WebUiRoutes() {
    WebUiFile plain = WebUiFile.find(INDEX).orElseThrow();
    plain
        .referencedFiles()
        .forEach(name -> files.computeIfAbsent(name, it -> WebUiFile.find(it).orElseThrow()));
    this.folder = WebUiFile.digestOf(files);
    this.index = plain.withAssetDirectory(folder);
  }

  /// Whether the path is one of these, and not of the API.
  public static boolean isWebUiPath(String path) {
    return path.equals("/") || path.startsWith(ASSETS);
  }

  public void mount(RoutesConfig config) {
    for (HandlerType method : new HandlerType[] {HandlerType.GET, HandlerType.HEAD}) {
      config.addHttpHandler(method, "/", context -> answer(context, Optional.of(index), ASK));
      config.addHttpHandler(
          method, ASSETS + "{file}", context -> answer(context, asked(context), ASK));
      config.addHttpHandler(
          method,
          ASSETS + "{folder}/{file}",
          context -> answer(context, asked(context), isOurs(context) ? KEEP : ASK));
    }
  }

  private Optional<WebUiFile> asked(Context context) {
    return Optional.ofNullable(files.get(context.pathParam("file")));
  }

  /// Whether it is asked for as this page names it. Another node may have served another page while
  /// versions change: it gets what there is, but must not keep it under that name.
  private boolean isOurs(Context context) {
    return context.pathParam("folder").equals(folder);
  }

  private static void answer(Context context, Optional<WebUiFile> found, String caching) {
    if (found.isEmpty()) {
      ApiResponse.of(Problem.ofStatus(404)).write(context);
      return;
    }
    WebUiFile file = found.get();
    HEADERS.forEach(context::header);
    context.header("Cache-Control", caching);
    context.header("ETag", file.etag());
    context.attribute(ApiResponse.HANDLED, true);
    if (file.matchesIfNoneMatch(Optional.ofNullable(context.header("If-None-Match")).orElse(""))) {
      context.status(304);
      return;
    }
    context.contentType(file.mediaType());
    context.result(file.open());
  }
}
