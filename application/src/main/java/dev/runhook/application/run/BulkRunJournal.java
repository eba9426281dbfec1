package dev.runhook.application.run;

import dev.runhook.application.RefusedException;
import dev.runhook.domain.run.TransitionReport;
import java.util.List;

/// For systems that have much to report at once.
public interface BulkRunJournal {
  /// Reports into that journal: together where it is a bulk journal as well, as the one of
  /// [RunJournal#using] is, else one by one. What wraps a journal has to be both, or it parts what
  /// came together.
  static BulkRunJournal over(RunJournal journal) {
    return journal instanceof BulkRunJournal together
        ? together
        : reports ->
            reports.stream().map(transitionReport -> entry(journal, transitionReport)).toList();
  }

  /// Records each as [RunJournal#record(Report)] does, in their order, and says in that order what
  /// became of each: one that is refused harms no other. They share transactions, but not one:
  /// where the store fails, some may be recorded and others not, and each entry tells.
  List<RecordResult> recordAll(List<TransitionReport> reports);

  private static RecordResult entry(RunJournal journal, TransitionReport transitionReport) {
    try {
      return new RecordResult.Accepted(journal.record(transitionReport));
    } catch (RefusedException e) {
      return new RecordResult.Rejected(e.refusal());
    } catch (RuntimeException e) {
      return new RecordResult.Failed(e);
    }
  }
}
