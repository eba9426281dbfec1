package dev.runhook.application.query;

import dev.runhook.domain.assessment.HealthSummary;
import java.util.List;

/// How well the webhooks of an account work.
///
/// @param unavailableBuckets whose webhooks are missing
public record AccountHealth(HealthSummary health, List<Integer> unavailableBuckets) {
  public AccountHealth {
    unavailableBuckets = List.copyOf(unavailableBuckets);
  }
}
