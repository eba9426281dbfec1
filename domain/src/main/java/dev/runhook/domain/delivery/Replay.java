package dev.runhook.domain.delivery;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.Optional;

/// A delivery of past events to one webhook, again or for the first time.
///
/// @param matched how many events match
/// @param erased how many of them are not sent, because their payload no longer exists
public record Replay(
    ReplayId id,
    WebhookId webhook,
    Selection selection,
    int matched,
    int erased,
    Instant createdAt) {
  /// The events of a replay.
  ///
  /// @param from the earliest creation time of the replayed deliveries, or of skipped events,
  ///   inclusive
  /// @param to the latest one, exclusive; absent for the time of the replay
  /// @param run only events of this run; absent for all runs
  /// @param state only events of this state; absent for all states
  public record Selection(
      Instant from,
      Optional<Instant> to,
      Status status,
      Optional<String> run,
      Optional<RunState> state) {}

  /// What has become of the events before the replay.
  public enum Status {
    DELIVERED,
    FAILED,
    CANCELED,
    /// The webhook got no delivery, because of a filter or because it was disabled.
    SKIPPED
  }
}
