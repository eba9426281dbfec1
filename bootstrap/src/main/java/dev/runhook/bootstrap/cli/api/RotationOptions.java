package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.text.Durations;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a secret is replaced.
final class RotationOptions {
  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "A file with the new secret (default: a generated one).")
  private @Nullable Path secret;

  @Option(
      names = "--overlap",
      defaultValue = "24h",
      paramLabel = "TIME",
      description = "How long both are valid (default: ${DEFAULT-VALUE}).")
  private String overlap = "";

  ObjectNode body(ApiCommand command) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("overlap", command.parse("--overlap ", () -> Durations.parse(overlap)).toString());
    command.addSecret(body, secret);
    return body;
  }
}
