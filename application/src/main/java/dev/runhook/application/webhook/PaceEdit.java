package dev.runhook.application.webhook;

import dev.runhook.domain.webhook.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a person changes of a webhook's pace; what is absent stays.
public record PaceEdit(
    Optional<Choice<Duration>> timeout, Optional<Choice<List<Duration>>> retrySchedule) {
  /// What a webhook goes by from now on.
  ///
  /// @param own absent to go by what is usual
  public record Choice<T>(Optional<T> own) {}

  /// An edit that changes nothing.
  public static PaceEdit none() {
    return new PaceEdit(Optional.empty(), Optional.empty());
  }

  Pace of(Pace old) {
    return new Pace(
        timeout.map(Choice::own).orElse(old.timeout()),
        retrySchedule.map(Choice::own).orElse(old.waits()));
  }
}
