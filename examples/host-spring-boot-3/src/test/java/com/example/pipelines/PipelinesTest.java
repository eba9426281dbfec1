package com.example.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.run.RunState;
import dev.runhook.embedded.Runhook;
import io.micrometer.core.instrument.MeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.RequestEntity;
import org.springframework.http.ResponseEntity;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionOperations;

/// Runs the application on Spring Boot 3.5 with PostgreSQL and a receiver on the loopback
/// interface. The application stops before PostgreSQL, which stops with the JVM.
@DirtiesContext
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "runhook.allowed-networks=127.0.0.0/8")
class PipelinesTest {
  private record Received(String body, String signature) {}

  private static final BlockingQueue<Received> RECEIVED = new LinkedBlockingQueue<>();
  private static HttpServer receiver;

  @Autowired private Pipelines pipelines;
  @Autowired private PipelineRepository rows;
  @Autowired private TransactionOperations transactions;
  @Autowired private RunJournal journal;
  @Autowired private WebhookAdmin webhooks;
  @Autowired private Runhook runhook;
  @Autowired private HealthEndpoint health;
  @Autowired private MeterRegistry meters;
  @Autowired private TestRestTemplate http;

  @DynamicPropertySource
  static void start(DynamicPropertyRegistry properties) throws IOException {
    EmbeddedPostgres postgres = EmbeddedPostgres.start();
    properties.add("spring.datasource.url", () -> postgres.getJdbcUrl("postgres", "postgres"));
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          RECEIVED.add(
              new Received(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                  exchange.getRequestHeaders().getFirst("X-Pipelines-Signature")));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterAll
  static void stop() {
    receiver.stop(0);
  }

  @Test
  void a_commit_stores_the_row_and_sends_the_transition() throws InterruptedException {
    String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hooks";
    pipelines.configure("alerts", endpoint, "the first secret");
    pipelines.configure("alerts", endpoint, "It's a Secret to Everybody");

    pipelines.start("committed", "0ee3f1c");
    pipelines.changeState("committed", RunState.FINISHED);

    assertThat(webhooks.list(runhook.stack("main"), PageRequest.first()).items()).hasSize(1);
    assertThat(state("committed")).isEqualTo("FINISHED");
    Received first = RECEIVED.poll(20, TimeUnit.SECONDS);
    assertThat(first.body()).contains("\"QUEUED\"");
    assertThat(first.signature()).matches("[0-9a-f]{64}");
    assertThat(RECEIVED.poll(20, TimeUnit.SECONDS).body()).contains("\"FINISHED\"");
  }

  @Test
  void a_rollback_leaves_neither_the_row_nor_the_transition() {
    pipelines.start("rolled-back", "0ee3f1c");

    assertThatThrownBy(() ->
            transactions.executeWithoutResult(ignored -> { // changeState joins this transaction
              pipelines.changeState("rolled-back", RunState.FINISHED);
              throw new ArithmeticException("the host fails");
            }))
        .isInstanceOf(ArithmeticException.class);

    assertThat(state("rolled-back")).isEqualTo("QUEUED");
    assertThat(journal.run(pipelines.run("rolled-back")).run().progress().state())
        .isEqualTo(RunState.QUEUED);
  }

  @Test
  void a_transition_that_runhook_refuses_rolls_back_the_row() {
    pipelines.start("ended", "0ee3f1c");
    pipelines.changeState("ended", RunState.FAILED);

    assertThatThrownBy(() -> pipelines.changeState("ended", RunState.FINISHED))
        .isInstanceOf(RefusedException.class);

    assertThat(state("ended")).isEqualTo("FAILED");
  }

  @Test
  void the_actuator_has_the_health_and_the_metrics_of_runhook() {
    assertThat(health.healthForPath("runhook").getStatus()).isEqualTo(Status.UP);
    assertThat(meters.find("runhook.attempts").counters()).isNotEmpty();
  }

  @Test
  void users_of_the_application_see_runhook_below_its_path() {
    assertThat(http.getForEntity("/runhook/", String.class).getStatusCode().value()).isEqualTo(401);
    assertThat(get("/runhook/").getBody()).contains("<title>Runhook");
    assertThat(get("/runhook/api/v1/stacks").getBody()).contains("\"items\"");
    assertThat(get("/").getStatusCode().value()).isEqualTo(404);
    assertThat(get("/actuator/health").getStatusCode().value()).isEqualTo(200);
  }

  private ResponseEntity<String> get(String path) {
    RequestEntity<Void> request = RequestEntity.get(path).header("X-Forwarded-User", "ada").build();
    return http.exchange(request, String.class);
  }

  private String state(String id) {
    return rows.findById(id).orElseThrow().state();
  }
}
