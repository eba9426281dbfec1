package dev.runhook.http.server;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.json.Problem;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// Answers with a problem where Javalin answered by itself below our paths: no such route, no such
/// method, a failure outside of our handlers.
final class FallbackErrors {
  private static final int[] STATUSES = {400, 404, 405, 408, 413, 414, 431, 500, 501, 503};

  /// Answers below our own paths, whatever else the Javalin serves.
  void mount(RoutesConfig config) {
    for (int status : STATUSES) {
      config.error(
          status,
          context -> {
            if (isBelow(context, HttpApi.BASE_PATH)
                || isBelow(context, HttpApi.HEALTH_PATH)
                || isBelow(context, MetricsRoutes.PATH)
                || isBelow(context, OpenApiRoutes.PATH)) {
              answer(context, status);
            }
          });
    }
  }

  /// Answers on every path, for a Javalin that is ours alone.
  void mountOnAllPaths(RoutesConfig config) {
    for (int status : STATUSES) {
      config.error(status, context -> answer(context, status));
    }
  }

  private static void answer(Context context, int status) {
    if (context.attribute(ApiResponse.HANDLED) == null) {
      ApiResponse.of(Problem.ofStatus(status)).write(context);
    }
  }

  private static boolean isBelow(Context context, String base) {
    String path = context.path().substring(context.contextPath().length());
    return path.equals(base) || path.startsWith(base + "/");
  }
}
