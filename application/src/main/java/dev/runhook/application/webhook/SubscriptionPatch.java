package dev.runhook.application.webhook;

import dev.runhook.application.webhook.DeliverySettingsPatch.PatchValue;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.webhook.Subscription;
import java.util.Optional;
import java.util.Set;

/// A change of a webhook's subscription. Absent values stay as they are.
public record SubscriptionPatch(
    Optional<Set<RunState>> states,
    Optional<Set<RunType>> types,
    Optional<PatchValue<Boolean>> driftDetection) {
  /// Returns a patch that changes nothing.
  public static SubscriptionPatch empty() {
    return new SubscriptionPatch(Optional.empty(), Optional.empty(), Optional.empty());
  }

  Subscription applyTo(Subscription current) {
    return new Subscription(
        states.orElse(current.states()),
        types.orElse(current.types()),
        driftDetection.map(PatchValue::value).orElse(current.driftDetection()));
  }
}
