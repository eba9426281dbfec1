package dev.runhook.testkit;

import dev.runhook.application.spi.Lease;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a delivery stands.
///
/// @param due when it may be taken, or the lease on it ends; absent behind the head of its lane,
///   and when finished
/// @param begunAt when the attempt under way was begun; absent when none is
/// @param begun how many attempts were begun
/// @param failures how many of them failed
/// @param ended the attempts that ended
record Standing(
    Status status,
    Optional<Instant> due,
    Optional<Instant> begunAt,
    int begun,
    int failures,
    List<Attempt> ended,
    Optional<Instant> deliveredAt) {
  private static final Outcome INTERRUPTED =
      new Outcome.Faulted(
          "the sender stopped before it saw the answer; the receiver may have got this attempt");

  Standing {
    ended = List.copyOf(ended);
  }

  /// Behind others, if there are any.
  static Standing waiting() {
    return new Standing(
        Status.PENDING, Optional.empty(), Optional.empty(), 0, 0, List.of(), Optional.empty());
  }

  boolean isDue(Instant now) {
    return due.filter(instant -> !instant.isAfter(now)).isPresent();
  }

  /// Whether an attempt is under way whose lease has not ended.
  boolean isLeased(Instant now) {
    return begunAt.isPresent() && !isDue(now);
  }

  /// Whether an attempt of that number is under way, its lease ended or not.
  boolean isUnder(Lease lease) {
    return begunAt.isPresent() && begun == lease.attempt();
  }

  Standing freed(Instant now) {
    return new Standing(
        status, Optional.of(now), Optional.empty(), begun, failures, ended, deliveredAt);
  }

  /// The next attempt is begun; one that was begun before and never ended is kept as interrupted.
  Standing leased(Instant now, Duration lease) {
    List<Attempt> before = new ArrayList<>(ended);
    begunAt.ifPresent(
        start -> before.add(new Attempt(begun, start, Duration.between(start, now), INTERRUPTED)));
    return new Standing(
        status,
        Optional.of(now.plus(lease)),
        Optional.of(now),
        begun + 1,
        begunAt.isPresent() ? failures + 1 : failures,
        before,
        deliveredAt);
  }

  Standing settled(Attempt attempt, Fate fate, Instant now) {
    List<Attempt> all = new ArrayList<>(ended);
    all.add(attempt.followedBy(fate));
    return switch (fate) {
      case Fate.Delivered() -> finished(Status.DELIVERED, failures, all, Optional.of(now));
      case Fate.GivenUp() -> finished(Status.FAILED, failures + 1, all, Optional.empty());
      case Fate.Retried(Duration delay, _) ->
          new Standing(
              status,
              Optional.of(now.plus(delay)),
              Optional.empty(),
              begun,
              failures + 1,
              all,
              deliveredAt);
    };
  }

  private Standing finished(
      Status how, int failed, List<Attempt> all, Optional<Instant> delivered) {
    return new Standing(how, Optional.empty(), Optional.empty(), begun, failed, all, delivered);
  }

  /// The attempt under way was never made.
  Standing released(Instant now) {
    return new Standing(
        status, Optional.of(now), Optional.empty(), begun - 1, failures, ended, deliveredAt);
  }
}
