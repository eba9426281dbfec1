package dev.runhook.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir private Path folder;
  private final Report report = new Report("drain", new PrintWriter(new StringWriter()));

  private JsonNode savedJson() throws IOException {
    report.save(folder);
    return new ObjectMapper().readTree(folder.resolve("drain.json").toFile());
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
