package dev.runhook.http.delivery;

import dev.runhook.application.delivery.RunExplanation;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What each webhook was told of a run, or why not.
record RunExplanationJson(String run, String stack, List<ExplainedTransitionJson> transitions) {
  record ExplainedTransitionJson(
      RunState state, long stateVersion, Instant timestamp, List<WebhookOutcomeJson> webhooks) {
    static ExplainedTransitionJson of(RunExplanation.TransitionExplanation transitionExplanation) {
      return new ExplainedTransitionJson(
          transitionExplanation.transition().state(),
          transitionExplanation.transition().version(),
          transitionExplanation.transition().occurredAt(),
          transitionExplanation.webhooks().stream().map(WebhookOutcomeJson::of).toList());
    }
  }

  /// @param delivery null where there is none, as is its status
  record WebhookOutcomeJson(
      String webhook,
      String name,
      String endpoint,
      @Nullable String delivery,
      Delivery.@Nullable Status status,
      List<String> explanation) {
    static WebhookOutcomeJson of(RunExplanation.WebhookOutcome webhookOutcome) {
      return new WebhookOutcomeJson(
          webhookOutcome.webhook().id().toString(),
          webhookOutcome.webhook().settings().name(),
          webhookOutcome.webhook().settings().endpoint().text(),
          webhookOutcome.delivery().map(delivery -> delivery.id().toString()).orElse(null),
          webhookOutcome.delivery().map(Delivery::status).orElse(null),
          webhookOutcome.explanation());
    }
  }

  static RunExplanationJson of(RunExplanation explanation) {
    return new RunExplanationJson(
        explanation.run().name(),
        explanation.run().stack().slug(),
        explanation.transitions().stream().map(ExplainedTransitionJson::of).toList());
  }
}
