package dev.runhook.domain.webhook;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.text.TextLimits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a webhook is notified of: events of the chosen kinds that pass all of these filters. An
/// empty set means all. Operational events have no run, so only `stackLabels` filters them.
///
/// @param driftDetection true for only runs that detect drift, false for only other runs, absent
///   for both
/// @param previousStates the states from which runs enter another; the first state of a run then
///   does not pass
/// @param delta true for only runs that change resources, false for only runs that change none,
///   absent for both. A run passes neither until its delta was reported.
/// @param stackLabels labels that the stack must have, all of them, at most [#MAX_LABELS]
/// @param events the kinds of events, at least one: state changes of runs, operational events
public record Subscription(
    Set<RunState> states,
    Set<RunType> types,
    Optional<Boolean> driftDetection,
    Set<RunState> previousStates,
    BranchFilter branches,
    Optional<Boolean> delta,
    Set<String> stackLabels,
    Set<Event.Kind> events) {
  /// The kinds of events that webhooks can choose.
  public static final List<Event.Kind> ALL_EVENTS =
      Stream.of(Event.Kind.values())
          .filter(kind -> kind == Event.Kind.RUN_STATE_CHANGED || kind.isOperational())
          .toList();

  public static final Set<Event.Kind> DEFAULT_EVENTS = Set.of(Event.Kind.RUN_STATE_CHANGED);
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
    events = Set.copyOf(events);
    if (events.isEmpty() || !ALL_EVENTS.containsAll(events)) {
      throw new IllegalArgumentException(
          "a webhook has at least one event, and neither ping nor test");
    }
  }

  public Subscription(Set<RunState> states, Set<RunType> types) {
    this(states, types, Optional.empty());
  }

  public Subscription(Set<RunState> states, Set<RunType> types, Optional<Boolean> driftDetection) {
    this(
        states,
        types,
        driftDetection,
        Set.of(),
        BranchFilter.all(),
        Optional.empty(),
        Set.of(),
        DEFAULT_EVENTS);
  }

  public static Subscription all() {
    return new Subscription(Set.of(), Set.of());
  }

  public Subscription withStates(Set<RunState> newStates) {
    return new Subscription(
        newStates, types, driftDetection, previousStates, branches, delta, stackLabels, events);
  }

  public Subscription withPreviousStates(Set<RunState> newStates) {
    return new Subscription(
        states, types, driftDetection, newStates, branches, delta, stackLabels, events);
  }

  public Subscription withBranches(BranchFilter newBranches) {
    return new Subscription(
        states, types, driftDetection, previousStates, newBranches, delta, stackLabels, events);
  }

  public Subscription withDelta(Optional<Boolean> newDelta) {
    return new Subscription(
        states, types, driftDetection, previousStates, branches, newDelta, stackLabels, events);
  }

  public Subscription withStackLabels(Set<String> newLabels) {
    return new Subscription(
        states, types, driftDetection, previousStates, branches, delta, newLabels, events);
  }

  public Subscription withEvents(Set<Event.Kind> newEvents) {
    return new Subscription(
        states, types, driftDetection, previousStates, branches, delta, stackLabels, newEvents);
  }

  /// Returns whether any of the kinds of events is an operational one.
  public boolean wantsOperationalEvents() {
    return events.stream().anyMatch(Event.Kind::isOperational);
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
