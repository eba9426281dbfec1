package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
        JsonNodeFactory.instance.objectNode().put("status", status.name()).put("dryRun", dryRun);
    if (LAST_SUCCESS.equals(since)) {
      body.put("sinceLastSuccess", true);
    } else if (since != null) {
      body.put("from", time("--since", since, command));
    }
    if (until != null) {
      body.put("to", time("--until", until, command));
    }
    if (run != null) {
      body.put("run", run);
    }
    if (state != null) {
      body.put("state", state.name());
    }
    return body;
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
