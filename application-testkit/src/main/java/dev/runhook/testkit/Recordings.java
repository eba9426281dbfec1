package dev.runhook.testkit;

import dev.runhook.application.spi.Recording;
import dev.runhook.application.spi.Recording.RenderedEvent;
import dev.runhook.application.spi.Recording.SkippedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.run.Run;
import java.util.Collection;
import java.util.List;

/// Recordings of one kind of row. A test that needs a row of another kind has recorded it before.
public final class Recordings {
  private Recordings() {}

  public static Recording ofRuns(Collection<Run> changed) {
    return new Recording(changed, List.of(), List.of(), List.of());
  }

  public static Recording ofEvents(List<RenderedEvent> events) {
    return new Recording(List.of(), events, List.of(), List.of());
  }

  public static Recording ofSkipped(List<SkippedDelivery> skipped) {
    return new Recording(List.of(), List.of(), skipped, List.of());
  }

  /// The last notified versions stay as they are.
  public static Recording ofDeliveries(List<NewDelivery> deliveries) {
    return new Recording(List.of(), List.of(), List.of(), deliveries);
  }
}
