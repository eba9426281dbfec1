package dev.runhook.application.webhook;

import dev.runhook.application.webhook.DeliverySettingsPatch.PatchValue;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.webhook.Subscription;
import java.util.Optional;
import java.util.Set;

/// What a person changes of what a webhook wants to hear of; what is absent stays.
public record SubscriptionPatch(
    Optional<Set<RunState>> states,
    Optional<Set<RunType>> types,
    Optional<PatchValue<Boolean>> driftDetection) {
  /// An edit that changes nothing.
  public static SubscriptionPatch empty() {
    return new SubscriptionPatch(Optional.empty(), Optional.empty(), Optional.empty());
  }

  Subscription applyTo(Subscription old) {
    return new Subscription(
        states.orElse(old.states()),
        types.orElse(old.types()),
        driftDetection.map(PatchValue::value).orElse(old.driftDetection()));
  }
}
