package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;
import java.util.Optional;

/// What each webhook of a run's stack was told of it, or why not.
///
/// @param transitions by version
public record RunExplanation(RunId run, List<TransitionExplanation> transitions) {
  public RunExplanation {
    transitions = List.copyOf(transitions);
  }

  /// @param webhooks those that the stack has now, the oldest first
  public record TransitionExplanation(Transition transition, List<WebhookOutcome> webhooks) {
    public TransitionExplanation {
      webhooks = List.copyOf(webhooks);
    }
  }

  /// @param delivery the latest of this transition; absent where there is none
  /// @param explain why it stands so, or why there is none
  public record WebhookOutcome(
      Webhook webhook, Optional<Delivery> delivery, List<String> explanation) {
    public WebhookOutcome {
      explanation = List.copyOf(explanation);
    }
  }
}
