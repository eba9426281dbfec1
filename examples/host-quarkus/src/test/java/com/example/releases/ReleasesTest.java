package com.example.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.application.audit.Actor;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.Runhook;
import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;

/// Runs the application with PostgreSQL and a receiver on the loopback interface.
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ReleasesTest {
  @Inject Releases releases;
  @Inject Runhook runhook;
  @Inject RunJournal journal;
  @Inject WebhookAdmin webhooks;
  @Inject AgroalDataSource database;
  @Inject @Readiness RunhookHealth health;

  @Test
  void a_commit_stores_the_row_and_sends_the_transition() throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    HttpServer receiver = startReceiver(received);
    String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hooks";
    webhooks.create(
        runhook.stack("main"), CreateWebhookRequest.of(endpoint), new Actor("the test"));

    releases.start("committed", "0ee3f1c");
    releases.changeState("committed", RunState.FINISHED);

    assertThat(row("committed")).isEqualTo("FINISHED");
    assertThat(received.poll(20, TimeUnit.SECONDS)).contains("\"QUEUED\"");
    assertThat(received.poll(20, TimeUnit.SECONDS)).contains("\"FINISHED\"");
    receiver.stop(0);
  }

  @Test
  void a_rollback_leaves_neither_the_row_nor_the_transition() throws Exception {
    releases.start("rolled-back", "0ee3f1c");

    assertThatThrownBy(() ->
            QuarkusTransaction.requiringNew()
                .run(() -> { // changeState joins this transaction
                  releases.changeState("rolled-back", RunState.READY);
                  releases.changeState("rolled-back", RunState.FINISHED);
                  throw new ArithmeticException("the host fails");
                }))
        .isInstanceOf(ArithmeticException.class);

    assertThat(row("rolled-back")).isEqualTo("QUEUED");
    assertThat(runState("rolled-back")).isEqualTo(RunState.QUEUED);
  }

  @Test
  void a_transition_that_runhook_refuses_rolls_back_the_row() throws Exception {
    releases.start("ended", "0ee3f1c");
    releases.changeState("ended", RunState.FAILED);

    assertThatThrownBy(() -> releases.changeState("ended", RunState.FINISHED))
        .isInstanceOf(RefusedException.class);

    assertThat(row("ended")).isEqualTo("FAILED");
  }

  @Test
  void without_a_transaction_the_journal_opens_its_own() {
    releases.start("alone", "0ee3f1c");

    journal.record(TransitionReport.of(releases.run("alone"), RunState.READY));

    assertThat(runState("alone")).isEqualTo(RunState.READY);
  }

  @Test
  void the_health_is_up() {
    assertThat(health.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
  }

  private static HttpServer startReceiver(BlockingQueue<String> received) throws IOException {
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    return receiver;
  }

  private String row(String id) throws SQLException {
    try (Connection connection = database.getConnection();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery("select state from release where id = '" + id + "'")) {
      row.next();
      return row.getString(1);
    }
  }

  private RunState runState(String id) {
    return journal.run(releases.run(id)).run().progress().state();
  }
}
