package dev.runhook.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What the README quotes of our code is what the tests compile and run.
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path EXAMPLE =
      Path.of("src", "test", "java", "dev", "runhook", "bootstrap", "EmbeddingTest.java");

  @Test
  void the_example_of_embedding_is_the_one_that_is_tested() throws IOException {
    String example = between(Files.readAllLines(EXAMPLE), "// README begin", "// README end");
    assumeTrue(Files.exists(README), "there is no README here");

    assertThat(Files.readString(README)).contains(example);
  }

  private static String between(List<String> lines, String begin, String end) {
    return lines.stream()
        .dropWhile(line -> !line.strip().equals(begin))
        .skip(1)
        .takeWhile(line -> !line.strip().equals(end))
        .collect(Collectors.joining("\n"))
        .stripIndent();
  }
}
