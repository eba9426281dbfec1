package dev.runhook.bootstrap.observe;

import dev.runhook.application.run.JournalObserver;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.domain.run.StackId;
import java.util.function.Function;

/// Remembers the latest transitions that a journal has recorded.
///
/// @param acknowledged returns those of the database that has the stack
public record AcknowledgementObserver(Function<StackId, AcknowledgedTransitions> acknowledged)
    implements JournalObserver {
  @Override
  public void onRecorded(Recorded recorded) {
    acknowledged.apply(recorded.run().id().stack()).add(recorded);
  }

  @Override
  public void onStackDeletion(StackId stack) {
    acknowledged.apply(stack).remove(stack);
  }
}
