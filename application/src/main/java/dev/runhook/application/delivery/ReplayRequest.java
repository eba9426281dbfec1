package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.Replay.Selection;
import dev.runhook.domain.run.RunState;
import java.time.Instant;
import java.util.Optional;

/// Selects the events of a webhook to replay.
///
/// @param from the earliest creation time, inclusive; absent for what the other parameters say
/// @param to the latest creation time, exclusive; absent for now
/// @param sinceLastSuccess whether to begin with the creation of the latest delivery of a
///   transition that was delivered, redeliveries aside
/// @param run only events of this run; without another beginning, all of them
/// @param state only events of this state
public record ReplayRequest(
    Optional<Instant> from,
    Optional<Instant> to,
    boolean sinceLastSuccess,
    Replay.Status status,
    Optional<String> run,
    Optional<RunState> state) {
  public static final int MAX_DELIVERIES = 100_000;

  public ReplayRequest {
    if (from.isPresent() && sinceLastSuccess) {
      throw new IllegalArgumentException("from and sinceLastSuccess exclude each other");
    }
    if (from.isEmpty() && !sinceLastSuccess && run.isEmpty()) {
      throw new IllegalArgumentException("from, sinceLastSuccess or run is required");
    }
    if (from.isPresent() && to.filter(end -> !from.get().isBefore(end)).isPresent()) {
      throw new IllegalArgumentException("from must be before to");
    }
  }

  /// Selects the events since that time.
  public static ReplayRequest since(Instant from, Replay.Status status) {
    return new ReplayRequest(
        Optional.of(from), Optional.empty(), false, status, Optional.empty(), Optional.empty());
  }

  /// @param resolvedFrom the beginning, if the request does not have it
  Selection toSelection(Instant resolvedFrom) {
    return new Selection(from.orElse(resolvedFrom), to, status, run, state);
  }
}
