package dev.runhook.http.server;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.json.Problem;
import io.javalin.config.RoutesConfig;

/// Replaces Javalin's own error responses with problem documents: unknown route, method not
/// allowed, failure outside the handlers of the API.
final class FallbackErrors {
  private static final int[] STATUSES = {400, 404, 405, 408, 413, 414, 431, 500, 501, 503};

  private FallbackErrors() {}

  static void mount(RoutesConfig config) {
    for (int status : STATUSES) {
      config.error(
          status,
          context -> {
            if (context.attribute(ApiResponse.HANDLED) == null) {
              context.result(""); // Javalin would send its own text after the document
              ApiResponse.of(Problem.ofStatus(status)).write(context);
            }
          });
    }
  }
}
