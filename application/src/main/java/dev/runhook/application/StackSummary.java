package dev.runhook.application;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import java.time.Instant;
import java.util.Optional;

/// A stack as it is seen in a list: with its latest run and how its webhooks do.
public record StackSummary(Stack stack, Optional<LatestRun> latestRun, WebhookCounts webhooks) {
  /// The run that was started last, as it stands now.
  public record LatestRun(String name, RunState state, long version, Instant createdAt) {}

  /// How many webhooks there are, and how many of them are not well.
  ///
  /// @param failing active, with at least one failed attempt in a row
  public record WebhookCounts(int total, int failing, int paused, int disabled) {}
}
