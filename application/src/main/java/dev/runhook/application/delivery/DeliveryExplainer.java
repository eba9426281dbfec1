package dev.runhook.application.delivery;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.spi.Deliveries.StoredDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Explains why a delivery has its status: each decision, in order, with the values that it used.
final class DeliveryExplainer {
  private DeliveryExplainer() {}

  static List<String> explain(StoredDelivery stored) {
    Delivery delivery = stored.delivery();
    List<String> lines = new ArrayList<>();
    delivery.redeliveryOf().ifPresent(original -> lines.add("redelivery of " + original));
    lines.add(
        "created at " + delivery.createdAt().truncatedTo(MILLIS) + " for " + subject(delivery));
    stored.attempts().stream()
        .findFirst()
        .map(first -> first.number() - 1)
        .filter(earlier -> earlier > 0)
        .ifPresent(earlier -> lines.add("omitted here: the first " + attempts(earlier)));
    stored.attempts().forEach(attempt -> lines.add(explain(attempt)));
    lines.addAll(
        isEndedByDeletion(stored)
            ? List.of("not delivered, because the webhook was deleted")
            : explainStatus(delivery, stored.webhook(), stored.blockedBy()));
    stored
        .webhookDeletedAt()
        .ifPresent(at -> lines.add("the webhook was deleted at " + at.truncatedTo(MILLIS)));
    if (stored.payload() instanceof StoredPayload.Erased(String sha256)) {
      lines.add("the payload was erased on request; its SHA-256 was " + sha256);
    }
    return List.copyOf(lines);
  }

  /// The last attempt of a delivery that failed by itself has no delay.
  static boolean isEndedByDeletion(StoredDelivery stored) {
    List<Attempt> attempts = stored.attempts();
    return stored.webhookDeletedAt().isPresent()
        && stored.delivery().status() != Delivery.Status.DELIVERED
        && (attempts.isEmpty() || attempts.getLast().retryDelayReason().isPresent());
  }

  private static String subject(Delivery delivery) {
    return delivery
        .transition()
        .map(transition ->
            "%s, version %d of run %s"
                .formatted(transition.state(), transition.version(), transition.run()))
        .orElse("a ping");
  }

  private static String explain(Attempt attempt) {
    String result =
        "attempt %d at %s ended in %s"
            .formatted(
                attempt.number(),
                attempt.startedAt().truncatedTo(MILLIS),
                attempt.outcome().code());
    return result
        + attempt.outcome().error().map(error -> ": " + error).orElse("")
        + attempt.retryDelayReason().map(delay -> "; next attempt after " + delay).orElse("");
  }

  /// Explains the status without the history.
  ///
  /// @param head the head of the lane, if that is another delivery
  static List<String> explainStatus(Delivery delivery, Webhook webhook, Optional<Delivery> head) {
    return switch (delivery.status()) {
      case DELIVERED -> List.of("delivered on attempt " + delivery.attemptCount());
      case FAILED ->
          List.of(
              "failed permanently after attempt "
                  + delivery.attemptCount()
                  + "; later deliveries of the run continue");
      case PENDING -> explainPending(delivery, webhook.health(), head);
    };
  }

  private static List<String> explainPending(
      Delivery delivery, Health health, Optional<Delivery> head) {
    Optional<String> lane = head.map(blocking -> explainLane(blocking, health));
    Optional<String> webhook =
        switch (health) {
          case Health.Disabled(Instant since, String reason) ->
              Optional.of(
                  "waits because the webhook has been disabled since %s: %s"
                      .formatted(since.truncatedTo(MILLIS), reason));
          case Health.Paused(Instant since, int failures, Instant nextProbeAt, String lastError) ->
              Optional.of(
                  """
                  waits because the webhook has been paused since %s, after %d consecutive failed \
                  attempts (%s); next probe at %s\
                  """
                      .formatted(
                          since.truncatedTo(MILLIS),
                          failures,
                          lastError,
                          nextProbeAt.truncatedTo(MILLIS)));
          case Health.Active _ ->
              lane.isPresent() ? Optional.empty() : Optional.of(nextAttempt(delivery));
        };
    return Stream.of(lane, webhook).flatMap(Optional::stream).toList();
  }

  private static String explainLane(Delivery head, Health health) {
    String subject =
        head.transition()
            .map(transition ->
                "version %d (%s) of run %s"
                    .formatted(transition.version(), transition.state(), transition.run()))
            .orElse("a ping");
    String status =
        switch (health) {
          case Health.Active _ -> nextAttempt(head);
          case Health.Paused _, Health.Disabled _ -> "waits as well";
        };
    return "waits for %s, delivery %s, which has had %s and %s"
        .formatted(subject, head.id(), attempts(head.attemptCount()), status);
  }

  private static String nextAttempt(Delivery delivery) {
    return delivery
        .nextAttemptAt()
        .map(due -> "is in flight or due at " + due.truncatedTo(MILLIS))
        .orElse("waits for an earlier delivery of the same run to this webhook");
  }

  private static String attempts(int count) {
    return switch (count) {
      case 0 -> "no attempt";
      case 1 -> "1 attempt";
      default -> count + " attempts";
    };
  }
}
