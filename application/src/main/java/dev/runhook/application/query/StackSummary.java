package dev.runhook.application.query;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import java.time.Instant;
import java.util.Optional;

/// A stack in a list, with its latest run.
///
/// @param failedDeliveries as in [dev.runhook.domain.assessment.WebhookActivity], of all its
///   webhooks, including deleted ones
public record StackSummary(Stack stack, Optional<LatestRun> latestRun, int failedDeliveries) {
  /// The run that was created last, in its current state.
  public record LatestRun(String name, RunState state, long version, Instant createdAt) {}
}
