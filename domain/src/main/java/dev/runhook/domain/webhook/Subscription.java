package dev.runhook.domain.webhook;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.text.TextLimits;
import java.util.Optional;
import java.util.Set;

/// The transitions that a webhook is notified of: those that pass all of these filters. An empty
/// set means all.
///
/// @param driftDetection true for only runs that detect drift, false for only other runs, absent
///   for both
/// @param previousStates the states from which runs enter another; the first state of a run then
///   does not pass
/// @param delta true for only runs that change resources, false for only runs that change none,
///   absent for both. A run passes neither until its delta was reported.
/// @param stackLabels labels that the stack must have, all of them, at most [#MAX_LABELS]
public record Subscription(
    Set<RunState> states,
    Set<RunType> types,
    Optional<Boolean> driftDetection,
    Set<RunState> previousStates,
    BranchFilter branches,
    Optional<Boolean> delta,
    Set<String> stackLabels) {
  public static final int MAX_LABELS = 10;

  public Subscription {
    states = Set.copyOf(states);
    types = Set.copyOf(types);
    previousStates = Set.copyOf(previousStates);
    stackLabels = Set.copyOf(stackLabels);
    stackLabels.forEach(
        label -> TextLimits.requireNonBlank("a stack label", label, TextLimits.MAX_LABEL));
    if (stackLabels.size() > MAX_LABELS) {
      throw new IllegalArgumentException(
          "a webhook requires at most " + MAX_LABELS + " stack labels, not " + stackLabels.size());
    }
  }

  public Subscription(Set<RunState> states, Set<RunType> types) {
    this(states, types, Optional.empty());
  }

  public Subscription(Set<RunState> states, Set<RunType> types, Optional<Boolean> driftDetection) {
    this(states, types, driftDetection, Set.of(), BranchFilter.all(), Optional.empty(), Set.of());
  }

  public static Subscription all() {
    return new Subscription(Set.of(), Set.of());
  }

  public Subscription withStates(Set<RunState> newStates) {
    return new Subscription(
        newStates, types, driftDetection, previousStates, branches, delta, stackLabels);
  }

  public Subscription withPreviousStates(Set<RunState> newStates) {
    return new Subscription(states, types, driftDetection, newStates, branches, delta, stackLabels);
  }

  public Subscription withBranches(BranchFilter newBranches) {
    return new Subscription(
        states, types, driftDetection, previousStates, newBranches, delta, stackLabels);
  }

  public Subscription withDelta(Optional<Boolean> newDelta) {
    return new Subscription(
        states, types, driftDetection, previousStates, branches, newDelta, stackLabels);
  }

  public Subscription withStackLabels(Set<String> newLabels) {
    return new Subscription(
        states, types, driftDetection, previousStates, branches, delta, newLabels);
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
