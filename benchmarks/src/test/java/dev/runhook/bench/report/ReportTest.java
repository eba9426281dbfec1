package dev.runhook.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir private Path folder;
  private final StringWriter log = new StringWriter();
  private final Report report = new Report("drain", new PrintWriter(log));

  private JsonNode savedJson() throws IOException {
    report.save(folder);
    return new ObjectMapper().readTree(folder.resolve("drain.json").toFile());
  }

  @Test
  void figures_of_a_quiet_machine_have_no_mark() throws IOException {
    report.round(Map.of("deliveredPerSecond", 9000)).paragraph("a table");

    JsonNode json = savedJson();

    assertThat(folder.resolve("drain.md")).hasContent("a table\n");
    assertThat(json.at("/disturbances")).isEmpty();
    assertThat(json.at("/rounds/0").has("disturbed")).isFalse();
    assertThat(report.hasFailures()).isFalse();
  }

  @Test
  void every_figure_is_marked_if_the_machine_was_not_quiet() throws IOException {
    report
        .round(Map.of("deliveredPerSecond", 9000))
        .paragraph("a table")
        .paragraph("a sentence")
        .disturbance("the load before was 1.2")
        .disturbance("steal");

    JsonNode json = savedJson();

    assertThat(folder.resolve("drain.md"))
        .hasContent(
            """
            DISTURBED: the load before was 1.2; steal

            a table

            DISTURBED: the load before was 1.2; steal

            a sentence
            """);
    assertThat(log.toString()).contains("bench drain: the figures are disturbed: steal");
    assertThat(json.at("/disturbances/0").asText()).isEqualTo("the load before was 1.2");
    assertThat(json.at("/rounds/0/disturbed").asBoolean()).isTrue();
  }

  @Test
  void a_failure_precedes_the_figures() throws IOException {
    StringWriter output = new StringWriter();
    report.paragraph("a table").failure("peer: 1 deliveries are missing");

    report.print(new PrintWriter(output));

    assertThat(report.hasFailures()).isTrue();
    assertThat(output.toString()).contains("FAILED: peer: 1 deliveries are missing\n\na table");
    assertThat(savedJson().at("/failures/0").asText()).isEqualTo("peer: 1 deliveries are missing");
  }
}
