package dev.runhook.http.server;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import java.util.List;

/// Serves `/health` for orchestrators and load balancers. A check never calls a receiver.
final class HealthRoutes {
  private final Readiness readiness;

  HealthRoutes(Readiness readiness) {
    this.readiness = readiness;
  }

  record LiveJson(String status) {}

  record ReadyJson(String status, List<Readiness.Check> checks) {}

  void mount(Routes routes) {
    routes.open(HttpApi.HEALTH_PATH + "/live", () -> ApiResponse.ok(new LiveJson("live")));
    routes.open(HttpApi.HEALTH_PATH + "/ready", this::ready);
  }

  private ApiResponse ready() {
    List<Readiness.Check> checks = readiness.checks();
    return checks.stream().allMatch(Readiness.Check::ok)
        ? ApiResponse.ok(new ReadyJson("ready", checks))
        : ApiResponse.of(503, new ReadyJson("not ready", checks));
  }
}
