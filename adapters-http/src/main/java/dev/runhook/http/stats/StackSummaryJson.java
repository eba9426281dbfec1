package dev.runhook.http.stats;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.StackSummary;
import dev.runhook.application.StackSummary.LatestRun;
import dev.runhook.application.StackSummary.WebhookCounts;
import dev.runhook.domain.run.RunState;
import dev.runhook.http.run.StackRoutes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A stack in the list of stacks.
///
/// @param latestRun null if the stack has no runs
record StackSummaryJson(
    @JsonUnwrapped StackRoutes.StackJson stack,
    @Nullable LatestRunJson latestRun,
    WebhookCounts webhooks) {
  static StackSummaryJson of(StackSummary summary) {
    return new StackSummaryJson(
        StackRoutes.StackJson.of(summary.stack()),
        summary.latestRun().map(LatestRunJson::of).orElse(null),
        summary.webhooks());
  }

  record LatestRunJson(String id, RunState state, long stateVersion, Instant createdAt) {
    static LatestRunJson of(LatestRun run) {
      return new LatestRunJson(run.name(), run.state(), run.version(), run.createdAt());
    }
  }
}
