package dev.runhook.bench.work;

import dev.runhook.application.outbox.Intake;
import dev.runhook.application.run.BulkJournal;
import dev.runhook.application.run.Entry;
import dev.runhook.application.run.RunJournal;
import dev.runhook.outbound.JsonPayloadRenderer;
import dev.runhook.persistence.JdbiTransactor;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/// Records reports as a process does that does not send: all of it waits to be claimed.
public final class Backlog {
  private static final int AT_ONCE = 500;

  private final World world;
  private final BulkJournal journal;

  public Backlog(World world, DataSource database) {
    this.world = world;
    this.journal =
        BulkJournal.over(
            RunJournal.using(
                new JdbiTransactor(database),
                new RunJournal.Recorder(
                    new JsonPayloadRenderer(), new Ids(), InstantSource.system()),
                Intake.none(),
                Runnable::run));
  }

  public void make(int count) {
    for (int from = 0; from < count; from += AT_ONCE) {
      List<Entry> entries =
          journal.record(
              IntStream.range(from, Math.min(count, from + AT_ONCE))
                  .mapToObj(world::report)
                  .toList());
      entries.forEach(Entry::orThrow);
    }
  }
}
