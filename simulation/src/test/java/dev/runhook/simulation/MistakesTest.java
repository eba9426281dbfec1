package dev.runhook.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MistakesTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void each_planted_mistake_changes_one_place_in_the_sources() {
    assertThat(Mistakes.ALL)
        .hasSizeGreaterThan(20)
        .allSatisfy(mistake ->
            assertThat(Files.readString(PROJECT.resolve(mistake.file() + ".java")))
                .containsOnlyOnce(mistake.text()));
  }

  @Test
  void a_planted_mistake_is_found() {
    Mistakes.Mistake sendsTwice = Mistakes.ALL.get(3);

    Optional<Mistakes.Finding> found = Mistakes.find(sendsTwice, PROJECT, 60);

    assertThat(found).map(Mistakes.Finding::violation).get().asString().startsWith("duplicate: ");
    assertThat(Mistakes.findInOrders(sendsTwice, PROJECT, 0)).isPresent();
  }
}
