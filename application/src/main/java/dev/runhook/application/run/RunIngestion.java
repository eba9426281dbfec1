package dev.runhook.application.run;

import dev.runhook.application.refusal.Refusal.NoSuchRun;
import dev.runhook.application.refusal.Refusal.NoSuchStack;
import dev.runhook.application.refusal.Refusal.PreconditionFailed;
import dev.runhook.application.refusal.Refusal.RunConflict;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.run.RecordResult.Rejected;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.Stack;
import java.util.List;
import java.util.Optional;

/// Records the runs of another platform, whose notifications are sent without regard to what was
/// recorded before: they can be repeated, late or missing. Thread-safe.
public final class RunIngestion {
  private final RunJournal journal;

  public RunIngestion(RunJournal journal) {
    this.journal = journal;
  }

  /// Records a state of a run. Creates the run if this is its first notification, and the stack if
  /// it does not exist. An existing stack is not changed.
  ///
  /// A repeated or late notification is detected by its `stateVersion`. Without one, each
  /// notification is a new transition.
  ///
  /// @param run what the notification says: the run, and the state that it has entered
  public RecordResult record(Stack stack, NewRun run) {
    RecordResult result = transition(run);
    if (result instanceof Rejected(NoSuchStack ignored)) {
      register(stack);
      return start(run);
    }
    return result instanceof Rejected(NoSuchRun ignored) ? start(run) : result;
  }

  private RecordResult transition(NewRun run) {
    return journal.recordAll(List.of(run.firstReport())).getFirst();
  }

  private void register(Stack stack) {
    try {
      journal.register(stack, Optional::isEmpty);
    } catch (RefusedException e) {
      if (!(e.refusal() instanceof PreconditionFailed)) {
        throw e;
      }
      // another notification has created it
    }
  }

  private RecordResult start(NewRun run) {
    try {
      return journal.start(run);
    } catch (RefusedException e) {
      if (e.refusal() instanceof RunConflict) {
        return transition(run); // another notification has created it
      }
      throw e;
    }
  }
}
