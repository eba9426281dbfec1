package com.example.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Calls the service over HTTP. It runs on PostgreSQL.
class PortalTest {
  private static final String TOKEN = "test-token-0123456789abcdef";
  private static EmbeddedPostgres postgres;
  private static Portal portal;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.start();
    portal = Portal.start(postgres.getPostgresDatabase(), TOKEN, 0);
    client = HttpClient.newHttpClient(); // Runhook must set up the JVM's HTTP client first
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    portal.close();
    postgres.close();
  }

  @Test
  void the_api_shows_what_a_route_of_the_service_has_started() throws Exception {
    assertThat(call("POST", "/deployments/d1/0ee3f1c").statusCode()).isEqualTo(201);

    HttpResponse<String> run = call("GET", "/api/v1/stacks/portal/runs/d1");

    assertThat(run.body()).contains("\"id\":\"d1\"", "\"hash\":\"0ee3f1c\"", "\"QUEUED\"");
  }

  @Test
  void the_api_requires_a_token_and_does_not_affect_other_routes() throws Exception {
    assertThat(send(request("/api/v1/stacks").build()).statusCode()).isEqualTo(401);
    assertThat(send(request("/health/ready").build()).statusCode()).isEqualTo(200);
    assertThat(call("GET", "/elsewhere").body()).doesNotContain("about:blank");
  }

  @Test
  void the_web_ui_is_served_next_to_the_routes_of_the_service() throws Exception {
    String page = call("GET", "/").body();
    String script = page.replaceAll("(?s).*src=\"(assets/[^\"]*/app\\.js)\".*", "$1");

    assertThat(call("GET", "/" + script).statusCode()).isEqualTo(200);
  }

  @Test
  void a_service_that_cannot_listen_leaves_nothing_running() {
    int taken = URI.create(portal.url()).getPort();

    assertThatThrownBy(() -> Portal.start(postgres.getPostgresDatabase(), TOKEN, taken))
        .hasMessageContaining("already in use");

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .filteredOn("runhook-dispatch"::equals)
        .as("only the thread of the service that listens")
        .hasSize(1);
  }

  private static HttpResponse<String> call(String method, String path) throws Exception {
    return send(
        request(path)
            .header("Authorization", "Bearer " + TOKEN)
            .method(method, BodyPublishers.noBody())
            .build());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(portal.url() + path));
  }

  private static HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }
}
