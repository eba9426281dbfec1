package dev.runhook.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// That the measurements work; the figures are worth nothing.
@EnabledOnOs(OS.LINUX) // it reads /proc
class BenchmarkIT {
  private static final String[] TINY = {
    "--transitions=300",
    "--warm-up=100",
    "--runs=200",
    "--stacks=4",
    "--clients=8",
    "--window=100",
    "--rounds=1",
    "--seconds=1"
  };

  @TempDir private Path folder;

  @Test
  void deliveries_are_measured_three_ways_with_none_lost_and_none_twice() throws IOException {
    JsonNode report = report("delivery");

    assertThat(report.at("/postgres/fsync").asText()).isEqualTo("on");
    assertThat(report.at("/postgres/synchronous_commit").asText()).isEqualTo("on");
    assertThat(report.at("/rounds").findValuesAsText("subject"))
        .containsExactly(
            "bare JDK client",
            "runhook in process",
            "runhook, arrays of 100",
            "runhook, one by one",
            "one-by-one outbox");
    assertThat(report.at("/rounds"))
        .allSatisfy(round -> {
          assertThat(round.at("/lost").asInt()).isZero();
          assertThat(round.at("/duplicates").asInt()).isZero();
          assertThat(round.at("/deliveredPerSecond").asDouble()).isPositive();
          assertThat(round.at("/cpuSecondsPerThousand/postgres").isNumber()).isTrue();
        });
  }

  @Test
  void a_backlog_and_a_trickle_arrive_whole() throws IOException {
    for (String what : List.of("drain", "trickle")) {
      assertThat(report(what).at("/rounds"))
          .isNotEmpty()
          .allSatisfy(round -> {
            assertThat(round.at("/lost").asInt()).isZero();
            assertThat(round.at("/duplicates").asInt()).isZero();
          });
    }
  }

  @Test
  void the_slowest_statement_of_a_burst_is_known() throws IOException {
    measured("burst");

    assertThat(folder.resolve("burst.md"))
        .content()
        .containsPattern("the slowest statement took [0-9.]+ ms");
  }

  @Test
  void statements_are_told_with_what_they_cost() throws IOException {
    measured("delivery", "--only=process", "--statements");

    assertThat(folder.resolve("delivery.md"))
        .content()
        .contains("runhook in process")
        .doesNotContain("one by one |")
        .containsPattern("host: insert into runhook.event[^|]*\\| +[1-9]");
  }

  private JsonNode report(String what) throws IOException {
    measured(what);
    return new ObjectMapper().readTree(folder.resolve(what + ".json").toFile());
  }

  private void measured(String... what) {
    StringWriter told = new StringWriter();
    int code =
        new CommandLine(new Main())
            .setOut(new PrintWriter(told))
            .setErr(new PrintWriter(told))
            .execute(
                Stream.of(what, TINY, new String[] {"--folder=" + folder})
                    .flatMap(Arrays::stream)
                    .toArray(String[]::new));
    assertThat(code).as(told.toString()).isZero();
    assertThat(told.toString()).contains("== bench");
  }
}
