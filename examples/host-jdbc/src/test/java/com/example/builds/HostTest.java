package com.example.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TransitionReport;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

/// Tests the whole service with PostgreSQL, HTTP, and a receiver on the loopback interface.
class HostTest {
  private static final String TOKEN = "test-token-0123456789abcdef";
  private static final BlockingQueue<String> RECEIVED = new LinkedBlockingQueue<>();
  private static EmbeddedPostgres postgres;
  private static HttpServer receiver;
  private static Host host;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
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
    host = Host.start(database(), "127.0.0.0/8", TOKEN, 0);
    String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hooks";
    HttpResponse<String> created =
        call("POST", "/api/v1/stacks/main/webhooks", "{\"endpoint\": \"" + endpoint + "\"}");
    assertThat(created.statusCode()).isEqualTo(201);
  }

  @AfterAll
  static void stop() throws IOException {
    host.close();
    receiver.stop(0);
    postgres.close();
  }

  @Test
  void a_row_and_its_transition_are_stored_together_and_sent() throws Exception {
    host.builds().start("stored", "main", "0ee3f1c");
    HttpResponse<String> changed = call("PUT", "/builds/stored/FINISHED", "");

    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(row("stored")).isEqualTo("FINISHED");
    assertThat(transitions("stored")).isEqualTo(2);
    assertThat(received("stored")).contains("\"state\":\"QUEUED\"");
    assertThat(received("stored")).contains("\"state\":\"FINISHED\"");
  }

  @Test
  void a_failure_after_both_writes_stores_neither() throws Exception {
    host.builds().start("rolled-back", "main", "0ee3f1c");
    Build planning = new Build("rolled-back", "main", "0ee3f1c", RunState.PLANNING);

    assertThatThrownBy(() ->
            new JdbcTransactions(database())
                .call(transaction -> {
                  transaction.builds().save(planning);
                  host.runhook()
                      .journal()
                      .record(
                          TransitionReport.of(host.builds().run("rolled-back"), RunState.PLANNING),
                          transaction.unitOfWork());
                  throw new ArithmeticException("the host fails");
                }))
        .isInstanceOf(ArithmeticException.class);

    assertThat(row("rolled-back")).isEqualTo("QUEUED");
    assertThat(transitions("rolled-back")).isEqualTo(1);
    host.builds()
        .changeState(
            "rolled-back",
            RunState.FAILED); // the first delivery after QUEUED, because PLANNING was rolled back
    assertThat(received("rolled-back")).contains("\"state\":\"QUEUED\"");
    assertThat(received("rolled-back")).contains("\"state\":\"FAILED\",\"stateVersion\":2");
  }

  @Test
  void a_transition_that_runhook_refuses_leaves_the_row_unchanged() throws Exception {
    host.builds().start("ended", "main", "0ee3f1c");
    host.builds().changeState("ended", RunState.FAILED);

    assertThatThrownBy(() -> host.builds().changeState("ended", RunState.FINISHED));

    assertThat(row("ended")).isEqualTo("FAILED");
    assertThat(transitions("ended")).isEqualTo(2);
  }

  @Test
  void the_api_requires_a_token_and_does_not_affect_other_routes() throws Exception {
    HttpRequest anonymous =
        HttpRequest.newBuilder(URI.create(host.url() + "/api/v1/stacks")).build();
    HttpRequest health = HttpRequest.newBuilder(URI.create(host.url() + "/health/ready")).build();

    assertThat(send(anonymous).statusCode()).isEqualTo(401);
    assertThat(send(health).statusCode()).isEqualTo(200);
    assertThat(call("GET", "/elsewhere", "").body()).doesNotContain("about:blank");
  }

  @Test
  void the_web_ui_is_served_next_to_the_routes_of_the_service() throws Exception {
    String page = call("GET", "/", "").body();
    String script = page.replaceAll("(?s).*src=\"(assets/[^\"]*/app\\.js)\".*", "$1");

    assertThat(call("GET", "/" + script, "").statusCode()).isEqualTo(200);
  }

  @Test
  void runhook_adds_no_framework_no_pool_and_no_logger() {
    assertThat(System.getProperty("java.class.path"))
        .contains("adapters-http")
        .doesNotContain("dagger", "HikariCP", "logback", "picocli", "micrometer");
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

  private static int transitions(String build) throws Exception {
    HttpResponse<String> run = call("GET", "/api/v1/stacks/main/runs/" + build, "");
    return run.body().split("\"expected\"", -1).length - 1;
  }

  private static String queryForString(String sql) throws SQLException {
    try (Connection connection = database().getConnection();
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static HttpResponse<String> call(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(host.url() + path))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build());
  }

  private static HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }
}
