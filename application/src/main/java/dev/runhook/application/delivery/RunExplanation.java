package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;
import java.util.Optional;

/// Explains what each webhook of a run's stack received, and why.
///
/// @param transitions ordered by version
public record RunExplanation(RunId run, List<TransitionExplanation> transitions) {
  public RunExplanation {
    transitions = List.copyOf(transitions);
  }

  /// @param webhooks one for each current webhook of the stack, the oldest first
  public record TransitionExplanation(Transition transition, List<WebhookOutcome> webhooks) {
    public TransitionExplanation {
      webhooks = List.copyOf(webhooks);
    }
  }

  /// @param delivery the latest delivery of the transition to the webhook, if there is one
  /// @param explanation why the delivery has its status, or why there is none
  public record WebhookOutcome(
      Webhook webhook, Optional<Delivery> delivery, List<String> explanation) {
    public WebhookOutcome {
      explanation = List.copyOf(explanation);
    }
  }
}
