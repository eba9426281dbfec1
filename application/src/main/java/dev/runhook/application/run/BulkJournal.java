package dev.runhook.application.run;

import dev.runhook.application.RefusedException;
import dev.runhook.domain.run.Report;
import java.util.List;

/// For systems that have much to report at once.
public interface BulkJournal {
  /// Reports into that journal: together where it is a bulk journal as well, as the one of
  /// [RunJournal#using] is, else one by one. What wraps a journal has to be both, or it parts what
  /// came together.
  static BulkJournal over(RunJournal journal) {
    return journal instanceof BulkJournal together
        ? together
        : reports -> reports.stream().map(report -> entry(journal, report)).toList();
  }

  /// Records each as [RunJournal#record(Report)] does, in their order, and says in that order what
  /// became of each: one that is refused harms no other. They share transactions, but not one:
  /// where the store fails, some may be recorded and others not, and each entry tells.
  List<Entry> record(List<Report> reports);

  private static Entry entry(RunJournal journal, Report report) {
    try {
      return new Entry.Kept(journal.record(report));
    } catch (RefusedException e) {
      return new Entry.Declined(e.refusal());
    } catch (RuntimeException e) {
      return new Entry.Failed(e);
    }
  }
}
