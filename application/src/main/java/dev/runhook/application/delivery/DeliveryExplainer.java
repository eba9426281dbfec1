package dev.runhook.application.delivery;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.spi.StoredDelivery;
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

/// Tells why a delivery stands as it does: what was decided, in order, with the values used.
final class DeliveryExplainer {
  private DeliveryExplainer() {}

  static List<String> explain(StoredDelivery detail) {
    Delivery delivery = detail.delivery();
    List<String> sentences = new ArrayList<>();
    delivery
        .redeliveryOf()
        .ifPresent(of -> sentences.add("delivers once more what " + of + " did"));
    sentences.add(
        "created at " + delivery.createdAt().truncatedTo(MILLIS) + " for " + subject(delivery));
    detail.attempts().forEach(attempt -> sentences.add(sentence(attempt)));
    sentences.addAll(explainStatus(detail));
    if (detail.payload() instanceof StoredPayload.Erased(String sha256)) {
      sentences.add("its payload was forgotten on demand; the SHA-256 of it was " + sha256);
    }
    return List.copyOf(sentences);
  }

  private static String subject(Delivery delivery) {
    return delivery
        .transition()
        .map(transitionRef ->
            transitionRef.state()
                + ", version "
                + transitionRef.version()
                + " of run "
                + transitionRef.run())
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
    String told = attempt.outcome().error().map(error -> ended + ": " + error).orElse(ended);
    return attempt.retryDelayReason().map(wait -> told + "; the next after " + wait).orElse(told);
  }

  private static List<String> explainStatus(StoredDelivery detail) {
    return explainStatus(detail.delivery(), detail.webhook(), detail.blockedBy());
  }

  /// How a delivery stands, without what came before.
  ///
  /// @param head that of its lane, where it is another
  static List<String> explainStatus(Delivery delivery, Webhook webhook, Optional<Delivery> head) {
    return switch (delivery.status()) {
      case DELIVERED -> List.of("delivered with attempt " + delivery.attemptCount());
      case FAILED ->
          List.of(
              "given up after attempt "
                  + delivery.attemptCount()
                  + "; later deliveries of the run go on");
      case PENDING -> waiting(delivery, webhook.health(), head);
    };
  }

  private static List<String> waiting(Delivery delivery, Health health, Optional<Delivery> head) {
    Optional<String> lane = head.map(other -> behind(other, health));
    Optional<String> otherwise =
        switch (health) {
          case Health.Disabled(Instant since, String reason) ->
              Optional.of(
                  "waits because the webhook is disabled since "
                      + since.truncatedTo(MILLIS)
                      + ": "
                      + reason);
          case Health.Paused(Instant since, int failures, Instant nextProbe, String reason) ->
              Optional.of(
                  "waits because the webhook is paused since %s after %d failed attempts in a row (%s); next probe at %s"
                      .formatted(
                          since.truncatedTo(MILLIS),
                          failures,
                          reason,
                          nextProbe.truncatedTo(MILLIS)));
          case Health.Active _ -> lane.isPresent() ? Optional.empty() : Optional.of(next(delivery));
        };
    return Stream.of(lane, otherwise).flatMap(Optional::stream).toList();
  }

  /// Names the head of the lane; what keeps that one from being sent, it says where that is time
  /// alone.
  private static String behind(Delivery head, Health health) {
    String which =
        head.transition()
            .map(transitionRef ->
                "version %d (%s) of run %s"
                    .formatted(transitionRef.version(), transitionRef.state(), transitionRef.run()))
            .orElse("a ping");
    String now =
        switch (health) {
          case Health.Active _ -> next(head);
          case Health.Paused _, Health.Disabled _ -> "waits as well";
        };
    return "waits for %s, delivery %s, which has had %s and %s"
        .formatted(which, head.id(), attempts(head.attemptCount()), now);
  }

  private static String next(Delivery delivery) {
    return delivery
        .nextAttemptAt()
        .map(due -> "is under way, or tried next at " + due.truncatedTo(MILLIS))
        .orElse("waits for an earlier delivery of the same run to this webhook");
  }

  private static String attempts(int begun) {
    return switch (begun) {
      case 0 -> "no attempt";
      case 1 -> "1 attempt";
      default -> begun + " attempts";
    };
  }
}
