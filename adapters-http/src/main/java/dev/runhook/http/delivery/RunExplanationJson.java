package dev.runhook.http.delivery;

import dev.runhook.application.delivery.RunExplanation;
import dev.runhook.application.delivery.RunExplanation.TransitionExplanation;
import dev.runhook.application.delivery.RunExplanation.WebhookOutcome;
import dev.runhook.application.query.Page;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.api.Pagination;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// For each transition of a run and each webhook of its stack: the delivery, or why there is none.
///
/// @param transitions the latest ones, ordered by version
/// @param nextTransitions the cursor of the earlier ones
record RunExplanationJson(
    String run,
    StackId stack,
    List<ExplainedTransitionJson> transitions,
    Optional<String> nextTransitions) {
  static RunExplanationJson of(RunExplanation explanation) {
    Page<TransitionExplanation> page = explanation.transitions();
    return new RunExplanationJson(
        explanation.run().name(),
        explanation.run().stack(),
        page.items().reversed().stream().map(ExplainedTransitionJson::of).toList(),
        Pagination.encodeNext(page));
  }

  record ExplainedTransitionJson(
      RunState state, long stateVersion, Instant timestamp, List<WebhookOutcomeJson> webhooks) {
    static ExplainedTransitionJson of(TransitionExplanation explanation) {
      return new ExplainedTransitionJson(
          explanation.transition().state(),
          explanation.transition().version(),
          explanation.transition().occurredAt(),
          explanation.webhooks().stream().map(WebhookOutcomeJson::of).toList());
    }
  }

  /// @param delivery null, like its status and phase, if there is no delivery
  record WebhookOutcomeJson(
      String webhook,
      String name,
      String endpoint,
      boolean deleted,
      Optional<String> delivery,
      Optional<Delivery.Status> status,
      Optional<DeliveryPhase> phase,
      List<ExplanationJson> explanation) {
    static WebhookOutcomeJson of(WebhookOutcome outcome) {
      return new WebhookOutcomeJson(
          outcome.webhook().id().toString(),
          outcome.webhook().settings().name(),
          outcome.webhook().settings().endpoint().text(),
          outcome.deleted(),
          outcome.delivery().map(delivery -> delivery.id().toString()),
          outcome.delivery().map(Delivery::status),
          outcome.delivery().map(Delivery::phase),
          ExplanationJson.of(outcome.explanation()));
    }
  }
}
