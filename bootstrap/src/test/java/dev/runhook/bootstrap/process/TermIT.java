package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is told to stop finishes what it began, and leaves the rest for the next.
class TermIT {
  private final Suite suite = Suite.named("TermIT");
  private final int stops = Suite.choose(3, 20);
  @TempDir private Path folder;

  @Test
  void stopping_under_load_loses_nothing_and_sends_nothing_twice() throws Exception {
    try (Siege siege = new Siege(folder, Suite.settings(Map.of()), suite.random())) {
      Tally tally =
          siege.endure(
              stops, server -> assertThat(server.terminate()).as(server.everything()).isZero());

      suite.say(stops + " times SIGTERM, each with exit code 0; " + tally);
      assertThat(tally.duplicates()).isZero();
    }
  }
}
