package dev.runhook.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Checks that the benchmarks run. The measured figures have no meaning here.
@EnabledOnOs(OS.LINUX) // the benchmarks read /proc
class BenchmarkIT {
  private static final String[] SMALL_COUNTS = {
    "--transitions=120",
    "--warm-up=20",
    "--runs=200",
    "--stacks=4",
    "--clients=8",
    "--window=100",
    "--rounds=1",
    "--seconds=1"
  };

  @TempDir private static Path folder; // the programs of PostgreSQL in it serve all benchmarks

  @Test
  void the_delivery_benchmark_measures_all_systems_without_losses_or_duplicates()
      throws IOException {
    measure("delivery"); // the cluster benchmark has several buckets

    JsonNode report = readReport("delivery");

    assertThat(report.at("/postgres/fsync").asText()).isEqualTo("on");
    assertThat(report.at("/postgres/synchronous_commit").asText()).isEqualTo("on");
    assertThat(report.at("/rounds").findValuesAsText("system"))
        .containsExactly(
            "bare JDK client",
            "Runhook, embedded",
            "Runhook, batches of 100",
            "Runhook, single requests",
            "db-scheduler",
            "transaction-outbox",
            "row-by-row outbox");
    assertThat(report.at("/failures")).isEmpty();
    assertThat(report.at("/rounds"))
        .allSatisfy(round -> {
          requireNoLosses(round);
          assertThat(round.at("/deliveredPerSecond").asDouble()).isPositive();
          assertThat(round.at("/cpuSecondsPerThousand/postgres").isNumber()).isTrue();
        });
  }

  @Test
  void a_backlog_and_paced_reports_are_delivered_without_losses_or_duplicates() throws IOException {
    for (Map.Entry<String, Integer> benchmark :
        Map.of("drain", 5, "nodes", 3, "paced", 1).entrySet()) {
      assertThat(report(benchmark.getKey()).at("/rounds"))
          .hasSize(benchmark.getValue())
          .allSatisfy(BenchmarkIT::requireNoLosses);
    }
  }

  @Test
  void the_cluster_benchmark_reports_the_work_of_each_database_server() throws IOException {
    measure("cluster", "--buckets=2");

    assertThat(readReport("cluster").at("/rounds"))
        .hasSize(2)
        .allSatisfy(BenchmarkIT::requireNoLosses);
    String number = " +\\| +[1-9][0-9]*";
    assertThat(folder.resolve("cluster.md"))
        .content()
        .containsPattern("\\| 1 +\\| +1 +\\| +2" + number + number)
        .containsPattern("\\| 2 +\\| +2 +\\| +1" + number + number);
  }

  private static void requireNoLosses(JsonNode round) {
    assertThat(round.at("/lost").asInt()).isZero();
    assertThat(round.at("/duplicates").asInt()).isZero();
  }

  @Test
  void the_burst_benchmark_reports_the_slowest_statement() throws IOException {
    measure("burst", "--busy=1"); // the shortest, because a busy loop uses a core

    assertThat(folder.resolve("burst.md"))
        .content()
        .containsPattern("the slowest statement took [0-9.]+ ms");
  }

  @Test
  void the_overload_benchmark_offers_more_and_more_and_loses_nothing() throws IOException {
    measure("overload", "--minutes=0.1");

    assertThat(readReport("overload").at("/failures")).isEmpty();
    assertThat(readReport("overload").at("/rounds").findValuesAsText("step"))
        .containsExactly(
            "no flood", "1 × capacity", "2 × capacity", "5 × capacity", "10 × capacity");
    assertThat(readReport("overload").at("/rounds")).allSatisfy(BenchmarkIT::requireNoLosses);
  }

  @Test
  void the_inbox_benchmark_compares_receivers_in_each_round() throws IOException {
    measure("inbox");

    assertThat(readReport("inbox").at("/rounds").findValuesAsText("system"))
        .containsExactly(
            "only the effect",
            "with an inbox",
            "with an inbox in order",
            "with an inbox that commits",
            "with an inbox in order that commits");
  }

  @Test
  void the_statements_option_adds_the_cost_of_each_statement() throws IOException {
    measure("delivery", "--only=embedded", "--statements");

    assertThat(folder.resolve("delivery.md"))
        .content()
        .contains("Runhook, embedded")
        .doesNotContain("single requests |")
        .containsPattern("host: insert into runhook.event[^|]*\\| +[1-9]");
  }

  private JsonNode report(String benchmark) throws IOException {
    measure(benchmark);
    return readReport(benchmark);
  }

  private JsonNode readReport(String benchmark) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(benchmark + ".json").toFile());
  }

  private void measure(String... arguments) {
    StringWriter output = new StringWriter();
    int exitCode =
        new CommandLine(new Main())
            .setOut(new PrintWriter(output))
            .setErr(new PrintWriter(output))
            .execute(
                Stream.of(arguments, SMALL_COUNTS, new String[] {"--folder=" + folder})
                    .flatMap(Arrays::stream)
                    .toArray(String[]::new));
    assertThat(exitCode).as(output.toString()).isZero();
    assertThat(output.toString()).contains("== bench");
  }
}
