package dev.runhook.testkit.memory;

import dev.runhook.application.spi.Lease;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Disposition;
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
record DeliveryState(
    Status status,
    Optional<Instant> due,
    Optional<Instant> attemptStartedAt,
    int attemptsStarted,
    int failures,
    List<Attempt> completedAttempts,
    Optional<Instant> deliveredAt) {
  private static final Outcome INTERRUPTED =
      new Outcome.InternalError(
          "the sender stopped before it saw the answer; the receiver may have got this attempt");

  DeliveryState {
    completedAttempts = List.copyOf(completedAttempts);
  }

  /// Behind others, if there are any.
  static DeliveryState waiting() {
    return new DeliveryState(
        Status.PENDING, Optional.empty(), Optional.empty(), 0, 0, List.of(), Optional.empty());
  }

  boolean isDue(Instant now) {
    return due.filter(instant -> !instant.isAfter(now)).isPresent();
  }

  /// Whether an attempt is under way whose lease has not ended.
  boolean isLeased(Instant now) {
    return attemptStartedAt.isPresent() && !isDue(now);
  }

  /// Whether an attempt of that number is under way, its lease ended or not.
  boolean isLeasedAs(Lease lease) {
    return attemptStartedAt.isPresent() && attemptsStarted == lease.attempt();
  }

  DeliveryState promoted(Instant now) {
    return new DeliveryState(
        status,
        Optional.of(now),
        Optional.empty(),
        attemptsStarted,
        failures,
        completedAttempts,
        deliveredAt);
  }

  /// The next attempt is begun; one that was begun before and never ended is kept as interrupted.
  DeliveryState leased(Instant now, Duration lease) {
    List<Attempt> before = new ArrayList<>(completedAttempts);
    attemptStartedAt.ifPresent(start ->
        before.add(new Attempt(attemptsStarted, start, Duration.between(start, now), INTERRUPTED)));
    return new DeliveryState(
        status,
        Optional.of(now.plus(lease)),
        Optional.of(now),
        attemptsStarted + 1,
        attemptStartedAt.isPresent() ? failures + 1 : failures,
        before,
        deliveredAt);
  }

  DeliveryState completed(Attempt attempt, Disposition disposition, Instant now) {
    List<Attempt> all = new ArrayList<>(completedAttempts);
    all.add(attempt.withDisposition(disposition));
    return switch (disposition) {
      case Disposition.Delivered() -> finished(Status.DELIVERED, failures, all, Optional.of(now));
      case Disposition.Exhausted() -> finished(Status.FAILED, failures + 1, all, Optional.empty());
      case Disposition.Retry(Duration delay, _) ->
          new DeliveryState(
              status,
              Optional.of(now.plus(delay)),
              Optional.empty(),
              attemptsStarted,
              failures + 1,
              all,
              deliveredAt);
    };
  }

  private DeliveryState finished(
      Status how, int failed, List<Attempt> all, Optional<Instant> delivered) {
    return new DeliveryState(
        how, Optional.empty(), Optional.empty(), attemptsStarted, failed, all, delivered);
  }

  /// The attempt under way was never made.
  DeliveryState released(Instant now) {
    return new DeliveryState(
        status,
        Optional.of(now),
        Optional.empty(),
        attemptsStarted - 1,
        failures,
        completedAttempts,
        deliveredAt);
  }
}
