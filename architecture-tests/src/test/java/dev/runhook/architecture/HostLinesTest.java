package dev.runhook.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How many lines a host needs for a delivery in its own transaction and for the web UI. The tests
/// `FifteenLinesTest` run these hosts.
class HostLinesTest {
  private static final int MAX_LINES = 15;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring-boot-starter/src/test/java/dev/runhook/spring/FifteenLinesTest.java",
        "examples/host-spring-boot-3/src/test/java/com/example/builds/FifteenLinesTest.java",
        "examples/host-javalin/src/test/java/com/example/portal/PlainService.java",
        "examples/host-javalin/src/test/java/com/example/portal/JavalinService.java"
      })
  void a_host_needs_few_lines(String file) throws IOException {
    int lines = 0;
    boolean counting = false;
    for (String line : Files.readAllLines(SourceFiles.ofProject().root().resolve(file))) {
      String text = line.strip();
      if (text.equals("// Runhook") || text.equals("// end")) {
        counting = text.equals("// Runhook");
      } else if (counting && !text.isEmpty()) {
        lines++;
      }
    }

    assertThat(lines).isBetween(1, MAX_LINES);
  }
}
