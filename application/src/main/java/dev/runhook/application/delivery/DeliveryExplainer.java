package dev.runhook.application.delivery;

import static java.util.Comparator.comparing;

import dev.runhook.application.spi.delivery.Deliveries.Predecessor;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Cancellation;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Interruption;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Explains why a delivery has its status: each decision, in order, with the values that it used.
final class DeliveryExplainer {
  private static final Set<DeliveryPhase> WAITS =
      EnumSet.of(DeliveryPhase.PAUSED, DeliveryPhase.DISABLED);

  private static final Set<Delivery.Status> ENDED_BY_DELETION =
      EnumSet.of(Delivery.Status.PENDING, Delivery.Status.FAILED);

  /// A shorter wait for an earlier delivery of the same run is usual.
  private static final Duration MIN_WAIT = Duration.ofSeconds(1);

  private DeliveryExplainer() {}

  static List<Explanation> explain(StoredDelivery stored) {
    Delivery delivery = stored.delivery();
    List<Explanation> statements = new ArrayList<>();
    delivery.redeliveryOf().map(Code.REDELIVERY::with).ifPresent(statements::add);
    statements.add(creation(delivery));
    statements.addAll(explainAttempts(stored));
    statements.addAll(
        isEndedByDeletion(stored)
            ? List.of(Code.DELETION.with())
            : stored
                .cancellation()
                .map(canceled -> List.of(explain(canceled)))
                .orElseGet(() -> explainStatus(delivery, stored.webhook(), stored.blockedBy())));
    stored.webhookDeletedAt().map(Code.WEBHOOK_DELETED::with).ifPresent(statements::add);
    if (stored.payload() instanceof StoredPayload.Erased(String sha256, var ignored)) {
      statements.add(Code.PAYLOAD_ERASED.with(sha256));
    }
    return List.copyOf(statements);
  }

  /// Explains the attempts, and before each of them why the delivery waited.
  private static List<Explanation> explainAttempts(StoredDelivery stored) {
    List<Explanation> statements = new ArrayList<>();
    List<Attempt> attempts = stored.attempts();
    Instant begin = stored.delivery().createdAt();
    if (!attempts.isEmpty() && attempts.getFirst().number() > 1) {
      begin = attempts.getFirst().startedAt();
      statements.add(Code.ATTEMPTS_OMITTED.with(attempts.getFirst().number() - 1));
    }
    for (Attempt attempt : attempts) {
      Instant end = attempt.startedAt().plus(attempt.duration());
      statements.addAll(
          explainWaits(
              stored, begin, wait -> !wait.until().isAfter(end) || isEndedBy(attempt, wait)));
      statements.add(explain(attempt));
      begin = end;
    }
    if (stored.delivery().status() == Delivery.Status.PENDING) {
      statements.addAll(explainWaits(stored, begin, ignored -> true));
    }
    return statements;
  }

  /// A delivered probe ends the pause of its webhook, a moment after its own end.
  private static boolean isEndedBy(Attempt attempt, Wait wait) {
    return attempt.outcome().isDelivered() && wait.since().isBefore(attempt.startedAt());
  }

  /// Explains the waits that ended after this time.
  ///
  /// @param beforeNext whether the wait ended before the end of the next attempt. Its start is by
  ///   the clock of a process, and can be before the end of the wait.
  private static List<Explanation> explainWaits(
      StoredDelivery stored, Instant begin, Predicate<Wait> beforeNext) {
    Instant created = stored.delivery().createdAt();
    return Stream.concat(
            stored.interruptions().stream().map(DeliveryExplainer::explain),
            stored.predecessor().stream()
                .filter(earlier -> earlier.finishedAt().isAfter(created.plus(MIN_WAIT)))
                .map(earlier -> explain(earlier, created)))
        .filter(wait -> wait.until().isAfter(begin) && beforeNext.test(wait))
        .sorted(comparing(Wait::until))
        .map(Wait::explanation)
        .toList();
  }

  private static Explanation explain(Cancellation canceled) {
    if (canceled.by().isEmpty()) {
      return Code.SUPERSEDED.with(canceled.at());
    }
    String by = canceled.by().get();
    return canceled.reason().isBlank()
        ? Code.CANCELED_BY.with(canceled.at(), by)
        : Code.CANCELED_BECAUSE.with(canceled.at(), by, canceled.reason());
  }

  private record Wait(Instant since, Instant until, Explanation explanation) {}

  private static Wait explain(Interruption interruption) {
    Code code =
        switch (interruption.cause()) {
          case PAUSED -> Code.WAITED_PAUSED;
          case DISABLED -> Code.WAITED_DISABLED;
        };
    return new Wait(
        interruption.since(),
        interruption.until(),
        code.with(interruption.since(), interruption.until()));
  }

  private static Wait explain(Predecessor earlier, Instant since) {
    TransitionRef ref = earlier.transition();
    Instant until = earlier.finishedAt();
    return new Wait(
        since,
        until,
        Code.WAITED_LANE.with(until, ref.version(), ref.state(), ref.run(), earlier.id()));
  }

  /// The last attempt of a delivery that failed by itself has no delay.
  static boolean isEndedByDeletion(StoredDelivery stored) {
    List<Attempt> attempts = stored.attempts();
    return stored.webhookDeletedAt().isPresent()
        && ENDED_BY_DELETION.contains(stored.delivery().status())
        && (attempts.isEmpty() || attempts.getLast().retryDelayReason().isPresent());
  }

  private static Explanation creation(Delivery delivery) {
    return delivery
        .transition()
        .map(ref -> Code.CREATED.with(delivery.createdAt(), ref.state(), ref.version(), ref.run()))
        .orElseGet(() ->
            switch (delivery.kind()) {
              case PING -> Code.PING_CREATED.with(delivery.createdAt());
              case TEST -> Code.TEST_CREATED.with(delivery.createdAt());
              case RUN_STATE_CHANGED,
                  WEBHOOK_PAUSED,
                  WEBHOOK_RESUMED,
                  WEBHOOK_DISABLED,
                  DELIVERY_FAILED,
                  SECRET_ROTATED,
                  QUEUE_LAGGING ->
                  Code.EVENT_CREATED.with(delivery.createdAt(), delivery.kind().wireName());
            });
  }

  private static Explanation explain(Attempt attempt) {
    int number = attempt.number();
    Outcome.Code outcome = attempt.outcome().code();
    return attempt
        .outcome()
        .error()
        .map(error ->
            attempt
                .retryDelayReason()
                .map(delay ->
                    Code.ATTEMPT_RETRIED.with(number, attempt.startedAt(), outcome, error, delay))
                .orElseGet(
                    () -> Code.ATTEMPT_FAILED.with(number, attempt.startedAt(), outcome, error)))
        .orElseGet(() -> Code.ATTEMPT_DELIVERED.with(number, attempt.startedAt(), outcome));
  }

  /// Explains the status without the history.
  ///
  /// @param head the head of the lane, if that is another delivery
  static List<Explanation> explainStatus(
      Delivery delivery, Webhook webhook, Optional<Delivery> head) {
    Optional<Explanation> lane = head.map(DeliveryExplainer::explainLane);
    Optional<Explanation> phase =
        switch (delivery.phase()) {
          case DELIVERED -> Optional.of(Code.DELIVERED.with(delivery.attemptCount()));
          case CANCELED -> Optional.of(Code.CANCELED.with());
          case FAILED -> Optional.of(Code.FAILED.with(delivery.attemptCount()));
          case SENDING -> Optional.of(Code.SENDING.with(delivery.attemptCount()));
          case DUE -> delivery.nextAttemptAt().map(Code.UNCLAIMED::with);
          case RATE_LIMITED -> delivery.nextAttemptAt().map(Code.RATE_LIMITED::with);
          case RETRYING -> delivery.nextAttemptAt().map(Code.DUE::with);
          case WAITING_FOR_LANE ->
              lane.isPresent() ? Optional.empty() : Optional.of(Code.LANE.with());
          case PAUSED, DISABLED -> explainHealth(webhook.health());
        };
    return Stream.of(lane, phase).flatMap(Optional::stream).toList();
  }

  private static Optional<Explanation> explainHealth(Health health) {
    return switch (health) {
      case Health.Disabled(Instant since, Optional<String> by) ->
          Optional.of(
              by.map(name -> Code.DISABLED.with(since, name))
                  .orElseGet(() -> Code.DISABLED_BY_RECEIVER.with(since)));
      case Health.Paused(Instant since, int failures, Instant nextProbeAt, String lastError) ->
          Optional.of(Code.PAUSED.with(since, failures, lastError, nextProbeAt));
      case Health.Active ignored -> Optional.empty();
    };
  }

  private static Explanation explainLane(Delivery head) {
    Optional<Instant> due = head.nextAttemptAt().filter(ignored -> !WAITS.contains(head.phase()));
    return head.transition()
        .map(ref -> explainLane(head, ref, due))
        .orElseGet(() -> {
          String event = head.kind().wireName();
          return due.map(at -> Code.LANE_EVENT_DUE.with(event, head.id(), at, head.attemptCount()))
              .orElseGet(() -> Code.LANE_EVENT_WAITING.with(event, head.id(), head.attemptCount()));
        });
  }

  private static Explanation explainLane(Delivery head, TransitionRef ref, Optional<Instant> due) {
    return due.map(at ->
            Code.LANE_HEAD_DUE.with(
                ref.version(), ref.state(), ref.run(), head.id(), at, head.attemptCount()))
        .orElseGet(() ->
            Code.LANE_HEAD_WAITING.with(
                ref.version(), ref.state(), ref.run(), head.id(), head.attemptCount()));
  }
}
