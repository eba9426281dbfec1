package dev.runhook.http.ingest;

import static dev.runhook.http.ingest.SignedNotification.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Notifications of Atlantis at `/ingest/atlantis`.
class AtlantisTest {
  private static final String STACK = "/stacks/acme.infrastructure.networking";
  private static final String APPLIED = sample("atlantis");

  @AutoClose private final TestServer server = new TestServer();

  private TestResponse send(String body) {
    return server.sendAs(TestServer.WRITER, "POST", "/ingest/atlantis", body);
  }

  @Test
  void an_apply_is_a_run_that_has_finished() {
    TestResponse response = send(APPLIED).isOk();

    assertThat(response.textAt("/items/0/result")).isEqualTo("RECORDED");
    TestResponse stack = server.get(STACK).isOk();
    assertThat(stack.textAt("/name")).isEqualTo("networking");
    assertThat(stack.textAt("/repository")).isEqualTo("acme/infrastructure");
    TestResponse run = server.get(STACK + "/runs/" + response.textAt("/items/0/run")).isOk();
    assertThat(run.textAt("/state")).isEqualTo("FINISHED");
    assertThat(run.textAt("/branch")).isEqualTo("add-workers");
    assertThat(run.textAt("/commit/hash")).isEqualTo("7fd1a60b01f91b314f59955a4e4d4e80d8edf11d");
    assertThat(run.textAt("/url")).isEqualTo("https://github.com/acme/infrastructure/pull/2137");
    assertThat(run.textAt("/triggeredBy")).isEqualTo("octocat");
  }

  @Test
  void a_failed_apply_and_the_next_one_are_two_runs() {
    send(APPLIED.replace("\"Success\": true", "\"Success\": false")).isOk();
    send(APPLIED).isOk();

    assertThat(server.get(STACK + "/runs").isOk().texts("/items", "state"))
        .containsExactlyInAnyOrder("FAILED", "FINISHED");
  }

  @ParameterizedTest
  @CsvSource({
    "modules/networking, default, acme.infrastructure.modules-networking.default",
    "modules-networking, default, acme.infrastructure.modules--networking.default",
    "envs/prod-eu/dns_1.2, blue-1, acme.infrastructure.envs-prod--eu-dns_1.2.blue-1",
    "., prod, acme.infrastructure.prod",
    "a b/ü, default, acme.infrastructure.a-b--.default-3f1b9b97",
  })
  void a_project_without_a_name_is_named_by_its_directory_and_workspace(
      String directory, String workspace, String stack) {
    assertThat(stackOf("", directory, workspace)).isEqualTo(stack);
  }

  @ParameterizedTest
  @CsvSource({
    "networking-2, acme.infrastructure.networking-2",
    "a/b, acme.infrastructure.a-b-c14cddc0",
  })
  void a_project_is_named_by_its_name(String name, String stack) {
    assertThat(stackOf(name, ".", "default")).isEqualTo(stack);
  }

  @Test
  void two_directories_or_two_names_are_never_one_stack() {
    List<String> directories =
        List.of(
            "a/b", "a-b", "a b", "a.b", "a_b", "a--b", "a/-b", "a-/b", "a//b", "a---b", "a-b-c",
            "a/b/c", "a/b-c", "a-b/c", "-a", "/a", "a/", "a-", "ä", "ö");

    List<String> stacks =
        new ArrayList<>(
            directories.stream().map(directory -> stackOf("", directory, "default")).toList());
    stacks.add(stackOf("", "x.y", "z"));
    stacks.add(stackOf("", "x", "y.z"));
    stacks.add(stackOf("p/q r", ".", "default"));
    stacks.add(stackOf("p-q-r", ".", "default"));

    assertThat(stacks).doesNotHaveDuplicates();
  }

  /// Returns the stack of an apply.
  private String stackOf(String project, String directory, String workspace) {
    String body =
        APPLIED
            .replace("\"ProjectName\": \"networking\"", "\"ProjectName\": \"" + project + "\"")
            .replace("modules/networking", directory)
            .replace("\"default\"", "\"" + workspace + "\"");
    return send(body).isOk().textAt("/items/0/stack");
  }

  @Test
  void each_project_of_a_drift_event_is_a_run_that_detects_drift() {
    String event = sample("atlantis-drift");

    assertThat(send(event).isOk().texts("/items", "result"))
        .containsExactly("RECORDED", "RECORDED");

    String id = "/runs/drift-550e8400-e29b-41d4-a716-446655440000";
    TestResponse drifted = server.get(STACK + id).isOk();
    assertThat(drifted.textAt("/state")).isEqualTo("FINISHED");
    assertThat(drifted.textAt("/type")).isEqualTo("PROPOSED");
    assertThat(drifted.at("/driftDetection").asBoolean()).isTrue();
    assertThat(drifted.textAt("/branch")).isEqualTo("main");
    assertThat(drifted.at("/delta/changed").asInt()).isEqualTo(2);
    assertThat(drifted.textAt("/transitions/0/note")).startsWith("Plan: 1 to add");
    TestResponse failed = server.get("/stacks/acme.infrastructure.modules-web.prod" + id).isOk();
    assertThat(failed.textAt("/state")).isEqualTo("FAILED");
    assertThat(failed.textAt("/transitions/0/note")).isEqualTo("the plan failed");
    assertThat(send(event).isOk().texts("/items", "result")).containsExactly("IGNORED", "IGNORED");
  }

  @Test
  void a_drift_event_of_a_branch_that_is_too_long_is_rejected() {
    String event = sample("atlantis-drift").replace("\"main\"", "\"" + "x".repeat(257) + "\"");

    send(event).isValidationError("");
  }

  @Test
  void another_event_is_ignored() {
    TestResponse response = send("{\"event\":\"plan\"}").isOk();

    assertThat(response.textAt("/items/0/result")).isEqualTo("IGNORED");
    assertThat(server.get("/stacks").at("/items")).isEmpty();
  }

  @Test
  void a_token_reports_only_for_its_stacks_and_needs_the_role_writer() {
    server
        .sendAs(TestServer.READER, "POST", "/ingest/atlantis", APPLIED)
        .isProblem(403, "not-permitted");
    server
        .sendAs(TestServer.STACK_ADMIN, "POST", "/ingest/atlantis", APPLIED)
        .isProblem(404, "no-such-stack");

    assertThat(server.get("/stacks").at("/items")).isEmpty();
  }

  @Test
  void an_idempotency_key_makes_a_repetition_harmless() {
    for (int i = 0; i < 2; i++) {
      server
          .send(
              server
                  .request("POST", "/ingest/atlantis", BodyPublishers.ofString(APPLIED))
                  .header("Idempotency-Key", "apply-1"))
          .isOk();
    }

    assertThat(server.get(STACK + "/runs").isOk().at("/items")).hasSize(1);
  }
}
