package com.example.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Calls the service over HTTP. It runs on PostgreSQL.
class PortalTest {
  private static final Map<String, String> PASSWORDS = Map.of("admin", "a1", "ron", "r1");
  private static EmbeddedPostgres postgres;
  private static Portal portal;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.start();
    portal = Portal.start(postgres.getPostgresDatabase(), PASSWORDS, 0);
  }

  @AfterAll
  static void stop() throws IOException {
    portal.close();
    postgres.close();
  }

  @Test
  void the_service_keeps_its_own_pages() throws Exception {
    try (Visitor visitor = new Visitor()) {
      assertThat(visitor.get("/").body()).isEqualTo("the portal");
      assertThat(visitor.get("/health").body()).isEqualTo("fine");
      assertThat(visitor.get("/elsewhere").body()).doesNotContain("urn:runhook");
    }
  }

  @Test
  void a_user_sees_what_a_route_of_the_service_has_started() throws Exception {
    try (Visitor ron = Visitor.signedIn("ron")) {
      assertThat(ron.send("POST", "/deployments/d1/0ee3f1c", "").statusCode()).isEqualTo(201);

      assertThat(ron.get("/runhook/api/v1/stacks/portal/runs/d1").body())
          .contains("\"id\":\"d1\"", "\"hash\":\"0ee3f1c\"", "\"QUEUED\"");
      assertThat(ron.get("/runhook/health/ready").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void the_web_ui_is_served_below_the_prefix() throws Exception {
    try (Visitor ron = Visitor.signedIn("ron")) {
      String page = ron.get("/runhook/").body();
      String script = page.replaceAll("(?s).* src=\"(assets/[^\"]*/app\\.js)\".*", "$1");

      assertThat(ron.get("/runhook/" + script).statusCode()).isEqualTo(200);
      assertThat(ron.get("/runhook").headers().firstValue("Location")).contains("runhook/");
    }
  }

  @Test
  void nobody_else_sees_anything() throws Exception {
    try (Visitor visitor = new Visitor()) {
      for (String path : List.of("/runhook/", "/runhook/api/v1/stacks", "/runhook/docs")) {
        assertThat(visitor.get(path).statusCode()).as(path).isEqualTo(401);
      }
    }
  }

  @Test
  void a_reader_sees_only_the_stacks_of_the_service() throws Exception {
    try (Visitor admin = Visitor.signedIn("admin");
        Visitor ron = Visitor.signedIn("ron")) {
      String other = "/runhook/api/v1/stacks/other";
      assertThat(admin.send("PUT", other, "{\"name\":\"Other\"}").statusCode()).isEqualTo(201);

      assertThat(ron.get("/runhook/api/v1/stacks").body())
          .contains("\"portal\"")
          .doesNotContain("\"other\"");
      assertThat(ron.get(other).statusCode()).isEqualTo(404);
      assertThat(ron.send("PUT", "/runhook/api/v1/stacks/portal", "{}").statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void a_service_that_cannot_listen_leaves_nothing_running() {
    int taken = URI.create(portal.url()).getPort();

    assertThatThrownBy(() -> Portal.start(postgres.getPostgresDatabase(), PASSWORDS, taken))
        .hasMessageContaining("already in use");

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .filteredOn("runhook-dispatch"::equals)
        .as("only the thread of the service that listens")
        .hasSize(1);
  }

  /// A browser with cookies of its own.
  private static final class Visitor implements AutoCloseable {
    private final HttpClient client =
        HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    static Visitor signedIn(String name) throws Exception {
      Visitor visitor = new Visitor();
      assertThat(visitor.send("POST", "/login/" + name, PASSWORDS.get(name)).statusCode())
          .isEqualTo(200);
      return visitor;
    }

    HttpResponse<String> get(String path) throws Exception {
      return client.send(request(path).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String body) throws Exception {
      return client.send(
          request(path)
              .header("Content-Type", "application/json")
              .header("X-Runhook-Csrf", "1")
              .method(method, BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
      return HttpRequest.newBuilder(URI.create(portal.url() + path));
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
