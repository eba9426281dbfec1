package dev.runhook.embedded;

import dev.runhook.application.run.JournalObserver;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.domain.run.RunState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// Counts the transitions that a journal records. Duplicates are not counted.
public final class TransitionMetrics implements JournalObserver {
  private final Map<RunState, Counter> transitions = new EnumMap<>(RunState.class);

  public TransitionMetrics(MeterRegistry registry) {
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
    if (!recorded.duplicate()) {
      Objects.requireNonNull(transitions.get(recorded.transition().state())).increment();
    }
  }
}
