package com.example.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.application.audit.Actor;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.embedded.Runhook;
import dev.runhook.receiver.DeliveryResult;
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
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionOperations;

/// Runs the application with PostgreSQL and a receiver on the loopback interface. The application
/// stops before PostgreSQL, which stops with the JVM.
@DirtiesContext
@SpringBootTest(
    properties = {
      "runhook.allowed-networks=127.0.0.0/8",
      "deployments.secret=" + DeploymentsTest.SECRET
    })
class DeploymentsTest {
  static final String SECRET = "the secret of the webhook";

  private static final BlockingQueue<String> RECEIVED = new LinkedBlockingQueue<>();
  private static final BlockingQueue<Request> REQUESTS = new LinkedBlockingQueue<>();
  private static HttpServer receiver;

  private record Request(Headers headers, String body) {}

  @Autowired private Deployments deployments;
  @Autowired private DeploymentInbox inbox;
  @Autowired private TransactionOperations transactions;
  @Autowired private JdbcTemplate jdbc;
  @Autowired private RunJournal journal;
  @Autowired private WebhookAdmin webhooks;
  @Autowired private Runhook runhook;
  @Autowired private HealthEndpoint health;
  @Autowired private MeterRegistry meters;

  @DynamicPropertySource
  static void start(DynamicPropertyRegistry properties) throws IOException {
    EmbeddedPostgres postgres = EmbeddedPostgres.start();
    properties.add("spring.datasource.url", () -> postgres.getJdbcUrl("postgres", "postgres"));
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          RECEIVED.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.createContext(
        "/inbox",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          REQUESTS.add(
              new Request(exchange.getRequestHeaders(), new String(body, StandardCharsets.UTF_8)));
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
    webhooks.create(
        runhook.stack("main"), CreateWebhookRequest.of(endpoint), new Actor("the test"));

    deployments.start("committed", "0ee3f1c");
    deployments.changeState("committed", RunState.FINISHED);

    assertThat(row("committed")).isEqualTo("FINISHED");
    assertThat(RECEIVED.poll(20, TimeUnit.SECONDS)).contains("\"QUEUED\"");
    assertThat(RECEIVED.poll(20, TimeUnit.SECONDS)).contains("\"FINISHED\"");
  }

  @Test
  void a_rollback_leaves_neither_the_row_nor_the_transition() {
    deployments.start("rolled-back", "0ee3f1c");

    assertThatThrownBy(() ->
            transactions.executeWithoutResult(ignored -> { // changeState joins this transaction
              deployments.changeState("rolled-back", RunState.FINISHED);
              throw new ArithmeticException("the host fails");
            }))
        .isInstanceOf(ArithmeticException.class);

    assertThat(row("rolled-back")).isEqualTo("QUEUED");
    assertThat(runState("rolled-back")).isEqualTo(RunState.QUEUED);
  }

  @Test
  void an_event_is_recorded_in_the_transaction_that_publishes_it() {
    deployments.start("published", "0ee3f1c");

    transactions.executeWithoutResult(status -> {
      deployments.finish("published");
      status.setRollbackOnly();
    });
    assertThat(runState("published")).isEqualTo(RunState.QUEUED);
    deployments.finish("published");

    assertThat(row("published")).isEqualTo("FINISHED");
    assertThat(runState("published")).isEqualTo(RunState.FINISHED);
  }

  @Test
  void a_received_event_has_one_effect() throws Exception {
    String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/inbox";
    webhooks.create(
        runhook.stack("main"),
        CreateWebhookRequest.of(endpoint).withSecret(SigningSecret.parse(SECRET)),
        new Actor("the test"));
    deployments.start("received", "0ee3f1c");
    Request request = REQUESTS.poll(20, TimeUnit.SECONDS);
    byte[] body = request.body().getBytes(StandardCharsets.UTF_8);

    assertThat(inbox.receive(request.headers()::getFirst, body)).isEqualTo(DeliveryResult.ACCEPTED);
    assertThat(inbox.receive(request.headers()::getFirst, body))
        .isEqualTo(DeliveryResult.DUPLICATE);

    assertThat(jdbc.queryForList("select payload from received_event", String.class))
        .containsExactly(request.body());
  }

  @Test
  void a_transition_that_runhook_refuses_rolls_back_the_row() {
    deployments.start("ended", "0ee3f1c");
    deployments.changeState("ended", RunState.FAILED);

    assertThatThrownBy(() -> deployments.changeState("ended", RunState.FINISHED))
        .isInstanceOf(RefusedException.class);

    assertThat(row("ended")).isEqualTo("FAILED");
  }

  @Test
  void the_migrations_of_the_application_and_of_runhook_are_separate() {
    assertThat(jdbc.queryForList("select script from flyway_schema_history", String.class))
        .containsExactly("V1__deployment.sql", "V2__inbox.sql");
    assertThat(jdbc.queryForList("select file from runhook.schema_version", String.class))
        .isNotEmpty()
        .doesNotContain("V1__deployment.sql");
  }

  @Test
  void the_actuator_has_the_health_and_the_metrics_of_runhook() {
    assertThat(health.healthForPath("runhook").getStatus()).isEqualTo(Status.UP);
    assertThat(meters.find("runhook.attempts").counters()).isNotEmpty();
  }

  private String row(String id) {
    return jdbc.queryForObject("select state from deployment where id = ?", String.class, id);
  }

  private RunState runState(String id) {
    return journal.run(deployments.run(id)).run().progress().state();
  }
}
