package dev.runhook.domain.filter;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.text.TextLimits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a webhook is notified of: events of the chosen kinds that pass all of these filters. An
/// empty set means all. Operational events have no run, so only `stackLabels` filters them.
///
/// @param driftDetection true for only runs that detect drift, false for only other runs, absent
///   for both
/// @param previousStates the states from which runs enter another; the first state of a run then
///   does not pass
/// @param changes whether the run must change resources, how many and which
/// @param stackLabels labels that the stack must have, all of them, at most [#MAX_LABELS]
/// @param events the kinds of events, at least one: state changes of runs, operational events
public record Subscription(
    Set<RunState> states,
    Set<RunType> types,
    Optional<Boolean> driftDetection,
    Set<RunState> previousStates,
    BranchFilter branches,
    ChangeFilter changes,
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
    stackLabels.forEach(Subscription::requireStackLabel);
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
        ChangeFilter.all(),
        Set.of(),
        DEFAULT_EVENTS);
  }

  /// Returns the label.
  ///
  /// @throws IllegalArgumentException if it is blank, too long or cannot be stored
  public static String requireStackLabel(String label) {
    TextLimits.requireNonBlank("a stack label", label, TextLimits.MAX_LABEL);
    return label;
  }

  public static Subscription all() {
    return new Subscription(Set.of(), Set.of());
  }

  public Subscription withStates(Set<RunState> newStates) {
    return new Subscription(
        newStates, types, driftDetection, previousStates, branches, changes, stackLabels, events);
  }

  public Subscription withTypes(Set<RunType> newTypes) {
    return new Subscription(
        states, newTypes, driftDetection, previousStates, branches, changes, stackLabels, events);
  }

  public Subscription withDriftDetection(Optional<Boolean> newDriftDetection) {
    return new Subscription(
        states, types, newDriftDetection, previousStates, branches, changes, stackLabels, events);
  }

  public Subscription withPreviousStates(Set<RunState> newStates) {
    return new Subscription(
        states, types, driftDetection, newStates, branches, changes, stackLabels, events);
  }

  public Subscription withBranches(BranchFilter newBranches) {
    return new Subscription(
        states, types, driftDetection, previousStates, newBranches, changes, stackLabels, events);
  }

  public Subscription withChanges(ChangeFilter newChanges) {
    return new Subscription(
        states, types, driftDetection, previousStates, branches, newChanges, stackLabels, events);
  }

  public Subscription withDelta(Optional<Boolean> delta) {
    return withChanges(changes.withDelta(delta));
  }

  public Subscription withStackLabels(Set<String> newLabels) {
    return new Subscription(
        states, types, driftDetection, previousStates, branches, changes, newLabels, events);
  }

  public Subscription withEvents(Set<Event.Kind> newEvents) {
    return new Subscription(
        states, types, driftDetection, previousStates, branches, changes, stackLabels, newEvents);
  }

  /// Returns whether any of the kinds of events is an operational one.
  public boolean wantsOperationalEvents() {
    return events.stream().anyMatch(Event.Kind::isOperational);
  }

  /// Returns why events like this one are not wanted; empty if they are. Pings and test events are
  /// always wanted.
  public Optional<Explanation> explainSkip(Event event) {
    return switch (event) {
      case Ping ignored -> Optional.empty();
      case TestEvent ignored -> Optional.empty();
      case OperationalEvent ignored ->
          explainSkip(event.kind()).or(() -> explainMissingLabels(event.stack()));
      case RunStateChanged change -> explainSkip(event.kind()).or(() -> explainSkip(change));
    };
  }

  private Optional<Explanation> explainSkip(Event.Kind kind) {
    if (events.contains(kind)) {
      return Optional.empty();
    }
    String names =
        events.stream().map(Event.Kind::wireName).sorted().collect(Collectors.joining(", "));
    return Optional.of(Code.SKIPPED_EVENT.with(names, kind.wireName()));
  }

  private Optional<Explanation> explainSkip(RunStateChanged change) {
    RunState state = change.transition().state();
    if (!states.isEmpty() && !states.contains(state)) {
      return Optional.of(Code.SKIPPED_STATE.with(listed(states), state));
    }
    RunType type = change.run().details().type();
    if (!types.isEmpty() && !types.contains(type)) {
      return Optional.of(Code.SKIPPED_TYPE.with(listed(types), type));
    }
    boolean detectsDrift = change.run().details().driftDetection().orElse(false);
    if (driftDetection.isPresent() && driftDetection.get() != detectsDrift) {
      return Optional.of(
          (detectsDrift ? Code.SKIPPED_DRIFT_DETECTION : Code.SKIPPED_NO_DRIFT_DETECTION).with());
    }
    if (!previousStates.isEmpty()
        && change.previousState().filter(previousStates::contains).isEmpty()) {
      return Optional.of(
          change
              .previousState()
              .map(was -> Code.SKIPPED_PREVIOUS_STATE.with(listed(previousStates), was))
              .orElseGet(() -> Code.SKIPPED_FIRST_STATE.with(listed(previousStates))));
    }
    return branches
        .explainSkip(change.run().details().branch())
        .or(() -> changes.explainSkip(change))
        .or(() -> explainMissingLabels(change.stack()));
  }

  private Optional<Explanation> explainMissingLabels(Stack stack) {
    if (stack.labels().containsAll(stackLabels)) {
      return Optional.empty();
    }
    Set<String> missing = new TreeSet<>(stackLabels);
    stack.labels().forEach(missing::remove);
    return Optional.of(Code.SKIPPED_STACK_LABELS.with(String.join(", ", missing)));
  }

  private static String listed(Set<? extends Enum<?>> names) {
    return names.stream().map(Enum::name).sorted().collect(Collectors.joining(", "));
  }
}
