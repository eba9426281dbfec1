package dev.runhook.domain.webhook;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import java.util.Optional;
import java.util.Set;

/// Which transitions a webhook wants to hear of. An empty set means all.
///
/// @param driftDetection true for those of runs that look for drift alone, false for those of all
///   others alone, absent for both
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

  /// Whether it wants to hear of runs that say of themselves what the flag tells. One that says
  /// nothing does not look for drift.
  public boolean wantsDriftDetection(Optional<Boolean> flag) {
    return driftDetection.isEmpty() || driftDetection.get().equals(flag.orElse(false));
  }
}
