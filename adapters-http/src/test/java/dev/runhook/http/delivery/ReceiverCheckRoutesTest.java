package dev.runhook.http.delivery;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ReceiverCheckRoutesTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void a_check_says_that_a_receiver_accepts_forged_requests() {
    TestResponse checked = server.post(fixture.webhook + "/checks", "").isOk();

    assertThat(checked.texts("/checks", "name"))
        .containsExactly(
            "name-resolves",
            "tls",
            "responds-with-2xx",
            "responds-within-a-second",
            "verifies-signatures");
    assertThat(checked.texts("/checks", "result"))
        .containsExactly("PASSED", "PASSED", "PASSED", "PASSED", "FAILED");
    assertThat(checked.textAt("/checks/4/detail"))
        .startsWith("your receiver accepts forged requests");
    assertThat(server.get("/deliveries").isOk().at("/items")).isEmpty();
  }

  @Test
  void a_disabled_webhook_is_not_checked() {
    server.patch(fixture.webhook, "{\"enabled\":false}").isOk();

    server.post(fixture.webhook + "/checks", "").isProblem(409, "webhook-disabled");
    server.post(fixture.webhook + "/checks", "{\"state\":\"FAILED\"}").is(400);
  }

  @Test
  void a_hanging_receiver_does_not_delay_other_requests_of_the_account() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    server.transport.enqueue(
        ENDPOINT,
        ignored -> {
          asked.countDown();
          await(answer);
          return Outcome.Responded.of(401);
        });

    CompletableFuture<TestResponse> checked =
        CompletableFuture.supplyAsync(() -> server.post(fixture.webhook + "/checks", ""));
    asked.await();
    for (int i = 0; i < 10; i++) {
      server.get(fixture.webhook).isOk();
    }
    assertThat(checked).isNotDone();
    answer.countDown();

    assertThat(checked.get().isOk().texts("/checks", "result"))
        .containsExactly("PASSED", "PASSED", "FAILED", "PASSED", "SKIPPED");
  }

  private HttpRequest lines() {
    return server
        .rawRequest("POST", "/api/v1" + fixture.webhook + "/checks", BodyPublishers.noBody())
        .header("Authorization", "Bearer " + TestServer.ADMIN)
        .header("Accept", "application/x-ndjson, application/json")
        .build();
  }

  @Test
  void each_result_is_sent_as_a_line_when_it_is_known() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    server.transport.enqueue(ENDPOINT, Outcome.Responded.of(204));
    server.transport.enqueue(
        ENDPOINT,
        ignored -> {
          await(answer);
          return Outcome.Responded.of(401);
        });

    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<Stream<String>> response = client.send(lines(), BodyHandlers.ofLines());
      Iterator<String> lines = response.body().iterator();
      assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
      assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(List.of(lines.next(), lines.next(), lines.next()))
          .containsExactly(
              "{\"name\":\"name-resolves\",\"result\":\"PASSED\",\"detail\":null}",
              "{\"name\":\"tls\",\"result\":\"PASSED\",\"detail\":null}",
              "{\"name\":\"responds-with-2xx\",\"result\":\"PASSED\",\"detail\":null}");
      assertThat(lines.next()).contains("responds-within-a-second");
      answer.countDown();
      assertThat(lines.next()).contains("verifies-signatures", "PASSED");
      assertThat(lines.hasNext()).isFalse();
    }
  }

  @Test
  void a_refusal_is_a_problem_even_if_the_client_asks_for_lines() throws Exception {
    server.patch(fixture.webhook, "{\"enabled\":false}").isOk();

    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(lines(), BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(409);
      assertThat(response.body()).contains("webhook-disabled");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
