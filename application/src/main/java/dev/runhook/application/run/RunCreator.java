package dev.runhook.application.run;

import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.RunConflict;
import dev.runhook.application.RefusedException;
import dev.runhook.application.outbox.DeliveryWriter;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RunJournal.Dependencies;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.trace.TraceContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Creates a run within one unit of work.
final class RunCreator {
  private final UnitOfWork unit;
  private final DeliveryWriter writer;
  private final Dependencies dependencies;

  RunCreator(UnitOfWork unit, DeliveryWriter writer, Dependencies dependencies) {
    this.unit = unit;
    this.writer = writer;
    this.dependencies = dependencies;
  }

  Recorded create(NewRun newRun) {
    RunId id = newRun.firstReport().run();
    Stack stack =
        unit.stacks()
            .find(id.stack())
            .orElseThrow(() -> new RefusedException(new NoSuchStack(id.stack().slug())));
    Instant now = dependencies.clock().instant();
    Transition first = newRun.firstTransition(now);
    Run run = newRun.toRun(first, now);
    return unit.runs().add(run)
        ? recordFirst(stack, run, first, newRun.firstReport().trace())
        : requireDuplicate(newRun, id);
  }

  private Recorded recordFirst(
      Stack stack, Run run, Transition first, Optional<TraceContext> trace) {
    RunStateChanged event =
        new RunStateChanged(new EventId(dependencies.ids().next()), stack, run, first, trace);
    unit.runs().addTransitions(List.of(event));
    var webhooks = unit.webhooks().findByStacks(List.of(stack.id()));
    List<NewDelivery> deliveries =
        writer
            .addEvents(List.of(event), _ -> webhooks.getOrDefault(stack.id(), List.of()))
            .getOrDefault(event.id(), List.of());
    if (!deliveries.isEmpty()) {
      unit.runs().save(List.of(run), deliveries);
    }
    return new Recorded(run, first, deliveries.size(), false);
  }

  private Recorded requireDuplicate(NewRun newRun, RunId id) {
    Run run =
        unit.runs()
            .find(id)
            .orElseThrow(() -> new IllegalStateException("an existing run cannot be found"));
    return unit.runs().transitions(id).stream()
        .findFirst()
        .filter(first -> newRun.isDuplicateOf(run, first))
        .map(first -> new Recorded(run, first, 0, true))
        .orElseThrow(() -> new RefusedException(new RunConflict(id.name())));
  }
}
