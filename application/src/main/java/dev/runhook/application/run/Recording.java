package dev.runhook.application.run;

import dev.runhook.application.Refusal.NoSuchRun;
import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.RunHasEnded;
import dev.runhook.application.Refusal.StaleTransition;
import dev.runhook.application.outbox.Outbox.Mailing;
import dev.runhook.application.run.RunJournal.Recorder;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Judgement.Accepted;
import dev.runhook.domain.run.Judgement.AfterEnd;
import dev.runhook.domain.run.Judgement.Repeated;
import dev.runhook.domain.run.Judgement.Stale;
import dev.runhook.domain.run.Report;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
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
final class Recording {
  private final UnitOfWork unit;
  private final Mailing mailing;
  private final Recorder recorder;
  private final Map<RunId, Run> runs = new HashMap<>();
  private final Map<StackId, Stack> stacks = new HashMap<>();
  private final List<RunMoved> news = new ArrayList<>();

  Recording(UnitOfWork unit, Mailing mailing, Recorder recorder) {
    this.unit = unit;
    this.mailing = mailing;
    this.recorder = recorder;
  }

  /// What became of each report, in their order; a later one of the same run is judged after the
  /// earlier ones.
  List<Verdict> record(List<Report> reports) {
    Set<RunId> runIds = reports.stream().map(Report::run).collect(Collectors.toSet());
    runs.putAll(unit.runs().findForUpdate(runIds));
    stacks.putAll(
        unit.stacks().findAll(runIds.stream().map(RunId::stack).collect(Collectors.toSet())));
    List<Verdict> verdicts = new ArrayList<>();
    for (Report report : reports) {
      verdicts.add(judge(report));
    }
    Map<EventId, List<NewDelivery>> deliveries = news.isEmpty() ? Map.of() : keepNews();
    return verdicts.stream().map(verdict -> verdict.counting(deliveries)).toList();
  }

  private Verdict judge(Report report) {
    RunId id = report.run();
    Stack stack = stacks.get(id.stack());
    if (stack == null) {
      return new Verdict.Declined(new NoSuchStack(id.stack().slug()));
    }
    Run run = runs.get(id);
    if (run == null) {
      return new Verdict.Declined(new NoSuchRun(id.name()));
    }
    return switch (run.progress().judge(run.subject().type(), report, recorder.clock().instant())) {
      case Accepted(Transition transition) -> accept(stack, run, transition, report.trace());
      case Repeated(long version) ->
          repeatOf(id, version).orElseGet(() -> stale(report, run.progress()));
      case Stale(RunProgress last) -> old(report).orElseGet(() -> stale(report, last));
      case AfterEnd(RunProgress last) ->
          new Verdict.Declined(new RunHasEnded(id.name(), last.state()));
    };
  }

  private Verdict accept(
      Stack stack, Run run, Transition transition, Optional<TraceContext> trace) {
    Run moved = run.moved(transition);
    RunMoved event =
        new RunMoved(new EventId(recorder.ids().next()), stack, moved, transition, trace);
    runs.put(run.id(), moved);
    news.add(event);
    return new Verdict.News(event, 0);
  }

  private Optional<Verdict> old(Report report) {
    return findTransition(report.run(), report.version().orElse(0))
        .filter(report::repeats)
        .map(Verdict.Repeat::new);
  }

  private Optional<Verdict> repeatOf(RunId run, long version) {
    return findTransition(run, version).map(Verdict.Repeat::new);
  }

  private Optional<Transition> findTransition(RunId run, long version) {
    return news.stream()
        .map(RunMoved::transition)
        .filter(transition -> transition.run().equals(run) && transition.version() == version)
        .findFirst()
        .or(() -> unit.runs().findTransition(run, version));
  }

  private static Verdict stale(Report report, RunProgress last) {
    return new Verdict.Declined(
        new StaleTransition(report.version().orElse(last.version()), last.version(), last.state()));
  }

  private Map<EventId, List<NewDelivery>> keepNews() {
    unit.runs().addTransitions(news);
    Set<StackId> told = news.stream().map(moved -> moved.stack().id()).collect(Collectors.toSet());
    Map<StackId, List<Webhook>> webhooks = unit.webhooks().ofStacks(told);
    Map<EventId, List<NewDelivery>> deliveries =
        mailing.put(news, event -> webhooks.getOrDefault(event.stack().id(), List.of()));
    Set<RunId> moved = news.stream().map(event -> event.run().id()).collect(Collectors.toSet());
    unit.runs()
        .save(
            moved.stream().map(runs::get).toList(),
            deliveries.values().stream().flatMap(List::stream).toList());
    return deliveries;
  }
}
