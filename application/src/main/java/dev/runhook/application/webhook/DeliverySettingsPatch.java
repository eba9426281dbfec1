package dev.runhook.application.webhook;

import dev.runhook.domain.webhook.DeliverySettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A change of a webhook's delivery settings. Absent values stay as they are.
public record DeliverySettingsPatch(
    Optional<PatchValue<Duration>> timeout, Optional<PatchValue<List<Duration>>> retrySchedule) {
  /// A new value.
  ///
  /// @param value absent to use the server's default
  public record PatchValue<T>(Optional<T> value) {}

  /// Returns a patch that changes nothing.
  public static DeliverySettingsPatch empty() {
    return new DeliverySettingsPatch(Optional.empty(), Optional.empty());
  }

  DeliverySettings applyTo(DeliverySettings current) {
    return new DeliverySettings(
        timeout.map(PatchValue::value).orElse(current.timeout()),
        retrySchedule.map(PatchValue::value).orElse(current.retryDelays()));
  }
}
