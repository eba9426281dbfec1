package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthCheckTest {
  private final TestServer server = new TestServer();

  @AfterEach
  void tearDown() {
    server.close();
  }

  private TestResponse get(String path) {
    return server.send(server.rawRequest("GET", path, BodyPublishers.noBody()));
  }

  @Test
  void a_process_that_responds_is_live() {
    assertThat(get("/health/live").isOk().text()).isEqualTo("{\"status\":\"live\"}");
  }

  @Test
  void a_process_is_ready_when_all_checks_pass() {
    assertThat(get("/health/ready").isOk().text())
        .isEqualTo(
            "{\"status\":\"ready\",\"checks\":[{\"name\":\"store\",\"ok\":true,\"detail\":\"fine\"}]}");
  }

  @Test
  void one_failed_check_makes_the_process_unready() {
    server.checks.set(
        List.of(
            new Readiness.Check("store", true, "fine"),
            new Readiness.Check("dispatcher", false, "stopping")));

    assertThat(get("/health/ready").is(503).text())
        .isEqualTo(
            "{\"status\":\"not ready\",\"checks\":[{\"name\":\"store\",\"ok\":true,"
                + "\"detail\":\"fine\"},{\"name\":\"dispatcher\",\"ok\":false,\"detail\":\"stopping\"}]}");
  }

  @Test
  void an_unknown_health_path_is_a_problem() {
    get("/health/other").isProblem(404, "not-found");
  }
}
