package dev.runhook.domain.webhook;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import java.util.Optional;
import java.util.Set;

/// The transitions that a webhook is notified of. An empty set means all.
///
/// @param driftDetection true for only runs that detect drift, false for only other runs, absent
///   for both
public record Subscription(
    Set<RunState> states, Set<RunType> types, Optional<Boolean> driftDetection) {
  public Subscription {
    states = Set.copyOf(states);
    types = Set.copyOf(types);
  }

  public Subscription(Set<RunState> states, Set<RunType> types) {
    this(states, types, Optional.empty());
  }

  public static Subscription all() {
    return new Subscription(Set.of(), Set.of());
  }

  public boolean wants(RunState state) {
    return states.isEmpty() || states.contains(state);
  }

  public boolean wants(RunType type) {
    return types.isEmpty() || types.contains(type);
  }

  /// Returns whether the webhook wants runs with this drift detection flag. A run without the flag
  /// does not detect drift.
  public boolean wantsDriftDetection(Optional<Boolean> flag) {
    return driftDetection.isEmpty() || driftDetection.get().equals(flag.orElse(false));
  }
}
