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

/// Types what documents tell people to type, from top to bottom, with the program as it was built.
class DocsIT {
  /// What has to be read in a terminal afterwards, for people are told that it will be.
  private static final Map<String, List<String>> SEEN =
      Map.of(
          "README.md",
          List.of(
              "QUEUED v1 of run first on demo  signature verified",
              "PREPARING v2 of run first on demo  signature verified"));

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("documents")
  void what_a_document_says_to_type_works(MarkdownDocument markdownDocument)
      throws IOException, InterruptedException {
    List<Path> outputs = new ArrayList<>();
    List<CodeBlock> commands = new ArrayList<>();
    try (ShellSessions shellSessions = new ShellSessions(folder)) {
      for (CodeBlock codeBlock :
          markdownDocument.blocks().stream().filter(CodeBlock::isExecuted).toList()) {
        Optional<String> ready = codeBlock.readyOutput();
        if (ready.isPresent()) {
          outputs.add(shellSessions.startInBackground(codeBlock, ready.get()));
        } else {
          commands.add(codeBlock);
        }
      }
      shellSessions.run(commands);

      for (String expected : SEEN.getOrDefault(markdownDocument.name(), List.of())) {
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
            .filter(markdownDocument ->
                markdownDocument.blocks().stream().anyMatch(CodeBlock::isExecuted))
            .toList();
    assertThat(run).extracting(MarkdownDocument::name).containsAll(SEEN.keySet());
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
