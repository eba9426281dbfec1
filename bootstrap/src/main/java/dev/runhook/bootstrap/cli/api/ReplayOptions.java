package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.text.Durations;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a replay selects.
final class ReplayOptions {
  private static final String LAST_SUCCESS = "last-success";

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "A time such as 2026-01-02T03:00:00Z, a duration such as 2h, or last-success.")
  private @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "WHEN",
      description = "A time or a duration, exclusive (default: now).")
  private @Nullable String until;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "FAILED, DELIVERED, or SKIPPED (because of a filter, or while disabled).")
  private Replay.Status status = Replay.Status.FAILED;

  @Option(names = "--run", paramLabel = "RUN", description = "Only events of this run.")
  private @Nullable String run;

  @Option(names = "--state", paramLabel = "STATE", description = "Only events of this run state.")
  private @Nullable RunState state;

  @Option(names = "--dry-run", description = "Only counts the deliveries.")
  private boolean dryRun;

  ObjectNode body(CliCommand command) {
    if (since == null && run == null) {
      throw command.usageError("set --since or --run");
    }
    ObjectNode body =
        ApiCommand.object().put("status", status.name()).put("run", run).put("dryRun", dryRun);
    body.put("state", state == null ? null : state.name());
    body.put("to", until == null ? null : time("--until", until, command));
    return LAST_SUCCESS.equals(since)
        ? body.put("sinceLastSuccess", true)
        : since == null ? body : body.put("from", time("--since", since, command));
  }

  private static String time(String option, String text, CliCommand command) {
    try {
      return OffsetDateTime.parse(text).toInstant().toString();
    } catch (DateTimeParseException _) {
      return command
          .parse(option + " ", () -> Instant.now().minus(Durations.parse(text)))
          .toString();
    }
  }
}
