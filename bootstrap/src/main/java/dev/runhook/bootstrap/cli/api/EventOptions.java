package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.text.Durations;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which events of a webhook a command is about.
abstract class EventOptions {
  @Option(
      names = "--until",
      paramLabel = "WHEN",
      description = "A time or a duration, exclusive (default: now).")
  private @Nullable String until;

  @Option(names = "--run", paramLabel = "RUN", description = "Only events of this run.")
  @Nullable String run;

  @Option(names = "--state", paramLabel = "STATE", description = "Only events of this run state.")
  private @Nullable RunState state;

  @Option(names = "--dry-run", description = "Only counts the deliveries.")
  private boolean dryRun;

  /// Returns the body of a request that is about these events.
  ObjectNode body(CliCommand command) {
    ObjectNode body = ApiCommand.object().put("run", run).put("dryRun", dryRun);
    body.put("state", state == null ? null : state.name());
    return body.put("to", until == null ? null : time("--until", until, command));
  }

  static String time(String option, String text, CliCommand command) {
    try {
      return OffsetDateTime.parse(text).toInstant().toString();
    } catch (DateTimeParseException _) {
      return command
          .parse(option + " ", () -> Instant.now().minus(Durations.parse(text)))
          .toString();
    }
  }
}
