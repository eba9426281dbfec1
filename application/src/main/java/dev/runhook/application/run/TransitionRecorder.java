package dev.runhook.application.run;

import dev.runhook.application.Refusal.NoSuchRun;
import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.RunEnded;
import dev.runhook.application.Refusal.StaleTransition;
import dev.runhook.application.outbox.Outbox.DeliveryWriter;
import dev.runhook.application.run.RunJournal.Dependencies;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionCheck.Accepted;
import dev.runhook.domain.run.TransitionCheck.AfterTerminal;
import dev.runhook.domain.run.TransitionCheck.Duplicate;
import dev.runhook.domain.run.TransitionCheck.Stale;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Webhook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Records reports within one unit of work: judges each, keeps what is news, and mails it. However
/// many there are, the store is asked a fixed number of times, but once more for each report that
/// tells an old version.
final class TransitionRecorder {
  private final UnitOfWork unit;
  private final DeliveryWriter deliveryWriter;
  private final Dependencies dependencies;
  private final Map<RunId, Run> runs = new HashMap<>();
  private final Map<StackId, Stack> stacks = new HashMap<>();
  private final List<RunStateChanged> news = new ArrayList<>();

  TransitionRecorder(UnitOfWork unit, DeliveryWriter mailing, Dependencies recorder) {
    this.unit = unit;
    this.deliveryWriter = mailing;
    this.dependencies = recorder;
  }

  /// What became of each report, in their order; a later one of the same run is judged after the
  /// earlier ones.
  List<PendingResult> record(List<TransitionReport> reports) {
    Set<RunId> runIds = reports.stream().map(TransitionReport::run).collect(Collectors.toSet());
    runs.putAll(unit.runs().findForUpdate(runIds));
    stacks.putAll(
        unit.stacks().findAll(runIds.stream().map(RunId::stack).collect(Collectors.toSet())));
    List<PendingResult> verdicts = new ArrayList<>();
    for (TransitionReport transitionReport : reports) {
      verdicts.add(judge(transitionReport));
    }
    Map<EventId, List<NewDelivery>> deliveries = news.isEmpty() ? Map.of() : keepNews();
    return verdicts.stream()
        .map(pendingResult -> pendingResult.withDeliveryCount(deliveries))
        .toList();
  }

  private PendingResult judge(TransitionReport transitionReport) {
    RunId id = transitionReport.run();
    Stack stack = stacks.get(id.stack());
    if (stack == null) {
      return new PendingResult.Rejected(new NoSuchStack(id.stack().slug()));
    }
    Run run = runs.get(id);
    if (run == null) {
      return new PendingResult.Rejected(new NoSuchRun(id.name()));
    }
    return switch (run.progress()
        .check(run.details().type(), transitionReport, dependencies.clock().instant())) {
      case Accepted(Transition transition) ->
          accept(stack, run, transition, transitionReport.trace());
      case Duplicate(long version) ->
          repeatOf(id, version).orElseGet(() -> stale(transitionReport, run.progress()));
      case Stale(RunProgress last) ->
          old(transitionReport).orElseGet(() -> stale(transitionReport, last));
      case AfterTerminal(RunProgress last) ->
          new PendingResult.Rejected(new RunEnded(id.name(), last.state()));
    };
  }

  private PendingResult accept(
      Stack stack, Run run, Transition transition, Optional<TraceContext> trace) {
    Run moved = run.withTransition(transition);
    RunStateChanged event =
        new RunStateChanged(
            new EventId(dependencies.ids().next()), stack, moved, transition, trace);
    runs.put(run.id(), moved);
    news.add(event);
    return new PendingResult.New(event, 0);
  }

  private Optional<PendingResult> old(TransitionReport transitionReport) {
    return findTransition(transitionReport.run(), transitionReport.version().orElse(0))
        .filter(transitionReport::isDuplicateOf)
        .map(PendingResult.Duplicate::new);
  }

  private Optional<PendingResult> repeatOf(RunId run, long version) {
    return findTransition(run, version).map(PendingResult.Duplicate::new);
  }

  private Optional<Transition> findTransition(RunId run, long version) {
    return news.stream()
        .map(RunStateChanged::transition)
        .filter(transition -> transition.run().equals(run) && transition.version() == version)
        .findFirst()
        .or(() -> unit.runs().findTransition(run, version));
  }

  private static PendingResult stale(TransitionReport transitionReport, RunProgress last) {
    return new PendingResult.Rejected(
        new StaleTransition(
            transitionReport.version().orElse(last.version()), last.version(), last.state()));
  }

  private Map<EventId, List<NewDelivery>> keepNews() {
    unit.runs().addTransitions(news);
    Set<StackId> told = news.stream().map(moved -> moved.stack().id()).collect(Collectors.toSet());
    Map<StackId, List<Webhook>> webhooks = unit.webhooks().findByStacks(told);
    Map<EventId, List<NewDelivery>> deliveries =
        deliveryWriter.addEvents(
            news, event -> webhooks.getOrDefault(event.stack().id(), List.of()));
    Set<RunId> moved = news.stream().map(event -> event.run().id()).collect(Collectors.toSet());
    unit.runs()
        .save(
            moved.stream().map(runs::get).toList(),
            deliveries.values().stream().flatMap(List::stream).toList());
    return deliveries;
  }
}
