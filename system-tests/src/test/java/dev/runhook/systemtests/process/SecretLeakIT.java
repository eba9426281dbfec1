package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import dev.runhook.systemtests.process.ApiFuzzer.FuzzResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log contains no secret, token, payload, credential or query of an endpoint, whatever fails
/// and at every log level. In this test, each of these contains the word "canary" or is searched
/// for by its value.
class SecretLeakIT {
  private static final String TOKEN = "canary-admin-token-0123456789abcdef";
  private static final String KEY = "ca9a27".repeat(10) + "ca9a";
  private static final String RUN =
      """
      {"id":"run-1","branch":"canary-branch","commit":{"hash":"canary-hash","message":"canary-message","authorName":"canary-author"},
       "triggeredBy":"canary-person","url":"https://example.com/?canary","command":"canary-command","note":"canary-note"}
      """;

  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());
  private final List<String> generated = new ArrayList<>(List.of(KEY));

  @BeforeEach
  void open() {
    installation =
        ServerInstallation.withPreparedDatabase(
            folder,
            Map.of(
                "RUNHOOK_ADMIN_TOKEN", TOKEN,
                "RUNHOOK_ENCRYPTION_KEY", KEY,
                "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
                "RUNHOOK_RETRY_SCHEDULE", "200ms",
                "RUNHOOK_TIMEOUT", "1s",
                "RUNHOOK_LOG_LEVEL", "trace"));
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void no_secret_is_printed() throws Exception {
    RunhookProcess server = installation.serve();
    ApiClient client = installation.client(server);
    client.put("/stacks/demo", "{\"name\":\"Demo\",\"description\":\"canary\"}").requireSuccess();
    try (EchoingReceivers receivers = new EchoingReceivers()) {
      List<String> webhooks = new ArrayList<>();
      for (String endpoint : receivers.urls("?key=canary-query")) {
        webhooks.add(createWebhook(client, endpoint));
      }
      client.post("/stacks/demo/runs", RUN).requireSuccess();
      String pagerDuty = createPagerDutyWebhook(client, receivers.urls("").getFirst());
      client.post("/stacks/demo/runs/run-1/transitions", "{\"state\":\"FAILED\"}").requireSuccess();
      webhooks.forEach(webhook -> awaitAttempts(client, webhook));
      awaitAttempts(client, pagerDuty);
    }

    assertThat(count("convert_from(request_body, 'utf8') like '%\"routing_key\":\"***%'"))
        .isPositive();
    assertThat(count("convert_from(request_body, 'utf8') like '%canaryRoutingKey%'")).isZero();

    List<FuzzResult> results = new ApiFuzzer(server.url(), TOKEN).run();
    assertThat(results).extracting(FuzzResult::status).contains(200, 400, 401, 404, 405);
    List<Integer> broken = breakTheSchema(client);
    assertThat(broken).contains(500);
    breakTheDatabase(client);
    assertThat(server.terminate()).isZero();

    assertThat(server.err().find(Pattern.compile("attempt failed; "))).hasSizeGreaterThan(5);
    assertThat(server.err().find(Pattern.compile("secret read"))).isNotEmpty();
    assertThat(server.err().find(Pattern.compile("request failed"))).isNotEmpty();
    assertNoSecrets("the server", server.allOutput());
    assertNoSecrets(
        "the database", Files.readString(installation.dataDirectory().resolve("postgres.log")));
  }

  private void assertNoSecrets(String source, String printed) {
    List<String> leaks =
        printed
            .lines()
            .filter(line ->
                line.toLowerCase(Locale.ROOT).contains("canary")
                    || generated.stream().anyMatch(line::contains))
            .toList();
    assertThat(leaks).as("output of %s", source).isEmpty();
  }

  /// Its secret is in the bodies of its requests, but not in the database.
  private static String createPagerDutyWebhook(ApiClient client, String endpoint)
      throws IOException {
    JsonNode created =
        client
            .post(
                "/stacks/demo/webhooks",
                "{\"endpoint\":\"%s\",\"secret\":\"canaryRoutingKey0123456789abcdef\",\"format\":\"pagerduty\"}"
                    .formatted(endpoint))
            .requireSuccess()
            .json();
    return "/stacks/demo/webhooks/" + created.path("id").asText();
  }

  private String createWebhook(ApiClient client, String endpoint) throws IOException {
    JsonNode created =
        client
            .post(
                "/stacks/demo/webhooks",
                "{\"endpoint\":\"%s\",\"secret\":\"canary-secret\",\"headers\":{\"X-Key\":\"canary-header\",\"Authorization\":\"Bearer canary\"}}"
                    .formatted(endpoint))
            .requireSuccess()
            .json();
    String path = "/stacks/demo/webhooks/" + created.path("id").asText();
    JsonNode rotated = client.post(path + "/secret", "{}").requireSuccess().json();
    client.get(path + "/secret").requireSuccess();
    generated.add(created.path("standardSecret").asText());
    generated.add(rotated.path("secret").asText());
    generated.add(
        client
            .post("/tokens", "{\"name\":\"ci\",\"role\":\"reader\"}")
            .requireSuccess()
            .json()
            .path("token")
            .asText());
    client.get(path).requireSuccess();
    return path;
  }

  /// Waits until an attempt of the webhook has failed. Some are repeated only after a minute.
  private static void awaitAttempts(ApiClient client, String webhook) {
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() ->
            client
                .get(webhook + "/deliveries")
                .json()
                .path("items")
                .path(0)
                .hasNonNull("lastResult"));
  }

  /// Provokes internal errors while secrets are processed.
  private List<Integer> breakTheSchema(ApiClient client) throws IOException, SQLException {
    List<Integer> statuses = new ArrayList<>();
    String creation =
        "{\"endpoint\":\"https://example.com/%s?canary\",\"secret\":\"canary\",\"name\":\"canary\",\"headers\":{\"X-Key\":\"canary\"}}";
    execute(
        "alter table runhook.webhook add constraint none check (settings ->> 'name' <> 'canary') not"
            + " valid");
    statuses.add(client.post("/stacks/demo/webhooks", creation.formatted("a")).status());
    execute("alter table runhook.webhook drop constraint none");
    execute("alter table runhook.webhook alter column format_error type integer using 1");
    statuses.add(client.post("/stacks/demo/webhooks", creation.formatted("b")).status());
    statuses.add(client.post("/stacks/demo/runs", RUN.replace("run-1", "run-2")).status());
    execute("alter table runhook.webhook rename column secret to hidden");
    statuses.add(client.get("/stacks/demo/webhooks").status());
    statuses.add(client.post("/stacks/demo/webhooks", creation.formatted("c")).status());
    statuses.add(client.post("/stacks/demo/runs", RUN.replace("run-1", "run-3")).status());
    return statuses;
  }

  private void breakTheDatabase(ApiClient client) throws IOException {
    installation.killDatabase();
    client.get("/stacks/demo/webhooks");
    client.post("/stacks/demo/runs", RUN.replace("run-1", "run-4"));
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> client.get("/stacks/demo/runs").status() == 200);
  }

  private long count(String condition) throws SQLException {
    try (Connection connection = DriverManager.getConnection(installation.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select count(*) from runhook.all_attempts where " + condition)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(installation.jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
