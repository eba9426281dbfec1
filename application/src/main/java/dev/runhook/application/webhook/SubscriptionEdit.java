package dev.runhook.application.webhook;

import dev.runhook.application.webhook.PaceEdit.Choice;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.webhook.Subscription;
import java.util.Optional;
import java.util.Set;

/// What a person changes of what a webhook wants to hear of; what is absent stays.
public record SubscriptionEdit(
    Optional<Set<RunState>> states,
    Optional<Set<RunType>> types,
    Optional<Choice<Boolean>> driftDetection) {
  /// An edit that changes nothing.
  public static SubscriptionEdit none() {
    return new SubscriptionEdit(Optional.empty(), Optional.empty(), Optional.empty());
  }

  Subscription of(Subscription old) {
    return new Subscription(
        states.orElse(old.states()),
        types.orElse(old.types()),
        driftDetection.map(Choice::own).orElse(old.driftDetection()));
  }
}
