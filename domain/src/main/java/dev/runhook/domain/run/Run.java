package dev.runhook.domain.run;

import java.time.Instant;
import java.util.Optional;

/// One execution on a stack, as it stands now.
///
/// @param createdAt when the reporter's system made it
/// @param delta what it changes, as last told; absent while unknown
public record Run(
    RunId id, RunDetails details, Instant createdAt, RunProgress progress, Optional<Delta> delta) {
  /// This run after a transition of its own.
  public Run withTransition(Transition transition) {
    return new Run(
        id,
        details,
        createdAt,
        new RunProgress(transition.state(), transition.version()),
        transition.delta().or(this::delta));
  }
}
