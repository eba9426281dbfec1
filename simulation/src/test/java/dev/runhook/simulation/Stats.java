package dev.runhook.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// What happened in worlds.
final class Stats {
  private final Map<Action.Kind, Integer> actions = new EnumMap<>(Action.Kind.class);
  private final Map<Arrow, Integer> crashes = new EnumMap<>(Arrow.class);
  private final Map<Arrow, Integer> commits = new EnumMap<>(Arrow.class);
  private long transitions;
  private long requests;
  private long worlds;

  void onWorld() {
    worlds++;
  }

  void onTransition() {
    transitions++;
  }

  void onRequest() {
    requests++;
  }

  void onAction(Action.Kind kind) {
    actions.merge(kind, 1, Integer::sum);
  }

  void onCommit(Set<Arrow> arrows) {
    arrows.forEach(arrow -> commits.merge(arrow, 1, Integer::sum));
  }

  void onCrash(Set<Arrow> arrows) {
    arrows.forEach(arrow -> crashes.merge(arrow, 1, Integer::sum));
  }

  long transitions() {
    return transitions;
  }

  Map<Arrow, Integer> crashes() {
    return crashes;
  }

  @Override
  public String toString() {
    return """
    %,d worlds, %,d transitions, %,d requests
    actions and faults: %s
    transactions by arrow: %s
    crashes by arrow: %s\
    """
        .formatted(worlds, transitions, requests, actions, commits, crashes);
  }
}
