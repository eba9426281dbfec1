package dev.runhook.application.delivery;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.webhook.Health;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Tells why a delivery stands as it does: what was decided, in order, with the values used.
final class Explanation {
  private Explanation() {}

  static List<String> of(DeliveryDetail detail) {
    Delivery delivery = detail.delivery();
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "created at " + delivery.createdAt().truncatedTo(MILLIS) + " for " + subject(delivery));
    detail.attempts().forEach(attempt -> sentences.add(sentence(attempt)));
    sentences.add(standing(detail));
    return List.copyOf(sentences);
  }

  private static String subject(Delivery delivery) {
    return delivery
        .move()
        .map(move -> move.state() + ", version " + move.version() + " of run " + move.run())
        .orElse("a ping");
  }

  private static String sentence(Attempt attempt) {
    String ended =
        "attempt "
            + attempt.number()
            + " at "
            + attempt.startedAt().truncatedTo(MILLIS)
            + " ended in "
            + attempt.outcome().code();
    return attempt.outcome().error().map(error -> ended + ": " + error).orElse(ended);
  }

  private static String standing(DeliveryDetail detail) {
    Delivery delivery = detail.delivery();
    return switch (delivery.status()) {
      case DELIVERED -> "delivered with attempt " + delivery.attempts();
      case FAILED ->
          "given up after attempt " + delivery.attempts() + "; later deliveries of the run go on";
      case PENDING -> waiting(detail);
    };
  }

  private static String waiting(DeliveryDetail detail) {
    return switch (detail.webhook().health()) {
      case Health.Disabled(Instant since, String reason) ->
          "waits because the webhook is disabled since "
              + since.truncatedTo(MILLIS)
              + ": "
              + reason;
      case Health.Paused(Instant since, int failures, Instant nextProbe, String reason) ->
          "waits because the webhook is paused since %s after %d failed attempts in a row (%s); next probe at %s"
              .formatted(
                  since.truncatedTo(MILLIS), failures, reason, nextProbe.truncatedTo(MILLIS));
      case Health.Active _ ->
          detail
              .delivery()
              .nextAttemptAt()
              .map(due -> "is under way, or tried next at " + due.truncatedTo(MILLIS))
              .orElse("waits for an earlier delivery of the same run to this webhook");
    };
  }
}
