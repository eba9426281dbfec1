package com.example.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.run.Stack;
import dev.runhook.embedded.Runhook;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/// Calls the application over HTTP, with its own sign-in.
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "deployments.secret=" + DeploymentsTest.SECRET)
class RunhookPagesTest {
  private static final String OPERATOR = "olivia";
  private static final String READER = "ron";
  private static final String NOBODY = "";

  @Autowired private Deployments deployments;
  @Autowired private RunJournal journal;
  @Autowired private Runhook runhook;
  @LocalServerPort private int port;

  /// Ends after the application, which would otherwise wait for its database.
  @TestConfiguration(proxyBeanMethods = false)
  static class Database {
    @Bean(destroyMethod = "close")
    EmbeddedPostgres postgres() throws IOException {
      return EmbeddedPostgres.start();
    }

    @Bean
    DataSource dataSource(EmbeddedPostgres postgres) {
      return postgres.getPostgresDatabase();
    }
  }

  @Test
  void the_application_keeps_its_own_pages() throws Exception {
    assertThat(get(NOBODY, "/").body()).isEqualTo("deployments");
    assertThat(get(NOBODY, "/health").body()).isEqualTo("fine");
  }

  @Test
  void the_api_and_the_web_ui_are_below_the_path() throws Exception {
    deployments.start("d1", "0ee3f1c");

    assertThat(get(OPERATOR, "/runhook/api/v1/stacks/main/runs/d1").body())
        .contains("\"hash\":\"0ee3f1c\"");
    HttpResponse<String> page = get(OPERATOR, "/runhook/");
    assertThat(page.body()).startsWith("<!doctype html>");
    String script = page.body().replaceAll("(?s).* src=\"(assets/[^\"]+/app\\.js)\".*", "$1");
    HttpResponse<String> loaded = get(OPERATOR, "/runhook/" + script);
    assertThat(loaded.statusCode()).isEqualTo(200);
    assertThat(loaded.headers().firstValue("Cache-Control"))
        .hasValueSatisfying(caching -> assertThat(caching).contains("immutable"));
    assertThat(get(OPERATOR, "/runhook").headers().firstValue("Location")).contains("runhook/");
    assertThat(get(OPERATOR, "/runhook/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void nobody_else_sees_anything() throws Exception {
    for (String path : new String[] {"/runhook/", "/runhook/api/v1/stacks", "/runhook/docs"}) {
      HttpResponse<String> refused = get(NOBODY, path);

      assertThat(refused.statusCode()).as(path).isIn(302, 401);
      assertThat(refused.body()).as(path).doesNotContain("Deployments", "doctype");
    }
  }

  @Test
  void a_reader_sees_the_stacks_that_the_application_allows() throws Exception {
    journal.register(Stack.named(runhook.stack("other"), "Other"));

    assertThat(get(READER, "/runhook/api/v1/stacks").body())
        .contains("\"main\"")
        .doesNotContain("\"other\"");
    assertThat(get(READER, "/runhook/api/v1/stacks/other").statusCode()).isEqualTo(404);
    assertThat(put(READER, "main", "X-Runhook-Csrf").statusCode()).isEqualTo(403);
  }

  @Test
  void an_operator_changes_something_only_from_the_web_ui() throws Exception {
    assertThat(put(OPERATOR, "new", "X-Other").statusCode()).isEqualTo(403);
    assertThat(put(OPERATOR, "new", "X-Runhook-Csrf").statusCode()).isEqualTo(201);
  }

  private HttpResponse<String> get(String user, String path) throws Exception {
    return send(request(user, path));
  }

  private HttpResponse<String> put(String user, String stack, String header) throws Exception {
    return send(
        request(user, "/runhook/api/v1/stacks/" + stack)
            .header("Content-Type", "application/json")
            .header(header, "1")
            .PUT(BodyPublishers.ofString("{\"name\":\"New\"}")));
  }

  private HttpRequest.Builder request(String user, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (!user.isEmpty()) {
      byte[] credentials = (user + ":secret-of-" + user).getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }
    return request;
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }
}
