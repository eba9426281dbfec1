package dev.runhook.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What a process that has worked shows at `/metrics`, and what our dashboard and alerts ask for.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsIT {
  private static final Path DOCUMENTS = Path.of("..", "docs", "operations");
  private static final Map<String, String> SETTINGS =
      Map.of(
          "RUNHOOK_ACCOUNT",
          "account-of-ours",
          "RUNHOOK_ALLOWED_NETWORKS",
          "127.0.0.0/8",
          "RUNHOOK_RETRY_SCHEDULE",
          "1h",
          "RUNHOOK_PAUSE_AFTER",
          "1");

  @TempDir private static Path folder;
  private ServerInstallation serverInstallation = new ServerInstallation(Path.of("."), Map.of());
  private MetricsScrape metricsScrape = MetricsScrape.parse("");

  @BeforeAll
  void work() throws IOException {
    serverInstallation = ServerInstallation.withPreparedDatabase(folder, SETTINGS);
    ApiClient client = serverInstallation.client(serverInstallation.serve());
    try (RecordingReceiver good = RecordingReceiver.accepting();
        RecordingReceiver bad = RecordingReceiver.respondingWith(_ -> 500)) {
      client.putStack("demo");
      client.createWebhook("demo", good.url(), RecordingReceiver.SECRET);
      client.createWebhook("demo", bad.url(), RecordingReceiver.SECRET);
      client.startRun("demo", "a-run-of-ours").requireSuccess();
      client.startRun("demo", "a-run-of-ours").requireSuccess();
      client.recordTransition("demo", "a-run-of-ours", "PLANNING", 2).requireSuccess();
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> {
            metricsScrape = MetricsScrape.parse(client.getWithoutToken("/metrics").body());
            return metricsScrape.sum("runhook_webhooks", "health=\"paused\"") == 1
                && metricsScrape.sum("runhook_attempts_total") == 3;
          });
    }
  }

  @AfterAll
  void close() {
    serverInstallation.close();
  }

  @Test
  void what_was_recorded_and_what_became_of_it_is_counted() {
    assertThat(metricsScrape.sum("runhook_transitions_total", "state=\"QUEUED\"")).isEqualTo(1);
    assertThat(metricsScrape.sum("runhook_transitions_total")).isEqualTo(2);
    assertThat(metricsScrape.sum("runhook_attempts_total", "outcome=\"DELIVERED\"")).isEqualTo(2);
    assertThat(metricsScrape.sum("runhook_attempts_total", "outcome=\"REJECTED\"")).isEqualTo(1);
    assertThat(metricsScrape.sum("runhook_delivery_lag_seconds_count", "attempt=\"first\""))
        .isEqualTo(2);
    assertThat(metricsScrape.sum("runhook_webhook_health_changes_total", "change=\"paused\""))
        .isEqualTo(1);
  }

  @Test
  void the_store_is_told_of() {
    assertThat(metricsScrape.sum("runhook_webhooks", "health=\"active\"")).isEqualTo(1);
    assertThat(metricsScrape.sum("runhook_open_deliveries", "health=\"paused\"")).isEqualTo(2);
    assertThat(metricsScrape.sum("runhook_open_deliveries", "state=\"waiting\"")).isEqualTo(1);
    assertThat(metricsScrape.sum("runhook_store_table_bytes", "table=\"event\"")).isPositive();
    assertThat(metricsScrape.sum("runhook_store_sample_age_seconds")).isBetween(0.0, 60.0);
  }

  @Test
  void requests_are_told_of_by_route() {
    assertThat(
            metricsScrape.sum(
                "runhook_http_request_duration_seconds_count",
                "method=\"POST\"",
                "route=\"/api/v1/stacks/{stack}/runs\"",
                "status=\"201\""))
        .isEqualTo(1);
  }

  @Test
  void pool_and_jvm_are_told_of() {
    assertThat(metricsScrape.labels())
        .containsKeys(
            "hikaricp_connections_active",
            "hikaricp_connections_pending",
            "jvm_memory_used_bytes",
            "jvm_gc_memory_allocated_bytes_total",
            "jvm_virtual_threads_queued",
            "process_uptime_seconds",
            "runhook_build_info");
    assertThat(metricsScrape.sum("hikaricp_connections", "pool=\"dispatcher\"")).isPositive();
  }

  @Test
  void nothing_that_users_name_is_in_it() {
    assertThat(metricsScrape.text())
        .doesNotContain("demo")
        .doesNotContain("a-run-of-ours")
        .doesNotContain("127.0.0.1")
        .doesNotContain("account-of-ours");
    assertThat(metricsScrape.text()).doesNotContainPattern("[0-9a-f]{8}-[0-9a-f]{4}-");
  }

  @Test
  void the_dashboard_asks_for_what_is_there() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(Files.readString(DOCUMENTS.resolve("grafana-dashboard.json")));
    List<String> queries = dashboard.findValues("expr").stream().map(JsonNode::asText).toList();

    assertThat(queries).hasSizeGreaterThan(15);
    assertThat(queries).allSatisfy(this::isAnswered);
  }

  @Test
  void the_alerts_ask_for_what_is_there() throws IOException {
    List<String> lines = Files.readAllLines(DOCUMENTS.resolve("prometheus-alerts.yml"));
    List<String> queries = after(lines, "expr: ").toList();

    assertThat(queries).hasSizeGreaterThan(7).hasSameSizeAs(after(lines, "- alert: ").toList());
    assertThat(after(lines, "summary: ")).hasSameSizeAs(queries);
    assertThat(queries).allSatisfy(this::isAnswered);
  }

  private void isAnswered(String text) {
    PromQuery promQuery = PromQuery.parse(text);
    assertThat(promQuery.series()).as(text).isNotEmpty();
    for (String series : promQuery.series()) {
      assertThat(metricsScrape.labels()).as(text).containsKey(series);
    }
    assertThat(
            promQuery.series().stream()
                .map(series -> metricsScrape.labels().getOrDefault(series, Set.of()))
                .flatMap(Set::stream))
        .as(text)
        .containsAll(promQuery.labels());
  }

  private static Stream<String> after(List<String> lines, String key) {
    return lines.stream()
        .map(String::strip)
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()));
  }
}
