package dev.runhook.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JavaFlagsTest {
  @Test
  void measured_processes_use_the_flags_of_the_launcher() throws IOException {
    String launcher = Files.readString(Path.of("..", "runhook"));

    assertThat(JavaFlags.withOptions(""))
        .contains("-XX:+UseG1GC")
        .allSatisfy(flag -> assertThat(launcher).contains(flag));
  }

  @Test
  void a_garbage_collector_in_the_options_replaces_the_default() {
    assertThat(JavaFlags.withOptions("-Xmx1g  -XX:+UseSerialGC"))
        .endsWith("-Xmx1g", "-XX:+UseSerialGC")
        .doesNotContain("-XX:+UseG1GC");
    assertThat(JavaFlags.withOptions("-Xmx1g")).contains("-XX:+UseG1GC").endsWith("-Xmx1g");
  }
}
