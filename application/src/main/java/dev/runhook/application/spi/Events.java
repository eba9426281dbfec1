package dev.runhook.application.spi;

import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import java.util.Collection;
import java.util.List;

/// What was told, or would have been: events with the bytes they were rendered to, and why a
/// webhook did not hear of one.
public interface Events {
  /// Adds events; their bytes never change.
  void add(Collection<RenderedEvent> events);

  /// Keeps why webhooks did not hear of events.
  void addSkips(Collection<SkippedDelivery> skips);

  List<SkippedDelivery> skips(EventId event);

  /// All that webhooks did not hear of a run, by version.
  List<SkippedTransition> skips(RunId run);
}
