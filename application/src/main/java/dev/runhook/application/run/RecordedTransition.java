package dev.runhook.application.run;

import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Transition;
import java.time.Instant;

/// What became of a report.
///
/// @param deliveries how many deliveries were created for it just now
/// @param repeated whether it had been recorded before, so that nothing was done
public record RecordedTransition(Transition transition, int deliveryCount, boolean duplicate) {
  public RunId run() {
    return transition.run();
  }

  public RunState state() {
    return transition.state();
  }

  public long version() {
    return transition.version();
  }

  public Instant occurredAt() {
    return transition.occurredAt();
  }
}
