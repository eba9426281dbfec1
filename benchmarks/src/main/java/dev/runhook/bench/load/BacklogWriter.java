package dev.runhook.bench.load;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RecordResult;
import dev.runhook.application.run.RunJournal;
import dev.runhook.embedded.UuidV7IdGenerator;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.persistence.JdbiTransactor;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/// Records reports without handing them to a dispatcher, so that every delivery must be claimed.
public final class BacklogWriter {
  private static final int BATCH = 500;

  private final Dataset dataset;
  private final RunJournal journal;

  public BacklogWriter(Dataset dataset, DataSource database) {
    this.dataset = dataset;
    this.journal =
        new RunJournal(
            new JdbiTransactor(database),
            new JournalDependencies(
                new JsonPayloadRenderer(), new UuidV7IdGenerator(), InstantSource.system()),
            DispatchHandoff.none(),
            Runnable::run);
  }

  public void write(int count) {
    for (int from = 0; from < count; from += BATCH) {
      List<RecordResult> results =
          journal.recordAll(
              IntStream.range(from, Math.min(count, from + BATCH))
                  .mapToObj(dataset::report)
                  .toList());
      results.forEach(RecordResult::orThrow);
    }
  }
}
