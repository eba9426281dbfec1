package dev.runhook.http;

import java.util.List;

/// `/health`: for those who start, stop and route to this process. Never calls a receiver.
final class HealthRoutes {
  private final Readiness readiness;

  HealthRoutes(Readiness readiness) {
    this.readiness = readiness;
  }

  record LiveJson(String status) {}

  record ReadyJson(String status, List<Readiness.Check> checks) {}

  void mount(Routes routes) {
    routes.open(HttpApi.HEALTH + "/live", () -> Answer.ok(new LiveJson("live")));
    routes.open(HttpApi.HEALTH + "/ready", this::ready);
  }

  private Answer ready() {
    List<Readiness.Check> checks = readiness.checks();
    return checks.stream().allMatch(Readiness.Check::ok)
        ? Answer.ok(new ReadyJson("ready", checks))
        : Answer.of(503, new ReadyJson("not ready", checks));
  }
}
