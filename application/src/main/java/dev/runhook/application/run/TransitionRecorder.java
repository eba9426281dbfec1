package dev.runhook.application.run;

import dev.runhook.application.outbox.DeliveryWriter;
import dev.runhook.application.refusal.Refusal.NoSuchRun;
import dev.runhook.application.refusal.Refusal.NoSuchStack;
import dev.runhook.application.refusal.Refusal.RunConflict;
import dev.runhook.application.refusal.Refusal.RunEnded;
import dev.runhook.application.refusal.Refusal.StaleTransition;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.run.RecordResult.Failed;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RecordResult.Rejected;
import dev.runhook.application.spi.Runs.LockedRuns;
import dev.runhook.application.spi.Runs.TransitionKey;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionCheck.Accepted;
import dev.runhook.domain.run.TransitionCheck.AfterTerminal;
import dev.runhook.domain.run.TransitionCheck.Stale;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Creates runs and records transitions within one unit of work: checks each report, stores what is
/// new, and writes the deliveries. The number of statements does not depend on the number of
/// reports. An instance serves a single call to [#start] or [#record].
final class TransitionRecorder {
  private final UnitOfWork unit;
  private final DeliveryWriter writer;
  private final JournalDependencies dependencies;
  private final Map<RunId, Run> runs = new HashMap<>();
  private final Map<StackId, Stack> stacks = new HashMap<>();
  private final Set<RunId> busyRuns = new HashSet<>();
  private final Map<TransitionKey, Transition> transitions = new HashMap<>();
  private final Map<StackId, List<Webhook>> webhooks = new HashMap<>();
  private final Set<RunId> changedRuns = new HashSet<>();

  TransitionRecorder(UnitOfWork unit, DeliveryWriter writer, JournalDependencies dependencies) {
    this.unit = unit;
    this.writer = writer;
    this.dependencies = dependencies;
  }

  Recorded start(NewRun newRun) {
    RunId id = newRun.firstReport().run();
    Stack stack = Require.stack(unit, id.stack());
    Instant now = dependencies.clock().instant();
    Transition first = newRun.firstTransition(now);
    Run run = newRun.toRun(first, now);
    if (!unit.runs().add(run)) {
      return requireDuplicate(newRun, id);
    }
    stacks.put(stack.id(), stack);
    Recorded recorded = write(stack, run, first, Optional.empty(), newRun.firstReport().trace());
    // The run is stored. It changes only if a webhook is notified.
    writer.save(recorded.deliveryCount() == 0 ? List.of() : List.of(run));
    return recorded;
  }

  private Recorded requireDuplicate(NewRun newRun, RunId id) {
    TransitionKey key = new TransitionKey(id, newRun.firstReport().version().orElse(1));
    Run run =
        unit.runs()
            .find(id)
            .orElseThrow(() -> new IllegalStateException("an existing run cannot be found"));
    transitions.putAll(unit.runs().findTransitions(Set.of(key)));
    return findTransition(id, key.version())
        .filter(first -> newRun.isDuplicateOf(run, first))
        .map(first -> duplicate(run, first))
        .orElseThrow(() -> new RefusedException(new RunConflict(id.name())));
  }

  /// Each report is checked against the state that the previous reports left the run in. Waits for
  /// locked runs.
  ///
  /// @return one result for each report, in the same order
  List<RecordResult> record(List<TransitionReport> reports) {
    load(reports, runIds -> new LockedRuns(unit.runs().findForUpdate(runIds), Set.of()));
    return save(reports.stream().map(this::check).toList());
  }

  /// Does the same without waiting. Reports of a run that another transaction has locked fail with
  /// a [StoreBusyException]. If the reports have many deliveries or large payloads, only the first
  /// of them are recorded.
  ///
  /// @return one result for each of the first reports, at least for one
  List<RecordResult> tryRecord(List<TransitionReport> reports) {
    load(reports, unit.runs()::tryFindForUpdate);
    List<RecordResult> results = new ArrayList<>();
    for (TransitionReport report : reports) {
      if (writer.isFull()) {
        break;
      }
      results.add(check(report));
    }
    return save(results);
  }

  private void load(List<TransitionReport> reports, Function<Set<RunId>, LockedRuns> lock) {
    Set<RunId> runIds = reports.stream().map(TransitionReport::run).collect(Collectors.toSet());
    LockedRuns found = lock.apply(runIds);
    runs.putAll(found.locked());
    Set<TransitionKey> old = reports.stream().flatMap(this::oldVersion).collect(Collectors.toSet());
    if (!old.isEmpty()) {
      transitions.putAll(unit.runs().findTransitions(old));
    }
    busyRuns.addAll(found.busy());
    stacks.putAll(
        unit.stacks().findAll(runIds.stream().map(RunId::stack).collect(Collectors.toSet())));
  }

  /// The transition that a report repeats, unless it is too old.
  private Stream<TransitionKey> oldVersion(TransitionReport report) {
    Run run = runs.get(report.run());
    return report.version().stream()
        .filter(version -> run != null && version <= run.progress().version())
        .mapToObj(version -> new TransitionKey(report.run(), version));
  }

  private List<RecordResult> save(List<RecordResult> results) {
    writer.save(changedRuns.stream().map(runs::get).toList());
    return results;
  }

  private RecordResult check(TransitionReport report) {
    RunId id = report.run();
    if (busyRuns.contains(id)) {
      return new Failed(
          new StoreBusyException("another transaction has locked the run " + id.name()));
    }
    Stack stack = stacks.get(id.stack());
    if (stack == null) {
      return new Rejected(new NoSuchStack(id.stack().slug()));
    }
    Run run = runs.get(id);
    if (run == null) {
      return new Rejected(new NoSuchRun(id.name()));
    }
    return switch (run.check(report, dependencies.clock().instant())) {
      case Accepted(Transition transition) -> accept(stack, run, transition, report.trace());
      case Stale(RunProgress last) ->
          findTransition(id, report.version().orElse(0))
              .filter(report::isDuplicateOf)
              .<RecordResult>map(transition -> duplicate(run, transition))
              .orElseGet(() -> stale(report, last));
      case AfterTerminal(RunProgress last) -> new Rejected(new RunEnded(id.name(), last.state()));
    };
  }

  private RecordResult accept(
      Stack stack, Run run, Transition transition, Optional<TraceContext> trace) {
    Run changed = run.withTransition(transition);
    runs.put(run.id(), changed);
    changedRuns.add(run.id());
    return write(stack, changed, transition, Optional.of(run.progress().state()), trace);
  }

  private Recorded write(
      Stack stack,
      Run run,
      Transition transition,
      Optional<RunState> previousState,
      Optional<TraceContext> trace) {
    if (webhooks.isEmpty()) {
      stacks.keySet().forEach(each -> webhooks.put(each, List.of()));
      webhooks.putAll(unit.webhooks().findByStacks(stacks.keySet()));
    }
    transitions.put(new TransitionKey(run.id(), transition.version()), transition);
    EventId id = new EventId(dependencies.ids().next(stack.id()));
    int deliveries =
        writer.add(
            new RunStateChanged(id, stack, run, transition, previousState, trace),
            webhooks.getOrDefault(stack.id(), List.of()));
    return new Recorded(run, transition, deliveries, false);
  }

  private Optional<Transition> findTransition(RunId run, long version) {
    return Optional.ofNullable(transitions.get(new TransitionKey(run, version)));
  }

  private static Recorded duplicate(Run run, Transition transition) {
    return new Recorded(run, transition, 0, true);
  }

  private static RecordResult stale(TransitionReport report, RunProgress last) {
    return new Rejected(
        new StaleTransition(report.version().orElse(last.version()), last.version(), last.state()));
  }
}
