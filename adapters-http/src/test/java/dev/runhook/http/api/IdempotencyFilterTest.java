package dev.runhook.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.http.server.BreakableStore;
import dev.runhook.http.server.OpenApiExamples;
import dev.runhook.http.server.OpenApiSpecification;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import dev.runhook.testkit.Samples;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("four-buckets")
class IdempotencyFilterTest {
  private static final String RUN = "{\"branch\":\"main\",\"commit\":{\"hash\":\"abc\"}}";
  private static final String WEBHOOK = "{\"endpoint\":\"https://example.com/hook\"}";

  private final TestServer server = new TestServer();

  @BeforeEach
  void setUp() {
    server.withDemoStack();
    server.put("/stacks/other", "{\"name\":\"Other\"}").is(201);
  }

  @AfterEach
  void tearDown() {
    server.close();
  }

  static Stream<OpenApiSpecification.ApiOperation> posts() {
    return OpenApiSpecification.INSTANCE.operations().stream()
        .filter(operation -> operation.method().equals("POST") && operation.takesToken());
  }

  @ParameterizedTest
  @MethodSource("posts")
  void every_post_accepts_a_key(OpenApiSpecification.ApiOperation operation) {
    assertThat(operation.definition().getParameters())
        .anyMatch(parameter -> String.valueOf(parameter.get$ref()).endsWith("/idempotencyKey"));
    assertThat(operation.definition().getResponses()).containsKeys("400", "409", "422");
    TestResponse response =
        server.send(
            server
                .request(
                    "POST",
                    OpenApiExamples.path(operation).replace(ApiResponse.BASE_PATH, ""),
                    BodyPublishers.ofString("{}"))
                .header("Idempotency-Key", "a b"));
    response.isProblem(400, "validation-error");
    assertThat(response.textAt("/errors/0/parameter")).isEqualTo("Idempotency-Key");
  }

  @Test
  void a_repeated_request_gets_the_first_response_and_runs_once() {
    TestResponse first = keyed("k1", "/stacks/demo/runs", RUN).is(201);
    TestResponse again = keyed("k1", "/stacks/demo/runs", RUN).is(201);

    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(first.header("Idempotent-Replayed")).isEmpty();
    assertThat(server.get("/stacks/demo/runs").at("/items")).hasSize(1);
  }

  @Test
  void a_key_for_a_stack_needs_only_the_bucket_of_the_stack() {
    int bucket = BreakableStore.BUCKETS.of(Samples.DEMO);
    server.store.isBroken = other -> other != bucket;
    server.store.failure.set(new StoreUnavailableException("the database is down"));

    TestResponse first = keyed("k1", "/stacks/demo/runs", RUN).is(201);

    assertThat(keyed("k1", "/stacks/demo/runs", RUN).is(201).text()).isEqualTo(first.text());
  }

  @Test
  void a_transition_without_a_version_is_recorded_once() {
    String run = "/stacks/demo/runs/" + keyed("r", "/stacks/demo/runs", RUN).textAt("/id");
    String state = "{\"state\":\"PREPARING\"}";

    TestResponse first = keyed("t", run + "/transitions", state).is(201);
    TestResponse again = keyed("t", run + "/transitions", state).is(201);

    assertThat(again.text()).isEqualTo(first.text());
    assertThat(server.get(run).at("/transitions")).hasSize(2);
  }

  @Test
  void a_repeated_request_gets_the_secret_again() {
    TestResponse first = keyed("w", "/stacks/demo/webhooks", WEBHOOK).is(201);
    TestResponse again = keyed("w", "/stacks/demo/webhooks", WEBHOOK).is(201);
    String secret = "/stacks/demo/webhooks/" + first.textAt("/id") + "/secret";
    TestResponse rotated = keyed("s", secret, "{}").isOk();
    TestResponse rotatedAgain = keyed("s", secret, "{}").isOk();

    assertThat(again.textAt("/secret")).isEqualTo(first.textAt("/secret")).isNotBlank();
    assertThat(rotatedAgain.textAt("/secret"))
        .isEqualTo(rotated.textAt("/secret"))
        .isNotEqualTo(first.textAt("/secret"));
  }

  /// A route that calls its use case outside the request's scope would repeat its effect after a
  /// crash.
  @Test
  void every_post_with_an_effect_marks_its_key_in_the_same_transaction() {
    String webhooks = "/stacks/demo/webhooks";
    String webhook = webhooks + "/" + marked("w", webhooks, WEBHOOK).textAt("/id");
    String runs = "/stacks/demo/runs";
    String run = marked("r", runs, RUN).textAt("/id");
    marked("t", runs + "/" + run + "/transitions", "{\"state\":\"PREPARING\"}");
    marked(
        "b",
        "/transitions",
        "[{\"stack\":\"demo\",\"run\":\"%s\",\"state\":\"FAILED\"}]".formatted(run));
    marked("s", webhook + "/secret", "{}");
    String ping = marked("p", webhook + "/ping", "").textAt("/id");
    marked("y", "/deliveries/" + ping + "/retry", "");
    marked("z", webhook + "/retry", "");
    server.dispatch();
    marked("d", "/deliveries/" + ping + "/redeliver", "");
    marked("m", webhook + "/replays", "{\"from\":\"2026-03-01T00:00:00Z\"}");
    marked("k", "/tokens", "{\"name\":\"ci\",\"role\":\"reader\"}");
  }

  private TestResponse marked(String key, String path, String body) {
    TestResponse response = keyed(key, path, body);
    assertThat(server.isCommitted(path, key)).as(response.text()).isTrue();
    return response;
  }

  @Test
  void the_same_key_with_another_body_is_rejected() {
    keyed("k", "/stacks/demo/runs", RUN).is(201);

    keyed("k", "/stacks/demo/runs", RUN + " ").isProblem(422, "idempotency-key-reused");
    assertThat(server.get("/stacks/demo/runs").at("/items")).hasSize(1);
  }

  @Test
  void the_same_request_with_another_path_or_key_is_a_different_request() {
    keyed("k", "/stacks/demo/runs", RUN).is(201);

    assertThat(keyed("k", "/stacks/other/runs", RUN).is(201).header("Idempotent-Replayed"))
        .isEmpty();
    assertThat(keyed("K", "/stacks/demo/runs", RUN).is(201).header("Idempotent-Replayed"))
        .isEmpty();
  }

  /// Otherwise a limited admin could get the unlimited token that another admin created.
  @Test
  void another_token_of_the_account_does_not_get_the_stored_response() {
    String wanted = "{\"name\":\"ci\",\"role\":\"admin\"}";
    TestResponse created = keyed("k", "/tokens", wanted).is(201);

    TestResponse other =
        server.send(
            server
                .rawRequest("POST", "/api/v1/tokens", BodyPublishers.ofString(wanted))
                .header("Authorization", "Bearer " + TestServer.STACK_ADMIN)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k"));

    other.isProblem(422, "idempotency-key-reused");
    assertThat(other.text()).doesNotContain(created.textAt("/token"));
    assertThat(keyed("k", "/tokens", wanted).textAt("/token")).isEqualTo(created.textAt("/token"));
  }

  @Test
  void the_keys_of_different_accounts_are_independent() {
    keyed("k", "/stacks/demo/runs", RUN).is(201);
    HttpRequest.Builder otherAccount =
        server
            .rawRequest("POST", "/api/v1/stacks/demo/runs", BodyPublishers.ofString(RUN))
            .header("Authorization", "Bearer " + TestServer.OTHER_ACCOUNT)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "k");

    server.send(otherAccount).isProblem(404, "no-such-stack");
  }

  @Test
  void a_rejection_is_stored_as_the_response() {
    keyed("k", "/stacks/new/runs", RUN).isProblem(404, "no-such-stack");
    server.put("/stacks/new", "{\"name\":\"New\"}").is(201);

    keyed("k", "/stacks/new/runs", RUN).isProblem(404, "no-such-stack");
    keyed("k2", "/stacks/new/runs", RUN).is(201);
  }

  @Test
  void an_invalid_request_releases_the_key() {
    keyed("k", "/stacks/demo/runs", "{\"branch\":7}").is(400);
    keyed("k", "/stacks/demo/runs", "not JSON").is(400);

    keyed("k", "/stacks/demo/runs", RUN).is(201);
  }

  @Test
  void an_unreachable_database_releases_the_key() {
    server.store.failure.set(new StoreBusyException("away"));
    keyed("k", "/stacks/demo/runs", RUN).is(503);
    server.store.failure.set(null);

    keyed("k", "/stacks/demo/runs", RUN).is(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b"})
  void a_key_consists_of_visible_ascii(String key) {
    keyed(key, "/stacks/demo/runs", RUN).isProblem(400, "validation-error");
  }

  @Test
  void a_key_has_at_most_255_characters() {
    keyed("k".repeat(255), "/stacks/demo/runs", RUN).is(201);
    keyed("k".repeat(256), "/stacks/demo/runs", RUN).isProblem(400, "validation-error");
  }

  @Test
  void two_keys_are_rejected() {
    server
        .send(
            server
                .request("POST", "/stacks/demo/runs", BodyPublishers.ofString(RUN))
                .header("Idempotency-Key", "a")
                .header("Idempotency-Key", "b"))
        .isProblem(400, "validation-error");
  }

  @Test
  void a_key_is_ignored_for_other_methods() {
    for (String name : new String[] {"One", "Two"}) {
      server
          .send(
              server
                  .request(
                      "PUT", "/stacks/demo", BodyPublishers.ofString("{\"name\":\"" + name + "\"}"))
                  .header("Idempotency-Key", "k"))
          .isOk();
    }
    assertThat(server.get("/stacks/demo").textAt("/name")).isEqualTo("Two");
  }

  private TestResponse keyed(String key, String path, String body) {
    return server.send(
        server.request("POST", path, BodyPublishers.ofString(body)).header("Idempotency-Key", key));
  }
}
