package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.domain.delivery.Replay;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a replay selects.
final class ReplayOptions extends EventOptions {
  private static final String LAST_SUCCESS = "last-success";

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "A time such as 2026-01-02T03:00:00Z, a duration such as 2h, or last-success.")
  private @Nullable String since;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description =
          "FAILED, DELIVERED, CANCELED, or SKIPPED (because of a filter, or while disabled).")
  private Replay.Status status = Replay.Status.FAILED;

  @Override
  ObjectNode body(CliCommand command) {
    if (since == null && run == null) {
      throw command.usageError("set --since or --run");
    }
    ObjectNode body = super.body(command).put("status", status.name());
    return LAST_SUCCESS.equals(since)
        ? body.put("sinceLastSuccess", true)
        : since == null ? body : body.put("from", time("--since", since, command));
  }
}
