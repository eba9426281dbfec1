package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs the commands of the documents, from top to bottom, with the packaged program.
class DocsIT {
  /// The output that a document promises.
  private static final Map<String, List<String>> EXPECTED_OUTPUT =
      Map.of(
          "README.md",
          List.of(
              "QUEUED v1 of run first on demo  signature verified",
              "PREPARING v2 of run first on demo  signature verified"),
          "docs/github-actions-to-slack.md",
          List.of("Test: Run failed on Networking", "Run finished on Networking"));

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("documents")
  void the_commands_of_the_document_work(MarkdownDocument document)
      throws IOException, InterruptedException {
    List<Path> outputs = new ArrayList<>();
    List<CodeBlock> commands = new ArrayList<>();
    try (ShellSessions sessions = new ShellSessions(folder)) {
      for (CodeBlock block : document.blocks().stream().filter(CodeBlock::isExecuted).toList()) {
        Optional<String> readyOutput = block.readyOutput();
        if (readyOutput.isPresent()) {
          outputs.add(sessions.startInBackground(block, readyOutput.get()));
        } else {
          commands.add(block);
        }
      }
      sessions.run(commands);

      for (String expected : EXPECTED_OUTPUT.getOrDefault(document.name(), List.of())) {
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(
                () -> assertThat(outputs).anyMatch(output -> text(output).contains(expected)));
      }
    }
  }

  static List<MarkdownDocument> documents() {
    List<MarkdownDocument> run =
        MarkdownDocument.all().stream()
            .filter(document -> document.blocks().stream().anyMatch(CodeBlock::isExecuted))
            .toList();
    assertThat(run).extracting(MarkdownDocument::name).containsAll(EXPECTED_OUTPUT.keySet());
    return run;
  }

  private static String text(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
