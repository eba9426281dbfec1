package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.TokenId;
import dev.runhook.http.server.RequestObserver.CompletedRequest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestObserverTest {
  /// The id of [TestServer#READER].
  private static final TokenId READER_ID = new TokenId(new UUID(0, 3));

  private final BlockingQueue<CompletedRequest> seen = new LinkedBlockingQueue<>();
  private final TestServer server =
      new TestServer(config -> HttpApi.configure(config, seen::add, ConnectionLimits.defaults()))
          .withDemoStack();

  @BeforeAll
  void deleteDemoStack() throws InterruptedException {
    next();
  }

  @AfterAll
  void tearDown() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/stacks?limit=7, /api/v1/stacks, 200",
    "GET, /api/v1/stacks/none, /api/v1/stacks/{stack}, 404",
    "HEAD, /api/v1/stacks, /api/v1/stacks, 200",
    "GET, /nowhere/at/all, none, 404",
    "PATCH, /api/v1/stacks, none, 405",
    "GET, /metrics, /metrics, 200"
  })
  void a_request_is_observed_by_its_route_and_not_by_its_path(
      String method, String path, String route, int status) throws InterruptedException {
    server.send(
        server
            .rawRequest(method, path, BodyPublishers.noBody())
            .header("Authorization", "Bearer " + TestServer.ADMIN));

    CompletedRequest request = next();
    assertThat(request.method()).isEqualTo(method);
    assertThat(request.route()).isEqualTo(route);
    assertThat(request.status()).isEqualTo(status);
    assertThat(request.duration()).isBetween(Duration.ZERO, Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "01J9Z-7.x:y/z+w=@", "0123456789abcdef0123456789abcdef"})
  void the_callers_request_id_is_used_and_returned(String id) throws InterruptedException {
    TestResponse response =
        server.send(
            server.request("GET", "/stacks", BodyPublishers.noBody()).header("X-Request-Id", id));

    assertThat(response.header("X-Request-Id")).isEqualTo(id);
    assertThat(next().id()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "{}", ""})
  void an_id_with_unsafe_characters_is_replaced(String id) throws InterruptedException {
    TestResponse response =
        server.send(
            server.request("GET", "/nowhere", BodyPublishers.noBody()).header("X-Request-Id", id));

    assertThat(response.header("X-Request-Id")).matches("[0-9a-f]{32}");
    assertThat(next().id()).isEqualTo(response.header("X-Request-Id"));
  }

  @Test
  void an_id_that_is_too_long_is_replaced() throws InterruptedException {
    TestResponse response =
        server.send(
            server
                .request("GET", "/stacks", BodyPublishers.noBody())
                .header("X-Request-Id", "x".repeat(129)));

    assertThat(response.header("X-Request-Id")).hasSize(32);
    next();
  }

  @Test
  void an_observer_gets_only_the_id_and_the_name_of_the_token() throws InterruptedException {
    server.getAs(TestServer.READER, "/stacks");
    CompletedRequest known = next();
    server.getAs("nobodys-token-0123456789abcdef", "/stacks");
    CompletedRequest unknown = next();

    assertThat(known.tokenId()).contains(READER_ID);
    assertThat(known.tokenName()).contains("page");
    assertThat(unknown.tokenId()).isEmpty();
    assertThat(unknown.tokenName()).isEmpty();
  }

  @Test
  void a_sign_in_is_observed_with_its_token() throws InterruptedException {
    signIn(TestServer.READER).is(201);
    CompletedRequest known = next();
    signIn("nobodys-token-0123456789abcdef").is(401);
    CompletedRequest unknown = next();

    assertThat(known.tokenId()).contains(READER_ID);
    assertThat(known.tokenName()).contains("page");
    assertThat(unknown.tokenId()).isEmpty();
  }

  private TestResponse signIn(String token) {
    return server.send(
        server
            .rawRequest(
                "POST", "/api/v1/session", BodyPublishers.ofString("{\"token\":\"" + token + "\"}"))
            .header("Content-Type", "application/json")
            .header("X-Runhook-Csrf", "1"));
  }

  @Test
  void an_unknown_method_is_observed_as_other() throws IOException, InterruptedException {
    HttpClient.newHttpClient()
        .send(
            server.rawRequest("BREW", "/api/v1/stacks", BodyPublishers.noBody()).build(),
            BodyHandlers.discarding());

    assertThat(next().method()).isEqualTo("OTHER");
  }

  @Test
  void metrics_are_served_in_the_prometheus_text_format() throws InterruptedException {
    TestResponse response =
        server.send(server.rawRequest("GET", "/metrics", BodyPublishers.noBody()));

    assertThat(response.isOk().text()).isEqualTo("up 1\n");
    assertThat(response.header("Content-Type"))
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(next().route()).isEqualTo("/metrics");
  }

  private CompletedRequest next() throws InterruptedException {
    return Objects.requireNonNull(seen.poll(20, TimeUnit.SECONDS), "no request was observed");
  }
}
