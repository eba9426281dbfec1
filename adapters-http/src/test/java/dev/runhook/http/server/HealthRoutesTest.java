package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthRoutesTest {
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private TestResponse ask(String path) {
    return server.send(server.rawRequest("GET", path, BodyPublishers.noBody()));
  }

  @Test
  void a_process_that_answers_is_live() {
    assertThat(ask("/health/live").isOk().text()).isEqualTo("{\"status\":\"live\"}");
  }

  @Test
  void a_process_is_ready_when_all_checks_are_well() {
    assertThat(ask("/health/ready").isOk().text())
        .isEqualTo(
            "{\"status\":\"ready\",\"checks\":[{\"name\":\"store\",\"ok\":true,\"detail\":\"fine\"}]}");
  }

  @Test
  void one_check_that_is_not_well_is_enough() {
    server.checks.set(
        List.of(
            new Readiness.Check("store", true, "fine"),
            new Readiness.Check("dispatcher", false, "stopping")));

    assertThat(ask("/health/ready").is(503).text())
        .isEqualTo(
            "{\"status\":\"not"
                + " ready\",\"checks\":[{\"name\":\"store\",\"ok\":true,\"detail\":\"fine\"},{\"name\":\"dispatcher\",\"ok\":false,\"detail\":\"stopping\"}]}");
  }

  @Test
  void what_is_not_there_is_a_problem() {
    ask("/health/other").isProblem(404, "not-found");
  }
}
