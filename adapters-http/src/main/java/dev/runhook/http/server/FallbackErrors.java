package dev.runhook.http.server;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.json.Problem;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.function.Predicate;

/// Replaces Javalin's own error responses with problem documents: unknown route, method not
/// allowed, failure outside the handlers of the API.
final class FallbackErrors {
  private static final int[] STATUSES = {400, 404, 405, 408, 413, 414, 431, 500, 501, 503};

  private FallbackErrors() {}

  /// Covers these paths and those below them, for a Javalin that also serves other paths.
  static void mount(RoutesConfig config, List<String> paths) {
    mount(config, context -> paths.stream().anyMatch(path -> isBelow(context, path)));
  }

  /// Covers every path, for a Javalin that serves nothing else.
  static void mountOnAllPaths(RoutesConfig config) {
    mount(config, ignored -> true);
  }

  private static void mount(RoutesConfig config, Predicate<Context> covers) {
    for (int status : STATUSES) {
      config.error(
          status,
          context -> {
            if (covers.test(context) && context.attribute(ApiResponse.HANDLED) == null) {
              context.result(""); // Javalin would send its own text after the document
              ApiResponse.of(Problem.ofStatus(status)).write(context);
            }
          });
    }
  }

  private static boolean isBelow(Context context, String base) {
    String path = context.path().substring(context.contextPath().length());
    return path.equals(base) || path.startsWith(base + "/");
  }
}
