package dev.runhook.testkit;

import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.JournalEntry.SkippedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.run.Run;
import java.util.Collection;
import java.util.List;

/// Entries with one kind of row. A test that needs a row of another kind has recorded it before.
public final class JournalEntries {
  private JournalEntries() {}

  public static JournalEntry ofRuns(Collection<Run> changed) {
    return new JournalEntry(changed, List.of(), List.of(), List.of());
  }

  public static JournalEntry ofEvents(List<RenderedEvent> events) {
    return new JournalEntry(List.of(), events, List.of(), List.of());
  }

  public static JournalEntry ofSkipped(List<SkippedDelivery> skipped) {
    return new JournalEntry(List.of(), List.of(), skipped, List.of());
  }

  /// The last notified versions stay as they are.
  public static JournalEntry ofDeliveries(List<NewDelivery> deliveries) {
    return new JournalEntry(List.of(), List.of(), List.of(), deliveries);
  }
}
