package dev.runhook.domain.webhook;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import java.util.Set;

/// Which transitions a webhook wants to hear of. An empty set means all.
public record Subscription(Set<RunState> states, Set<RunType> types) {
  public Subscription {
    states = Set.copyOf(states);
    types = Set.copyOf(types);
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
}
