package dev.runhook.bootstrap.observe;

import dev.runhook.application.run.JournalObserver;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// Counts the transitions that a journal records, and remembers the latest. Duplicates are not
/// counted.
public final class TransitionMetrics implements JournalObserver {
  private final Map<RunState, Counter> transitions = new EnumMap<>(RunState.class);
  private final Function<StackId, AcknowledgedTransitions> acknowledged;

  /// @param acknowledged returns those of the database that has the stack
  public TransitionMetrics(
      MeterRegistry registry, Function<StackId, AcknowledgedTransitions> acknowledged) {
    this.acknowledged = acknowledged;
    for (RunState state : RunState.values()) {
      transitions.put(
          state,
          Counter.builder("runhook.transitions")
              .description("Recorded transitions by new state")
              .tag("state", state.name())
              .register(registry));
    }
  }

  @Override
  public void onRecorded(Recorded recorded) {
    acknowledged.apply(recorded.run().id().stack()).add(recorded);
    if (!recorded.duplicate()) {
      Objects.requireNonNull(transitions.get(recorded.transition().state())).increment();
    }
  }

  @Override
  public void onStackDeletion(StackId stack) {
    acknowledged.apply(stack).remove(stack);
  }
}
