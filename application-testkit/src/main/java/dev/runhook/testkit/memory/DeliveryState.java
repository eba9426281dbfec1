package dev.runhook.testkit.memory;

import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The part of a delivery that changes.
///
/// @param due when it can be claimed or its lease expires; empty behind the head of its lane and
///   when finished
/// @param attemptStartedAt when the attempt in flight started, if there is one
/// @param failures the number of failed attempts
/// @param completedAttempts the attempts with a known or assumed outcome
record DeliveryState(
    Status status,
    Optional<Instant> due,
    Optional<Instant> attemptStartedAt,
    int attemptsStarted,
    int failures,
    List<Attempt> completedAttempts,
    Optional<Instant> deliveredAt) {
  private static final Outcome INTERRUPTED =
      new Outcome.InternalFailure(
          "the sender stopped before it saw a response; the receiver may have received this"
              + " attempt");

  DeliveryState {
    completedAttempts = List.copyOf(completedAttempts);
  }

  /// Returns the state of a new delivery, which is not due before it is promoted to the head of its
  /// lane.
  static DeliveryState waiting() {
    return new DeliveryState(
        Status.PENDING, Optional.empty(), Optional.empty(), 0, 0, List.of(), Optional.empty());
  }

  boolean isDue(Instant now) {
    return due.filter(instant -> !instant.isAfter(now)).isPresent();
  }

  /// Returns whether an attempt is in flight and its lease has not expired.
  boolean isLeased(Instant now) {
    return attemptStartedAt.isPresent() && !isDue(now);
  }

  /// Returns the phase of the delivery.
  ///
  /// @param health of its webhook
  /// @param nextSendAt see [DeliveryPhase#ofOpen]
  DeliveryPhase phase(Health health, Optional<Instant> nextSendAt, Instant now) {
    return switch (status) {
      case PENDING ->
          DeliveryPhase.ofOpen(
              due,
              attemptStartedAt.flatMap(ignored -> due),
              attemptsStarted,
              health,
              nextSendAt,
              now);
      case DELIVERED -> DeliveryPhase.DELIVERED;
      case FAILED -> DeliveryPhase.FAILED;
      case CANCELED -> DeliveryPhase.CANCELED;
    };
  }

  /// Returns whether the head of a lane waits for a later time, without an attempt in flight.
  boolean waitsForRetry(Instant now) {
    return due.isPresent() && attemptStartedAt.isEmpty() && !isDue(now);
  }

  /// Returns whether the attempt with the number of this lease is in flight, even if its lease has
  /// expired.
  boolean isLeasedAs(Lease lease) {
    return attemptStartedAt.isPresent() && attemptsStarted == lease.attempt();
  }

  /// Returns when it was delivered or failed; empty while it is open or if no attempt ended it.
  Optional<Instant> finishedAt() {
    return switch (status) {
      case PENDING, CANCELED -> Optional.empty();
      case DELIVERED -> deliveredAt;
      case FAILED ->
          completedAttempts.stream()
              .reduce((ignored, last) -> last)
              .map(last -> last.startedAt().plus(last.duration()));
    };
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

  /// Returns whether it waits longer than it can be made to wait.
  boolean waitsTooLong(Instant now) {
    Duration longest =
        attemptStartedAt.isPresent()
            ? Lease.MAX
            : attemptsStarted == 0 ? Duration.ZERO : RetrySchedule.MAX_DELAY;
    Instant latest = now.plus(longest).plus(Deliveries.TRANSACTION_MARGIN);
    return due.filter(instant -> instant.isAfter(latest)).isPresent();
  }

  DeliveryState dueAt(Instant now) {
    return new DeliveryState(
        status,
        Optional.of(now),
        attemptStartedAt,
        attemptsStarted,
        failures,
        completedAttempts,
        deliveredAt);
  }

  /// Starts the next attempt. An earlier attempt without an outcome is recorded as interrupted.
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

  DeliveryState completed(CompletedAttempt completed, Instant now) {
    Disposition disposition = completed.disposition();
    List<Attempt> all = new ArrayList<>(completedAttempts);
    all.add(withRetryDelayReason(completed.attempt(), disposition));
    return switch (disposition) {
      case Disposition.Delivered() -> finished(Status.DELIVERED, failures, all, Optional.of(now));
      case Disposition.Exhausted() -> finished(Status.FAILED, failures + 1, all, Optional.empty());
      case Disposition.Retry(Duration delay, var ignored) ->
          new DeliveryState(
              status,
              Optional.of(now.plus(delay)),
              Optional.empty(),
              attemptsStarted,
              completed.leased().isProbe() ? failures : failures + 1,
              all,
              deliveredAt);
    };
  }

  DeliveryState canceled() {
    return finished(Status.CANCELED, failures, completedAttempts, Optional.empty());
  }

  /// Fails the delivery without another attempt.
  DeliveryState discarded() {
    return finished(Status.FAILED, failures, completedAttempts, Optional.empty());
  }

  private static Attempt withRetryDelayReason(Attempt attempt, Disposition disposition) {
    return disposition instanceof Disposition.Retry(var ignored, var reason)
        ? new Attempt(
            attempt.number(),
            attempt.startedAt(),
            attempt.duration(),
            attempt.outcome(),
            reason,
            attempt.request())
        : attempt;
  }

  private DeliveryState finished(
      Status finalStatus, int totalFailures, List<Attempt> all, Optional<Instant> when) {
    return new DeliveryState(
        finalStatus, Optional.empty(), Optional.empty(), attemptsStarted, totalFailures, all, when);
  }

  /// Undoes the start of the attempt in flight.
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
