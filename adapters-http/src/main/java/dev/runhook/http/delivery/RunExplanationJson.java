package dev.runhook.http.delivery;

import dev.runhook.application.delivery.RunExplanation;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For each transition of a run and each webhook of its stack: the delivery, or why there is none.
record RunExplanationJson(String run, String stack, List<ExplainedTransitionJson> transitions) {
  record ExplainedTransitionJson(
      RunState state, long stateVersion, Instant timestamp, List<WebhookOutcomeJson> webhooks) {
    static ExplainedTransitionJson of(RunExplanation.TransitionExplanation explanation) {
      return new ExplainedTransitionJson(
          explanation.transition().state(),
          explanation.transition().version(),
          explanation.transition().occurredAt(),
          explanation.webhooks().stream().map(WebhookOutcomeJson::of).toList());
    }
  }

  /// @param delivery null, like its status, if there is no delivery
  record WebhookOutcomeJson(
      String webhook,
      String name,
      String endpoint,
      @Nullable String delivery,
      Delivery.@Nullable Status status,
      List<String> explanation) {
    static WebhookOutcomeJson of(RunExplanation.WebhookOutcome outcome) {
      return new WebhookOutcomeJson(
          outcome.webhook().id().toString(),
          outcome.webhook().settings().name(),
          outcome.webhook().settings().endpoint().text(),
          outcome.delivery().map(delivery -> delivery.id().toString()).orElse(null),
          outcome.delivery().map(Delivery::status).orElse(null),
          outcome.explanation());
    }
  }

  static RunExplanationJson of(RunExplanation explanation) {
    return new RunExplanationJson(
        explanation.run().name(),
        explanation.run().stack().slug(),
        explanation.transitions().stream().map(ExplainedTransitionJson::of).toList());
  }
}
