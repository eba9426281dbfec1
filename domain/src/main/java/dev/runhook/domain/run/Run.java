package dev.runhook.domain.run;

import java.time.Instant;
import java.util.Optional;

/// One execution on a stack, in its current state.
///
/// @param createdAt when the reporting system created the run
/// @param delta the latest reported delta; absent if none was reported
public record Run(
    RunId id, RunDetails details, Instant createdAt, RunProgress progress, Optional<Delta> delta) {
  public Run withTransition(Transition transition) {
    return new Run(
        id,
        details,
        createdAt,
        new RunProgress(transition.state(), transition.version()),
        transition.delta().or(this::delta));
  }
}
