package dev.runhook.http.webui;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.json.Problem;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Serves the web UI. Its files come from the jar and use the public API.
///
/// The content security policy allows only these files and the inline scripts of the index page,
/// forbids framing, and lets only the templates of Lit create markup (`trusted-types`). Browsers
/// revalidate the index page every time. All other files are in a directory named after the digest
/// of their content, so browsers cache them permanently.
public final class WebUiRoutes {
  public static final String ASSETS = "/assets/";
  private static final String INDEX = "index.html";
  private static final String REVALIDATE = "no-cache";
  private static final String CACHE_PERMANENTLY = "max-age=31536000, immutable";

  private final Map<String, WebUiFile> files;
  private final String directory;
  private final WebUiFile index;
  private final Map<String, String> securityHeaders;

  /// Reads the files.
  public static WebUiRoutes read() {
    WebUiFile template = WebUiFile.read(INDEX);
    Map<String, WebUiFile> files = new HashMap<>();
    template.referencedFiles().forEach(name -> files.computeIfAbsent(name, WebUiFile::read));
    String directory = WebUiFile.digestOf(files);
    return new WebUiRoutes(files, directory, template.withAssetDirectory(directory));
  }

  private WebUiRoutes(Map<String, WebUiFile> files, String directory, WebUiFile index) {
    this.files = files;
    this.directory = directory;
    this.index = index;
    this.securityHeaders =
        Map.of(
            "Content-Security-Policy", policy(index.inlineScriptHashes()),
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin");
  }

  /// Returns a copy whose index page has these attributes, which its scripts read.
  ///
  /// @param attributes `data-host` if the host signs its users in; `data-no-docs` if there is no
  ///   reference of the API
  public WebUiRoutes withAttributes(List<String> attributes) {
    return new WebUiRoutes(files, directory, index.withAttributes(attributes));
  }

  private static String policy(String inlineScripts) {
    return "default-src 'none'; script-src 'self' "
        + inlineScripts
        + "; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        + "trusted-types lit-html";
  }

  /// Returns whether the path belongs to the web UI and not to the API.
  public static boolean isWebUiPath(String path) {
    return path.equals("/") || path.startsWith(ASSETS);
  }

  public void mount(RoutesConfig config) {
    for (HandlerType method : new HandlerType[] {HandlerType.GET, HandlerType.HEAD}) {
      config.addHttpHandler(
          method, "/", context -> respond(context, Optional.of(index), REVALIDATE));
      config.addHttpHandler(
          method, ASSETS + "{file}", context -> respond(context, findFile(context), REVALIDATE));
      config.addHttpHandler(
          method,
          ASSETS + "{directory}/<file>",
          context -> respond(context, findFile(context), caching(context)));
    }
  }

  private Optional<WebUiFile> findFile(Context context) {
    return Optional.ofNullable(files.get(context.pathParam("file")));
  }

  /// During an update, another node may have served the index page of another version. Its requests
  /// get this node's files, but the browser must not cache them under that directory.
  private String caching(Context context) {
    return context.pathParam("directory").equals(directory) ? CACHE_PERMANENTLY : REVALIDATE;
  }

  private void respond(Context context, Optional<WebUiFile> found, String caching) {
    if (found.isEmpty()) {
      ApiResponse.of(Problem.ofStatus(404)).write(context);
      return;
    }
    WebUiFile file = found.get();
    Map<String, String> headers = new HashMap<>(securityHeaders);
    headers.put("Cache-Control", caching);
    headers.put("ETag", file.etag());
    if (file.matchesIfNoneMatch(Optional.ofNullable(context.header("If-None-Match")).orElse(""))) {
      context.attribute(ApiResponse.HANDLED, true);
      context.status(304);
      headers.forEach(context::header);
    } else {
      file.write(context, headers);
    }
  }
}
