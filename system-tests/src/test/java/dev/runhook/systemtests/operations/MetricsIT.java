package dev.runhook.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The metrics of a server under use, and the queries of the dashboard and the alerts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsIT {
  private static final Path FILES = Path.of("..", "deploy", "helm", "runhook", "files");
  private static final Map<String, String> SETTINGS =
      Map.of(
          "RUNHOOK_ACCOUNT",
          "an-account",
          "RUNHOOK_ALLOWED_NETWORKS",
          "127.0.0.0/8",
          "RUNHOOK_RETRY_SCHEDULE",
          "1h",
          "RUNHOOK_PAUSE_AFTER",
          "1");

  @TempDir private static Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());
  private MetricsScrape scrape = MetricsScrape.parse("");

  @BeforeAll
  void createMetrics() throws IOException {
    installation = ServerInstallation.withPreparedDatabase(folder, SETTINGS);
    ApiClient client = installation.client(installation.serve());
    try (RecordingReceiver good = RecordingReceiver.accepting();
        RecordingReceiver bad = RecordingReceiver.respondingWith(_ -> 500)) {
      client.putStack("demo");
      client.createWebhook("demo", good.url(), RecordingReceiver.SECRET);
      client.createWebhook("demo", bad.url(), RecordingReceiver.SECRET);
      client.startRun("demo", "a-run").requireSuccess();
      client.startRun("demo", "a-run").requireSuccess();
      client.recordTransition("demo", "a-run", "PLANNING", 2).requireSuccess();
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> {
            scrape = MetricsScrape.parse(client.getWithoutToken("/metrics").body());
            return scrape.sum("runhook_webhooks", "health=\"paused\"") == 1
                && scrape.sum("runhook_webhook_verdicts", "verdict=\"paused\"") == 1
                && scrape.sum("runhook_attempts_total") == 3;
          });
    }
  }

  @AfterAll
  void close() {
    installation.close();
  }

  @Test
  void transitions_and_attempts_are_counted() {
    assertThat(scrape.sum("runhook_transitions_total", "state=\"QUEUED\"")).isEqualTo(1);
    assertThat(scrape.sum("runhook_transitions_total")).isEqualTo(2);
    assertThat(scrape.sum("runhook_attempts_total", "outcome=\"DELIVERED\"")).isEqualTo(2);
    assertThat(scrape.sum("runhook_attempts_total", "outcome=\"REJECTED\"")).isEqualTo(1);
    assertThat(scrape.sum("runhook_delivery_lag_seconds_count", "attempt=\"first\"")).isEqualTo(2);
    assertThat(scrape.sum("runhook_webhook_health_changes_total", "change=\"paused\""))
        .isEqualTo(1);
  }

  @Test
  void the_metrics_of_the_store_are_exported() {
    assertThat(scrape.sum("runhook_webhooks", "health=\"active\"")).isEqualTo(1);
    assertThat(scrape.sum("runhook_webhook_verdicts", "verdict=\"healthy\"")).isEqualTo(1);
    assertThat(scrape.sum("runhook_webhook_verdicts")).isEqualTo(2);
    assertThat(scrape.sum("runhook_open_deliveries", "health=\"paused\"")).isEqualTo(2);
    assertThat(scrape.sum("runhook_open_deliveries", "state=\"waiting\"")).isEqualTo(1);
    assertThat(scrape.sum("runhook_store_table_bytes", "table=\"event\"")).isPositive();
    assertThat(scrape.sum("runhook_store_sample_age_seconds")).isBetween(0.0, 60.0);
  }

  @Test
  void requests_are_counted_by_route() {
    assertThat(
            scrape.sum(
                "runhook_http_request_duration_seconds_count",
                "method=\"POST\"",
                "route=\"/api/v1/stacks/{stack}/runs\"",
                "status=\"201\""))
        .isEqualTo(1);
  }

  @Test
  void the_metrics_of_the_pool_and_the_jvm_are_exported() {
    assertThat(scrape.labels())
        .containsKeys(
            "hikaricp_connections_active",
            "hikaricp_connections_pending",
            "jvm_memory_used_bytes",
            "jvm_gc_memory_allocated_bytes_total",
            "jvm_virtual_threads_queued",
            "process_uptime_seconds",
            "runhook_build_info");
    assertThat(scrape.sum("hikaricp_connections", "pool=\"dispatcher\"")).isPositive();
  }

  @Test
  void the_metrics_contain_no_user_data() {
    assertThat(scrape.text())
        .doesNotContain("demo")
        .doesNotContain("a-run")
        .doesNotContain("127.0.0.1")
        .doesNotContain("an-account");
    assertThat(scrape.text()).doesNotContainPattern("[0-9a-f]{8}-[0-9a-f]{4}-");
  }

  @Test
  void the_dashboard_queries_only_existing_metrics() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(Files.readString(FILES.resolve("grafana-dashboard.json")));
    List<String> queries = dashboard.findValues("expr").stream().map(JsonNode::asText).toList();

    assertThat(queries).hasSizeGreaterThan(15);
    assertThat(queries).allSatisfy(this::assertMetricsExist);
  }

  @Test
  void the_alerts_query_only_existing_metrics() throws IOException {
    JsonNode alerts =
        new YAMLMapper().readTree(Files.readString(FILES.resolve("prometheus-alerts.yml")));
    List<String> queries = alerts.findValues("expr").stream().map(JsonNode::asText).toList();

    assertThat(queries).hasSizeGreaterThan(7).hasSameSizeAs(alerts.findValues("alert"));
    assertThat(alerts.findValues("summary")).hasSameSizeAs(queries);
    assertThat(queries).allSatisfy(this::assertMetricsExist);
  }

  private void assertMetricsExist(String text) {
    PromQuery query = PromQuery.parse(text);
    assertThat(query.series()).as(text).isNotEmpty();
    for (String series : query.series()) {
      assertThat(scrape.labels()).as(text).containsKey(series);
    }
    assertThat(
            query.series().stream()
                .map(series -> scrape.labels().getOrDefault(series, Set.of()))
                .flatMap(Set::stream))
        .as(text)
        .containsAll(query.labels());
  }
}
