package com.example.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.application.audit.Actor;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.Runhook;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
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
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Runs the use cases with PostgreSQL and a receiver on the loopback interface.
class JdbcTransactionsTest {
  private static final BlockingQueue<String> RECEIVED = new LinkedBlockingQueue<>();
  private static EmbeddedPostgres postgres;
  private static HttpServer receiver;
  private static Runhook runhook;
  private static BuildServer builds;

  @BeforeAll
  static void start() throws IOException, SQLException {
    postgres = EmbeddedPostgres.start();
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          RECEIVED.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    try (Connection connection = database().getConnection()) {
      connection.createStatement().execute(JdbcBuilds.TABLE);
    }
    runhook =
        Runhook.on(database())
            .account("builds")
            .allowedNetworks("127.0.0.0/8")
            .userAgent("Builds/1 (Runhook)")
            .start();
    builds =
        new BuildServer(
            new JdbcTransactions(database()),
            runhook.journal(),
            runhook.stack("main"),
            runhook::wake);
    String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hooks";
    runhook
        .webhooks()
        .create(runhook.stack("main"), CreateWebhookRequest.of(endpoint), new Actor("the test"));
  }

  @AfterAll
  static void stop() throws IOException {
    runhook.close();
    receiver.stop(0);
    postgres.close();
  }

  @Test
  void a_row_and_its_transition_are_stored_together_and_sent() throws Exception {
    builds.start("stored", "main", "0ee3f1c");
    builds.changeState("stored", RunState.FINISHED);

    assertThat(row("stored")).isEqualTo("FINISHED");
    assertThat(version("stored")).isEqualTo(2);
    assertThat(received("stored")).contains("\"state\":\"QUEUED\"");
    assertThat(received("stored")).contains("\"state\":\"FINISHED\"");
  }

  @Test
  void a_failure_after_both_writes_stores_neither() throws Exception {
    builds.start("rolled-back", "main", "0ee3f1c");
    Build planning = new Build("rolled-back", "main", "0ee3f1c", RunState.PLANNING);

    assertThatThrownBy(() ->
            new JdbcTransactions(database())
                .call(transaction -> {
                  transaction.builds().save(planning);
                  runhook
                      .journal()
                      .record(
                          TransitionReport.of(builds.run("rolled-back"), RunState.PLANNING),
                          transaction.unitOfWork());
                  throw new ArithmeticException("the host fails");
                }))
        .isInstanceOf(ArithmeticException.class);

    assertThat(row("rolled-back")).isEqualTo("QUEUED");
    assertThat(version("rolled-back")).isEqualTo(1);
    builds.changeState("rolled-back", RunState.FAILED);
    assertThat(received("rolled-back")).contains("\"state\":\"QUEUED\"");
    assertThat(received("rolled-back")).contains("\"state\":\"FAILED\",\"stateVersion\":2");
  }

  @Test
  void a_transition_that_runhook_refuses_leaves_the_row_unchanged() throws Exception {
    builds.start("ended", "main", "0ee3f1c");
    builds.changeState("ended", RunState.FAILED);

    assertThatThrownBy(() -> builds.changeState("ended", RunState.FINISHED))
        .isInstanceOf(RefusedException.class);

    assertThat(row("ended")).isEqualTo("FAILED");
    assertThat(version("ended")).isEqualTo(2);
  }

  @Test
  void runhook_adds_no_framework_no_pool_and_no_logger() {
    assertThat(System.getProperty("java.class.path"))
        .contains("adapters-persistence")
        .doesNotContain("dagger", "HikariCP", "logback", "picocli", "micrometer", "javalin");
  }

  private static DataSource database() {
    return postgres.getPostgresDatabase();
  }

  private static String received(String build) throws InterruptedException {
    while (true) {
      String body = RECEIVED.poll(20, TimeUnit.SECONDS);
      assertThat(body).as("a delivery for %s within 20 s", build).isNotNull();
      if (body.contains("\"id\":\"" + build + "\"")) {
        return body;
      }
    }
  }

  private static String row(String build) throws SQLException {
    return queryForString("select state from build where id = '" + build + "'");
  }

  private static long version(String build) {
    return runhook.journal().run(builds.run(build)).run().progress().version();
  }

  private static String queryForString(String sql) throws SQLException {
    try (Connection connection = database().getConnection();
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
