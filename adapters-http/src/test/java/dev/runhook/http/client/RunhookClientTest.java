package dev.runhook.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.client.ApiProblem;
import dev.runhook.client.ApiProblemException;
import dev.runhook.client.ReportResult;
import dev.runhook.client.RunhookClient;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.filter.BranchFilter;
import dev.runhook.domain.filter.ChangeFilter;
import dev.runhook.domain.filter.ResourceFilter;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.http.server.TestServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The client library against the API.
class RunhookClientTest {
  private final TestServer server = new TestServer();
  private final RunhookClient client = clientWith(TestServer.ADMIN);
  private final RunId run = new RunId(client.stack("demo"), "run-1");

  private RunhookClient clientWith(String token) {
    return RunhookClient.of(serverUrl(), token);
  }

  private URI serverUrl() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /// The code of `client/README.md`.
  @Test
  void a_program_reports_a_run() {
    startRun();
    URI server = serverUrl();
    String token = TestServer.WRITER;

    try (RunhookClient client = RunhookClient.of(server, token)) {
      RunId run = new RunId(client.stack("demo"), "deploy-1");
      client.start(
          NewRun.of(
              RunDetails.tracked("main", Commit.of("0ee3f1c")),
              TransitionReport.of(run, RunState.QUEUED)));
      client.record(TransitionReport.of(run, RunState.PREPARING).withNote("on runner 7"));
    }

    assertThat(this.server.get("/stacks/demo/runs/deploy-1").isOk().textAt("/state"))
        .isEqualTo("PREPARING");
  }

  @Test
  void other_requests_and_lists_are_sent_as_the_api_describes_them() {
    LongStream.range(0, 3)
        .mapToObj(i -> Stack.named(client.stack("s-" + i), "Stack"))
        .forEach(client::register);

    assertThat(client.list("/stacks?search=s-", 2))
        .extracting(stack -> stack.path("id").asText())
        .containsExactly("s-0", "s-1");
    assertThat(client.call("DELETE", "/stacks/s-0", null).isNull()).isTrue();
    assertThat(client.list("/stacks", 200)).hasSize(2);
    assertThat(
            catchThrowableOfType(
                    ApiProblemException.class, () -> client.call("GET", "/stacks/s-0", null))
                .problem())
        .extracting(ApiProblem::type)
        .isEqualTo("no-such-stack");
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private NewRun newRun() {
    return NewRun.of(
        RunDetails.tracked("main", Commit.of("0ee3f1c")),
        TransitionReport.of(run, RunState.QUEUED));
  }

  private void startRun() {
    client.register(Stack.named(run.stack(), "Demo"));
    client.start(newRun());
  }

  @Test
  void a_stack_is_registered_and_updated() {
    Stack stack =
        new Stack(
            run.stack(),
            "Demo",
            "for tests",
            List.of("prod", "aws"),
            Optional.of("https://example.com/demo"),
            Optional.of("git@example.com:demo"));

    assertThat(client.register(Stack.named(run.stack(), "Old name"))).isTrue();
    assertThat(client.register(stack)).isFalse();

    assertThat(server.get("/stacks/demo").isOk().text())
        .contains(
            "\"name\":\"Demo\"",
            "\"description\":\"for tests\"",
            "\"labels\":[\"prod\",\"aws\"]",
            "\"url\":\"https://example.com/demo\"",
            "\"repository\":\"git@example.com:demo\"");
  }

  @Test
  void a_run_is_started_once_with_all_its_properties() {
    client.register(Stack.named(run.stack(), "Demo"));
    Instant time = Instant.parse("2026-01-31T12:00:00.250Z");
    Commit commit =
        new Commit(
            "0ee3f1c",
            "Add a subnet",
            "Octo Cat",
            Optional.of("octocat"),
            Optional.of(time),
            Optional.of("https://example.com/0ee3f1c"));
    RunDetails details =
        new RunDetails(
            RunType.TASK,
            "main",
            commit,
            Optional.of("octocat@example.com"),
            Optional.of("https://example.com/run-1"),
            Optional.of(true),
            Optional.of("terraform import"));
    NewRun newRun =
        new NewRun(
            details,
            Optional.of(time),
            TransitionReport.of(run, RunState.PREPARING)
                .withVersion(3)
                .withOccurredAt(time)
                .withDelta(new Delta(1, 2, 3, 4))
                .withNote("started by hand"));

    assertThat(client.start(newRun)).isTrue();
    assertThat(client.start(newRun)).isFalse();

    assertThat(server.get("/stacks/demo/runs/run-1").isOk().text())
        .contains(
            "\"type\":\"TASK\"",
            "\"message\":\"Add a subnet\"",
            "\"authorName\":\"Octo Cat\"",
            "\"authorLogin\":\"octocat\"",
            "\"url\":\"https://example.com/0ee3f1c\"",
            "\"triggeredBy\":\"octocat@example.com\"",
            "\"url\":\"https://example.com/run-1\"",
            "\"driftDetection\":true",
            "\"command\":\"terraform import\"",
            "\"createdAt\":\"2026-01-31T12:00:00.250Z\"",
            "\"state\":\"PREPARING\"",
            "\"stateVersion\":3",
            "\"added\":1",
            "\"resources\":4",
            "\"note\":\"started by hand\"");
  }

  @Test
  void a_transition_is_recorded_and_a_repeat_has_no_effect() {
    startRun();
    TransitionReport report =
        TransitionReport.of(run, RunState.PREPARING)
            .withVersion(2)
            .withOccurredAt(Instant.parse("2026-01-31T12:00:00.250Z"));

    assertThat(client.record(report))
        .isEqualTo(new ReportResult.Accepted(2, report.occurredAt().orElseThrow(), true, 0, false));
    assertThat(client.record(report).duplicate()).isTrue();
    assertThat(client.record(TransitionReport.of(run, RunState.UNCONFIRMED)).expected()).isFalse();
  }

  @Test
  void a_batch_has_a_result_for_each_report() {
    startRun();
    RunId unknown = new RunId(run.stack(), "unknown");

    List<ReportResult> results =
        client.recordAll(
            List.of(
                TransitionReport.of(run, RunState.PREPARING),
                TransitionReport.of(unknown, RunState.PREPARING),
                TransitionReport.of(run, RunState.INITIALIZING)));

    assertThat(results.getFirst().orThrow().stateVersion()).isEqualTo(2);
    assertThat(results.get(1))
        .isInstanceOfSatisfying(
            ReportResult.Refused.class,
            refused -> assertThat(refused.problem().type()).isEqualTo("no-such-run"));
    assertThat(results.getLast().orThrow().stateVersion()).isEqualTo(3);
    assertThat(client.recordAll(List.of())).isEmpty();
  }

  @Test
  void more_than_a_thousand_reports_are_sent_in_parts() {
    startRun();
    List<TransitionReport> reports =
        LongStream.rangeClosed(2, 1_003)
            .mapToObj(version -> TransitionReport.of(run, RunState.PLANNING).withVersion(version))
            .toList();

    assertThat(client.recordAll(reports))
        .hasSize(1_002)
        .extracting(result -> result.orThrow().stateVersion())
        .startsWith(2L)
        .endsWith(1_003L);
  }

  @Test
  void a_webhook_is_created_with_all_its_settings() {
    client.register(Stack.named(run.stack(), "Demo"));
    CreateWebhookRequest webhook =
        CreateWebhookRequest.of("https://hooks.example.com/runs")
            .withSecret(SigningSecret.parse("short"))
            .withEnabled(false)
            .withName("chat")
            .withSubscription(
                Subscription.all()
                    .withStates(Set.of(RunState.FINISHED))
                    .withTypes(Set.of(RunType.TRACKED))
                    .withDriftDetection(Optional.of(false))
                    .withPreviousStates(Set.of(RunState.APPLYING))
                    .withBranches(BranchFilter.of(List.of("main")))
                    .withChanges(
                        new ChangeFilter(
                            Optional.of(true),
                            Optional.of(2),
                            Optional.of(3),
                            ResourceFilter.of(List.of("aws_*"))))
                    .withStackLabels(Set.of("prod"))
                    .withEvents(Set.of(Event.Kind.QUEUE_LAGGING)))
            .withHeaders(new CustomHeaders(List.of(new Header("X-Team", "infra"))))
            .withDelivery(
                new DeliverySettings(
                        Optional.of(Duration.ofSeconds(7)),
                        Optional.of(List.of(Duration.ofSeconds(1), Duration.ofMinutes(2))))
                    .withTemplate("{{title}}")
                    .withIncludeChanges(true));

    RunhookClient.CreatedWebhook created = client.create(run.stack(), webhook);

    assertThat(created.secret()).isEqualTo("short");
    assertThat(created.warnings()).hasSize(1);
    assertThat(created).asString().doesNotContain("short");
    assertThat(server.get("/stacks/demo/webhooks/" + created.id()).isOk().text())
        .contains(
            "\"endpoint\":\"https://hooks.example.com/runs\"",
            "\"enabled\":false",
            "\"name\":\"chat\"",
            "\"states\":[\"FINISHED\"]",
            "\"types\":[\"TRACKED\"]",
            "\"driftDetection\":false",
            "\"previousStates\":[\"APPLYING\"]",
            "\"branches\":[\"main\"]",
            "\"delta\":true,\"deletedAtLeast\":2,\"changedAtLeast\":3,\"resources\":[\"aws_*\"]",
            "\"stackLabels\":[\"prod\"]",
            "\"events\":[\"queue_lagging\"]",
            "\"format\":\"template\",\"template\":\"{{title}}\",\"includeChanges\":true",
            "\"X-Team\"",
            "\"timeout\":\"PT7S\"",
            "\"retrySchedule\":[\"PT1S\",\"PT2M\"]");
  }

  @Test
  void a_webhook_is_described_fluently_and_gets_a_secret() {
    client.register(Stack.named(run.stack(), "Demo"));
    CreateWebhookRequest webhook =
        CreateWebhookRequest.of("https://hooks.example.com/runs")
            .withName("chat")
            .onStates(RunState.FINISHED, RunState.FAILED);

    RunhookClient.CreatedWebhook created = client.create(run.stack(), webhook);

    assertThat(created.secret()).startsWith("whsec_");
    assertThat(server.get("/stacks/demo/webhooks/" + created.id()).isOk().text())
        .contains("\"name\":\"chat\"", "\"states\":[\"FINISHED\",\"FAILED\"]");
  }

  @Test
  void a_refusal_names_its_kind() {
    assertThat(problemOf(client, newRun()))
        .isEqualTo(
            new ApiProblem(
                404,
                "no-such-stack",
                "there is no stack \"demo\"; create it with PUT /api/v1/stacks/demo",
                List.of()));
    try (RunhookClient reader = clientWith(TestServer.READER);
        RunhookClient stranger = clientWith("not-a-token-0123456789")) {
      assertThat(problemOf(reader, newRun()).type()).isEqualTo("not-permitted");
      assertThat(problemOf(stranger, newRun()).type()).isEqualTo("not-authenticated");
    }
  }

  private static ApiProblem problemOf(RunhookClient client, NewRun newRun) {
    return catchThrowableOfType(ApiProblemException.class, () -> client.start(newRun)).problem();
  }
}
