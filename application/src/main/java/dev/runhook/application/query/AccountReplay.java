package dev.runhook.application.query;

import static java.util.Comparator.naturalOrder;

import dev.runhook.domain.delivery.ReplayId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// The replays of several webhooks that one request created.
///
/// @param id of all of them together
public record AccountReplay(ReplayId id, List<ReplayProgress> replays) {
  public AccountReplay {
    replays = List.copyOf(replays);
  }

  public int sum(ToIntFunction<ReplayProgress> count) {
    return replays.stream().mapToInt(count).sum();
  }

  /// Returns when the last delivery was created; absent while there may be more.
  public Optional<Instant> completedAt() {
    return replays.stream().allMatch(replay -> replay.completedAt().isPresent())
        ? replays.stream().flatMap(replay -> replay.completedAt().stream()).max(naturalOrder())
        : Optional.empty();
  }

  public Optional<Instant> canceledAt() {
    return replays.stream().flatMap(replay -> replay.canceledAt().stream()).max(naturalOrder());
  }
}
