package dev.runhook.application.spi;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;

/// Renders events to the bytes that receivers get. Called once for each event, by many threads.
public interface PayloadRenderer {
  /// The bytes of this event; always the same for the same event.
  Payload render(Event event);
}
