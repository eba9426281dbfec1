package dev.runhook.application.delivery;

import dev.runhook.application.delivery.RunExplanation.WebhookOutcome;
import dev.runhook.application.query.SkipCount;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;
import java.util.Optional;

/// What has all terms of a search. Each list is limited; runs are the newest first.
///
/// @param unknown the terms that are found nowhere
/// @param outcomes what webhooks received, and why, the latest transition of each run first
/// @param unavailableBuckets buckets that were not searched
public record SearchResult(
    List<String> unknown,
    List<Stack> stacks,
    List<Webhook> webhooks,
    List<Run> runs,
    List<ExplainedOutcome> outcomes,
    List<Integer> unavailableBuckets) {
  public SearchResult {
    unknown = List.copyOf(unknown);
    stacks = List.copyOf(stacks);
    webhooks = List.copyOf(webhooks);
    runs = List.copyOf(runs);
    outcomes = List.copyOf(outcomes);
    unavailableBuckets = List.copyOf(unavailableBuckets);
  }

  /// What a webhook received of an event, or why it received nothing.
  ///
  /// @param transition absent for a ping, a test and an operational event
  /// @param similar the transitions that it did not get for the same reason, with this one; absent
  ///   unless it was skipped
  public record ExplainedOutcome(
      StackId stack,
      Optional<TransitionRef> transition,
      WebhookOutcome webhook,
      Optional<SkipCount> similar) {
    ExplainedOutcome(StackId stack, Optional<TransitionRef> transition, WebhookOutcome webhook) {
      this(stack, transition, webhook, Optional.empty());
    }

    /// Returns why the webhook was skipped, if it was.
    Optional<Code> findSkip() {
      return webhook.explanation().stream().map(Explanation::code).findFirst().filter(Code::isSkip);
    }

    ExplainedOutcome withSimilar(SkipCount count) {
      return new ExplainedOutcome(stack, transition, webhook, Optional.of(count));
    }
  }
}
