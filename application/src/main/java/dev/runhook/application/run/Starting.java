package dev.runhook.application.run;

import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.RunDiffers;
import dev.runhook.application.RefusedException;
import dev.runhook.application.outbox.Outbox.Mailing;
import dev.runhook.application.run.RunJournal.Recorder;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.Start;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.trace.TraceContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Starts one run within a unit of work.
final class Starting {
  private final UnitOfWork unit;
  private final Mailing mailing;
  private final Recorder recorder;

  Starting(UnitOfWork unit, Mailing mailing, Recorder recorder) {
    this.unit = unit;
    this.mailing = mailing;
    this.recorder = recorder;
  }

  Started start(Start start) {
    RunId id = start.first().run();
    Stack stack =
        unit.stacks()
            .find(id.stack())
            .orElseThrow(() -> new RefusedException(new NoSuchStack(id.stack().slug())));
    Instant now = recorder.clock().instant();
    Transition first = start.transition(now);
    Run run = start.run(first, now);
    return unit.runs().add(run) ? told(stack, run, first, start.first().trace()) : again(start, id);
  }

  private Started told(Stack stack, Run run, Transition first, Optional<TraceContext> trace) {
    RunMoved moved = new RunMoved(new EventId(recorder.ids().next()), stack, run, first, trace);
    unit.runs().addTransitions(List.of(moved));
    var webhooks = unit.webhooks().ofStacks(List.of(stack.id()));
    List<NewDelivery> deliveries =
        mailing
            .put(List.of(moved), _ -> webhooks.getOrDefault(stack.id(), List.of()))
            .getOrDefault(moved.id(), List.of());
    if (!deliveries.isEmpty()) {
      unit.runs().save(List.of(run), deliveries);
    }
    return new Started(run, new Recorded(first, deliveries.size(), false));
  }

  private Started again(Start start, RunId id) {
    Run run =
        unit.runs()
            .find(id)
            .orElseThrow(() -> new IllegalStateException("a run that is there cannot be found"));
    return unit.runs().transitions(id).stream()
        .findFirst()
        .filter(first -> start.repeats(run, first))
        .map(first -> new Started(run, new Recorded(first, 0, true)))
        .orElseThrow(() -> new RefusedException(new RunDiffers(id.name())));
  }
}
