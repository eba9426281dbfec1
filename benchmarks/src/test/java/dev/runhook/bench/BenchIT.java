package dev.runhook.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// That the measurements work; the figures are worth nothing.
class BenchIT {
  private static final String[] TINY = {
    "--transitions=300",
    "--warm-up=100",
    "--runs=200",
    "--stacks=4",
    "--clients=8",
    "--window=100",
    "--rounds=1"
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

  private JsonNode report(String... what) throws IOException {
    StringWriter told = new StringWriter();
    int code =
        new CommandLine(new Main())
            .setOut(new PrintWriter(told))
            .setErr(new PrintWriter(told))
            .execute(
                java.util.stream.Stream.of(what, TINY, new String[] {"--folder=" + folder})
                    .flatMap(java.util.Arrays::stream)
                    .toArray(String[]::new));
    assertThat(code).as(told.toString()).isZero();
    assertThat(told.toString()).contains("== bench");
    return new ObjectMapper().readTree(folder.resolve(what[0] + ".json").toFile());
  }
}
