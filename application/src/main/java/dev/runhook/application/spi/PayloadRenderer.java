package dev.runhook.application.spi;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;

/// Renders events to the bytes that receivers get. Thread-safe.
public interface PayloadRenderer {
  /// Returns the `application/json` body for the event, and the same body for the same event.
  /// Called once, in the transaction that records the event; an exception rolls it back.
  Payload render(Event event);
}
