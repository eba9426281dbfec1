package dev.runhook.application.webhook;

import dev.runhook.domain.webhook.DeliverySettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a person changes of a webhook's pace; what is absent stays.
public record DeliverySettingsPatch(
    Optional<PatchValue<Duration>> timeout, Optional<PatchValue<List<Duration>>> retrySchedule) {
  /// What a webhook goes by from now on.
  ///
  /// @param own absent to go by what is usual
  public record PatchValue<T>(Optional<T> value) {}

  /// An edit that changes nothing.
  public static DeliverySettingsPatch empty() {
    return new DeliverySettingsPatch(Optional.empty(), Optional.empty());
  }

  DeliverySettings applyTo(DeliverySettings old) {
    return new DeliverySettings(
        timeout.map(PatchValue::value).orElse(old.timeout()),
        retrySchedule.map(PatchValue::value).orElse(old.retryDelays()));
  }
}
