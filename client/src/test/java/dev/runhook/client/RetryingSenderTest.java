package dev.runhook.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryingSenderTest {
  private static final int NO_RESPONSE = 0;
  private static final String RECORDED =
      "{\"stateVersion\":2,\"timestamp\":\"2026-01-31T12:00:00.250Z\",\"expected\":true,\"deliveries\":1}";

  /// A response of the server: a status, a value of `Retry-After` or an empty string, and a body.
  private record Response(int status, String retryAfter, String body) {}

  private final Queue<Response> responses = new ArrayDeque<>();
  private final List<Headers> requests = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private HttpServer server;
  private RunhookClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    client = RunhookClient.of(address, "token", pauses::add);
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  private void respond(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    requests.add(exchange.getRequestHeaders());
    Response response = responses.remove();
    if (response.status() != NO_RESPONSE) {
      if (!response.retryAfter().isEmpty()) {
        exchange.getResponseHeaders().set("Retry-After", response.retryAfter());
      }
      byte[] body = response.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(response.status(), body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private void responding(int status, String retryAfter, String body) {
    responses.add(new Response(status, retryAfter, body));
  }

  private TransitionReport report() {
    return TransitionReport.of(new RunId(client.stack("demo"), "run-1"), RunState.PREPARING);
  }

  private NewRun newRun() {
    return NewRun.of(RunDetails.tracked("main", Commit.of("0ee3f1c")), report());
  }

  @Test
  void a_report_without_a_version_is_repeated_with_the_same_key() {
    responding(503, "2", "");
    responding(NO_RESPONSE, "", "");
    responding(201, "", RECORDED);

    ReportResult.Accepted accepted = client.record(report());

    assertThat(accepted.stateVersion()).isEqualTo(2);
    assertThat(accepted.duplicate()).isFalse();
    assertThat(requests)
        .hasSize(3)
        .extracting(headers -> headers.getFirst("Idempotency-Key"))
        .containsOnly(requests.getFirst().getFirst("Idempotency-Key"))
        .allMatch(key -> key.matches("[0-9a-f]{32}"));
    assertThat(pauses.getFirst()).isEqualTo(Duration.ofSeconds(2));
    assertThat(pauses.getLast()).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>Welcome</html>",
        "[]",
        "{\"stateVersion\":2}",
        "{\"stateVersion\":2,\"timestamp\":\"today\"}",
        "{\"items\":[]}",
        "{\"items\":[{\"status\":201,\"stateVersion\":2}]}",
        "{\"items\":[{\"timestamp\":\"2026-01-31T12:00:00Z\"},{}]}"
      })
  void a_success_that_is_not_from_the_server_is_an_error(String body) {
    Stack stack = Stack.named(client.stack("demo"), "Demo");
    List<Runnable> requests =
        List.of(
            () -> client.register(stack),
            () -> client.create(stack.id(), CreateWebhookRequest.of("https://example.com")),
            () -> client.start(newRun()),
            () -> client.record(report()),
            () -> client.recordAll(List.of(report())));

    for (Runnable request : requests) {
      responding(200, "", body);

      assertThatThrownBy(request::run)
          .isInstanceOf(ApiProblemException.class)
          .hasMessageContaining("not from a Runhook server");
    }
  }

  @Test
  void a_list_that_is_not_from_the_server_is_an_error() {
    responding(200, "", "{}");

    assertThatThrownBy(() -> client.list("/stacks", 10))
        .isInstanceOf(ApiProblemException.class)
        .hasMessageContaining("not from a Runhook server");
  }

  @Test
  void each_report_has_its_own_key() {
    responding(201, "", RECORDED);
    responding(201, "", RECORDED);

    client.record(report());
    client.record(report());

    assertThat(requests)
        .extracting(headers -> headers.getFirst("Idempotency-Key"))
        .doesNotHaveDuplicates();
  }

  @Test
  void a_report_with_a_version_needs_no_key() {
    responding(200, "", RECORDED);

    assertThat(client.record(report().withVersion(2)).duplicate()).isTrue();

    assertThat(requests).extracting(headers -> headers.get("Idempotency-Key")).containsOnlyNulls();
  }

  @Test
  void a_request_with_a_key_in_use_is_repeated() {
    responding(
        409, "", "{\"type\":\"urn:runhook:problem:idempotency-key-in-use\",\"detail\":\"wait\"}");
    responding(201, "", RECORDED);

    client.record(report());

    assertThat(requests).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 409, 500})
  void other_errors_are_not_repeated(int status) {
    responding(
        status,
        "",
        "{\"type\":\"urn:runhook:problem:some-kind\",\"detail\":\"a reason\",\"errors\":"
            + "[{\"pointer\":\"/note\",\"detail\":\"is too long\"}]}");

    ApiProblemException failure =
        catchThrowableOfType(ApiProblemException.class, () -> client.record(report()));

    assertThat(failure.problem())
        .isEqualTo(new ApiProblem(status, "some-kind", "a reason", List.of("/note: is too long")));
    assertThat(failure).hasMessage(status + " some-kind: a reason [/note: is too long]");
    assertThat(pauses).isEmpty();
  }

  @Test
  void a_long_wait_is_left_to_the_caller() {
    responding(429, "31", "<html>");

    assertThatExceptionOfType(ApiProblemException.class)
        .isThrownBy(() -> client.register(Stack.named(client.stack("demo"), "Demo")))
        .extracting(failure -> failure.problem().status())
        .isEqualTo(429);
    assertThat(pauses).isEmpty();
  }

  @Test
  void the_client_gives_up_after_five_attempts() {
    for (int i = 0; i < 5; i++) {
      responding(NO_RESPONSE, "", "");
    }

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> client.record(report().withVersion(2)));

    assertThat(requests).hasSizeGreaterThanOrEqualTo(5);
    assertThat(pauses).hasSize(4);
  }

  @Test
  void an_interrupted_thread_stops_waiting() {
    RunhookClient interrupted =
        RunhookClient.of(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            "token",
            delay -> {
              throw new InterruptedException();
            });
    responding(503, "", "");

    try (interrupted) {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> interrupted.record(report()));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void a_malformed_token_is_refused_without_being_shown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunhookClient.of(URI.create("http://127.0.0.1"), "secret\ntoken"))
        .withMessage("the token has characters that no token has");
    assertThat(client).asString().doesNotContain("token");
  }
}
